/// Finds the lines of a head or of a chunk's framing in bytes that may still be growing, RFC 9112
/// §2.2.
///
/// A line ends at its first LF, and it is judged only when it is complete or too long: so every
/// division of the input finds the same deviation. Offsets count from the first byte of what is
/// read.
struct LineReader<Violation: MessageViolation>: Sendable {
    /// Where the next line begins.
    private(set) var position = 0
    private var scanned = 0
    private var firstControl: Int?

    /// The next complete line without its CRLF, or nil if there is none yet; `bytes` only ever
    /// grows.
    ///
    /// - Throws: `tooLong` beyond `limit` bytes, else the deviation of the line's bytes.
    mutating func nextLine(
        _ bytes: Span<UInt8>, limit: Int, tooLong: Violation
    ) throws(Violation) -> Range<Int>? {
        if let line = try wholeLine(bytes, limit: limit, tooLong: tooLong) { return line }
        let lineFeed = scanForLineFeed(bytes)
        // The CR is not counted, whether it has come or not.
        if (lineFeed ?? bytes.count) - position > limit + 1 { throw tooLong }
        guard let lineFeed else { return nil }
        let end = lineFeed - 1
        if let firstControl, firstControl != end || bytes[end] != .carriageReturn {
            throw Self.deviation(of: bytes[firstControl])
        }
        // RFC 9112 §2.2 — a recipient MAY take a lone LF for a line's end; others do not, so it is
        // refused.
        if firstControl == nil { throw .bareLineFeed }
        let line = position..<end
        position = lineFeed + 1
        firstControl = nil
        return line
    }

    /// The next line if it is an ordinary one: text, CRLF, and all of it there.
    @inline(__always)
    private mutating func wholeLine(
        _ bytes: Span<UInt8>, limit: Int, tooLong: Violation
    ) throws(Violation) -> Range<Int>? {
        let end = bytes.firstControl(from: scanned)
        guard firstControl == nil, end &+ 1 < bytes.count, bytes[end] == .carriageReturn,
            bytes[end &+ 1] == .lineFeed
        else { return nil }
        let start = position
        if end &- start > limit { throw tooLong }
        position = end &+ 2
        scanned = position
        return start..<end
    }

    private static func deviation(of byte: UInt8) -> Violation {
        switch byte {
        // RFC 9112 §2.2 — a bare CR is invalid, and not replaced by SP, which would make a second
        // reading.
        case .carriageReturn: .bareCarriageReturn
        // RFC 9110 §5.5 — CR, LF and NUL are dangerous, other control characters invalid.
        case 0: .nulByte
        default: .controlByte
        }
    }

    private mutating func scanForLineFeed(_ bytes: Span<UInt8>) -> Int? {
        var index = scanned
        while true {
            index = bytes.firstControl(from: index)
            guard index < bytes.count else { break }
            let byte = bytes[index]
            index &+= 1
            if byte == .lineFeed {
                scanned = index
                return index &- 1
            }
            if byte != .tab, firstControl == nil { firstControl = index &- 1 }
        }
        scanned = index
        return nil
    }
}
