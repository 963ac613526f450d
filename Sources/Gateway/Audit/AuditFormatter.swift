/// Writes the lines of one chain of the audit log.
struct AuditFormatter: Sendable {
    /// What every line of the chain begins with.
    private let beginning: [UInt8]
    private var timestamp = LogTimestamp()

    /// The longest line: texts of which every byte is escaped, and 1 KiB for names and numbers.
    static let lineLimit = 20 * LogEncoding.quotedLength(limit: LogEncoding.textLimit) + 1024

    /// A formatter for the chain of that name, which is base64url.
    init(chain: String) {
        beginning = Array("{\"chain\":\"\(chain)\",\"seq\":".utf8)
    }

    /// Appends the line of that number, its line feed included.
    mutating func append(
        _ entry: borrowing AuditEntry, sequence: Int64, to line: inout [UInt8]
    ) {
        line.append(addingCapacity: Self.lineLimit) {
            append(entry, sequence: sequence, to: &$0)
        }
    }

    private mutating func append(
        _ entry: borrowing AuditEntry, sequence: Int64, to line: inout OutputSpan<UInt8>
    ) {
        line.append(copying: beginning)
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
        Self.appendActor(entry, to: &line)
        Self.appendDecision(entry, to: &line)
        LogEncoding.append(",\"status\":", entry.status, to: &line)
        LogEncoding.append(",\"upstream_status\":", entry.upstreamStatus, to: &line)
        LogEncoding.append(",\"latency_us\":", entry.latencyMicroseconds, to: &line)
        LogEncoding.append(",\"refused\":", entry.refusedCount, to: &line)
        LogEncoding.append(",\"lost\":", entry.lostCount, to: &line)
        LogEncoding.append("}\n", to: &line)
    }

    @inline(__always)
    private static func appendActor(
        _ entry: borrowing AuditEntry, to line: inout OutputSpan<UInt8>
    ) {
        LogEncoding.append(",\"client\":", entry.clientAddress, to: &line)
        line.append(copying: entry.principal)
        LogEncoding.append(",\"subject\":", entry.subject, to: &line)
        LogEncoding.append(",\"client_id\":", entry.clientID, to: &line)
        LogEncoding.append(",\"source\":", entry.source, to: &line)
        LogEncoding.append(",\"user\":", entry.userName, to: &line)
        LogEncoding.append(",\"action\":", entry.action, to: &line)
        LogEncoding.append(",\"unix_user\":", entry.unixUser, to: &line)
        LogEncoding.append(",\"sudo_user\":", entry.sudoUser, to: &line)
    }

    @inline(__always)
    private static func appendDecision(
        _ entry: borrowing AuditEntry, to line: inout OutputSpan<UInt8>
    ) {
        LogEncoding.append(",\"server\":", entry.server, to: &line)
        LogEncoding.append(",\"method\":", entry.method, to: &line)
        LogEncoding.append(",\"target\":", entry.target, to: &line)
        LogEncoding.append(",\"decision\":", literal: entry.decision, to: &line)
        LogEncoding.append(",\"rule\":", entry.rule, to: &line)
        LogEncoding.append(",\"scope\":", entry.scope, to: &line)
        if let other = entry.otherScope {
            LogEncoding.append(other.name.label, other.scope, to: &line)
        }
        LogEncoding.append(",\"grant_id\":", entry.grantID, to: &line)
        LogEncoding.append(",\"token_id\":", entry.tokenID, to: &line)
        if entry.isObserved { LogEncoding.append(",\"observed\":true", to: &line) }
        LogEncoding.append(",\"reason\":", entry.reason, to: &line)
    }
}
