/// Writes access-log entries as lines of JSON.
package struct AccessLogFormatter: Sendable {
    private var timestamp = LogTimestamp()

    /// The longest text member, in bytes before escaping.
    package static let textLimit = 256
    /// The longest line: nine texts of which every byte is escaped, and 1 KiB for names and numbers.
    static let lineLimit = 9 * LogEncoding.quotedLength(limit: textLimit) + 1024

    /// A formatter for one loop.
    package init() {}

    /// Appends one line, its line feed included.
    package mutating func append(_ entry: consuming AccessLogEntry, to line: inout [UInt8]) {
        line.append(addingCapacity: Self.lineLimit) { append(entry, to: &$0) }
    }

    private mutating func append(
        _ entry: AccessLogEntry, to line: inout OutputSpan<UInt8>
    ) {
        LogEncoding.append("{\"time\":\"", to: &line)
        timestamp.append(timeMilliseconds: entry.timeMilliseconds, to: &line)
        LogEncoding.append("\",\"request_id\":\"", to: &line)
        entry.requestID.append(to: &line)
        line.append(UInt8(ascii: "\""))
        Self.append(",\"client\":", entry.clientAddress, to: &line)
        Self.append(",\"server\":", entry.server, to: &line)
        Self.append(",\"method\":", entry.method, to: &line)
        Self.append(path: entry.path, to: &line)
        Self.append(",\"mcp_method\":", entry.mcpMethod, to: &line)
        Self.append(",\"mcp_target\":", entry.mcpTarget, to: &line)
        Self.append(",\"subject\":", entry.subject, to: &line)
        Self.append(",\"client_id\":", entry.clientID, to: &line)
        if let decision = entry.decision {
            LogEncoding.append(",\"decision\":\"", to: &line)
            LogEncoding.append(decision.label, to: &line)
            line.append(UInt8(ascii: "\""))
        }
        Self.append(",\"reason\":", entry.reason, to: &line)
        Self.append(",\"status\":", entry.status, to: &line)
        Self.append(",\"upstream_status\":", entry.upstreamStatus, to: &line)
        Self.append(",\"bytes_in\":", entry.bytesIn, to: &line)
        Self.append(",\"bytes_out\":", entry.bytesOut, to: &line)
        Self.append(",\"duration_us\":", entry.durationMicroseconds, to: &line)
        LogEncoding.append("}\n", to: &line)
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

    /// A query may carry a token (RFC 6750 §2.3), so none is written even if a caller hands one over.
    @inline(__always)
    private static func append(path: LogText?, to line: inout OutputSpan<UInt8>) {
        guard let path else { return }
        LogEncoding.append(",\"path\":", to: &line)
        unsafe path.withBytes { bytes in
            var end = 0
            while end < bytes.count, unsafe !isEndOfPath(bytes[end]) { end += 1 }
            unsafe LogEncoding.append(
                quoted: bytes.extracting(..<end), limit: textLimit, to: &line)
        }
    }

    private static func isEndOfPath(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }
}
