/// Writes access-log entries as lines of JSON.
package struct AccessLogFormatter: Sendable {
    private var timestamp = LogTimestamp()

    /// The longest line: nine texts of which every byte is escaped, and 1 KiB for names and numbers.
    static let lineLimit = 9 * LogEncoding.quotedLength(limit: LogEncoding.textLimit) + 1024

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
        LogEncoding.append(",\"client\":", entry.clientAddress, to: &line)
        LogEncoding.append(",\"server\":", entry.server, to: &line)
        LogEncoding.append(",\"method\":", entry.method, to: &line)
        Self.append(path: entry.path, to: &line)
        LogEncoding.append(",\"mcp_method\":", entry.mcpMethod, to: &line)
        LogEncoding.append(",\"mcp_target\":", entry.mcpTarget, to: &line)
        LogEncoding.append(",\"subject\":", entry.subject, to: &line)
        LogEncoding.append(",\"client_id\":", entry.clientID, to: &line)
        LogEncoding.append(",\"decision\":", literal: entry.decision?.label, to: &line)
        LogEncoding.append(",\"reason\":", entry.reason, to: &line)
        LogEncoding.append(",\"status\":", entry.status, to: &line)
        LogEncoding.append(",\"upstream_status\":", entry.upstreamStatus, to: &line)
        LogEncoding.append(",\"bytes_in\":", entry.bytesIn, to: &line)
        LogEncoding.append(",\"bytes_out\":", entry.bytesOut, to: &line)
        LogEncoding.append(",\"duration_us\":", entry.durationMicroseconds, to: &line)
        LogEncoding.append("}\n", to: &line)
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
                quoted: bytes.extracting(..<end), limit: LogEncoding.textLimit, to: &line)
        }
    }

    private static func isEndOfPath(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }
}
