/// Writes the lines of the audit log.
struct AuditFormatter: Sendable {
    private var timestamp = LogTimestamp()

    /// The longest text member, in bytes before escaping.
    static let textLimit = 256
    /// The longest line: texts of which every byte is escaped, and 1 KiB for names and numbers.
    static let lineLimit = 20 * LogEncoding.quotedLength(limit: textLimit) + 1024

    /// Appends one line, its line feed included; `chain` and `sequence` are its place.
    mutating func append(
        _ entry: AuditEntry, chain: String, sequence: Int64, to line: inout [UInt8]
    ) {
        line.append(addingCapacity: Self.lineLimit) {
            append(entry, chain: chain, sequence: sequence, to: &$0)
        }
    }

    private mutating func append(
        _ entry: AuditEntry, chain: String, sequence: Int64, to line: inout OutputSpan<UInt8>
    ) {
        LogEncoding.append("{\"chain\":", to: &line)
        LogEncoding.append(quoted: .string(chain), limit: Self.textLimit, to: &line)
        LogEncoding.append(",\"seq\":", to: &line)
        LogEncoding.append(Int(sequence), to: &line)
        LogEncoding.append(",\"time\":\"", to: &line)
        timestamp.append(timeMilliseconds: entry.timeMilliseconds, to: &line)
        LogEncoding.append("\",\"event\":\"", to: &line)
        LogEncoding.append(entry.event.label, to: &line)
        line.append(UInt8(ascii: "\""))
        if let requestID = entry.requestID {
            LogEncoding.append(",\"request_id\":\"", to: &line)
            requestID.append(to: &line)
            line.append(UInt8(ascii: "\""))
        }
        Self.appendPrincipal(entry, to: &line)
        Self.append(",\"server\":", entry.server, to: &line)
        Self.append(",\"method\":", entry.method, to: &line)
        Self.append(",\"target\":", entry.target, to: &line)
        if let decision = entry.decision {
            LogEncoding.append(",\"decision\":\"", to: &line)
            LogEncoding.append(decision, to: &line)
            line.append(UInt8(ascii: "\""))
        }
        Self.append(",\"rule\":", entry.rule, to: &line)
        Self.append(",\"scope\":", entry.scope, to: &line)
        if let other = entry.otherScope { Self.append(other.name.label, other.scope, to: &line) }
        Self.append(",\"grant_id\":", entry.grantID, to: &line)
        Self.append(",\"token_id\":", entry.tokenID, to: &line)
        if entry.isObserved { LogEncoding.append(",\"observed\":true", to: &line) }
        Self.append(",\"reason\":", entry.reason, to: &line)
        Self.appendNumbers(entry, to: &line)
        LogEncoding.append("}\n", to: &line)
    }

    @inline(__always)
    private static func appendPrincipal(_ entry: AuditEntry, to line: inout OutputSpan<UInt8>) {
        append(",\"client\":", entry.clientAddress, to: &line)
        append(",\"issuer\":", entry.issuer, to: &line)
        append(",\"subject\":", entry.subject, to: &line)
        append(",\"client_id\":", entry.clientID, to: &line)
        append(",\"source\":", entry.source, to: &line)
        append(",\"user\":", entry.userName, to: &line)
        append(",\"action\":", entry.action, to: &line)
        append(",\"unix_user\":", entry.unixUser, to: &line)
        append(",\"sudo_user\":", entry.sudoUser, to: &line)
    }

    @inline(__always)
    private static func appendNumbers(_ entry: AuditEntry, to line: inout OutputSpan<UInt8>) {
        append(",\"status\":", entry.status, to: &line)
        append(",\"upstream_status\":", entry.upstreamStatus, to: &line)
        append(",\"latency_us\":", entry.latencyMicroseconds, to: &line)
        append(",\"refused\":", entry.refusedCount, to: &line)
        append(",\"lost\":", entry.lostCount, to: &line)
    }

    @inline(__always)
    private static func append(
        _ name: StaticString, _ text: LogText?, to line: inout OutputSpan<UInt8>
    ) {
        guard let text else { return }
        LogEncoding.append(name, to: &line)
        LogEncoding.append(quoted: text, limit: textLimit, to: &line)
    }

    @inline(__always)
    private static func append(
        _ name: StaticString, _ number: Int?, to line: inout OutputSpan<UInt8>
    ) {
        guard let number else { return }
        LogEncoding.append(name, to: &line)
        LogEncoding.append(number, to: &line)
    }
}
