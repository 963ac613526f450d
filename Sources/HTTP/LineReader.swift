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

    // Eight bytes at a time: the lowest bit of the mask marks the first byte below 0x20, or 0x7F.
    private mutating func scanForLineFeed(_ bytes: Span<UInt8>) -> Int? {
        let words = unsafe bytes.bytes
        var index = scanned
        while index < bytes.count {
            if index + 8 <= bytes.count {
                let word = unsafe words.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: index, as: UInt64.self)
                let mask = Self.controlMask(UInt64(littleEndian: word))
                if mask == 0 {
                    index += 8
                    continue
                }
                index += mask.trailingZeroBitCount / 8
            }
            let byte = bytes[index]
            if byte == .lineFeed {
                scanned = index + 1
                return index
            }
            if !byte.isFieldValueByte, firstControl == nil { firstControl = index }
            index += 1
        }
        scanned = index
        return nil
    }

    @inline(__always)
    private static func controlMask(_ word: UInt64) -> UInt64 {
        let high: UInt64 = 0x8080_8080_8080_8080
        let below = (word &- 0x2020_2020_2020_2020) & ~word
        let delete = word ^ 0x7F7F_7F7F_7F7F_7F7F
        return (below | ((delete &- 0x0101_0101_0101_0101) & ~delete)) & high
    }
}
