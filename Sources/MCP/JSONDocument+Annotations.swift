import JSON

extension JSONDocument {
    /// Whether a value's bytes may hold the keyword `x-mcp-header`: as it is, or spelled with an
    /// escape.
    func mayHoldAnnotation(in range: Range<Int>) -> Bool {
        let bytes = bytes
        return bytes.span.extracting(range).mayHoldAnnotation
    }
}

extension Span<UInt8> {
    private static var keyword: StaticString { "x-mcp-header" }

    /// Looks at eight bytes at a time for what the keyword or an escape begins with.
    fileprivate var mayHoldAnnotation: Bool {
        var offset = 0
        while offset &+ 8 <= count {
            let word = word(at: offset)
            if word.mayHold(UInt8(ascii: "x")) || word.mayHold(UInt8(ascii: "\\")) {
                for index in offset..<offset &+ 8 where beginsAnnotation(at: index) { return true }
            }
            offset &+= 8
        }
        for index in offset..<count where beginsAnnotation(at: index) { return true }
        return false
    }

    private func beginsAnnotation(at index: Int) -> Bool {
        switch self[index] {
        case UInt8(ascii: "x"):
            extracting(index..<count).begins(with: Self.keyword)
        case UInt8(ascii: "\\"):
            // RFC 8259 §7: letters have this one escape.
            index + 1 < count && self[index + 1] == UInt8(ascii: "u")
        default: false
        }
    }
}

extension UInt64 {
    /// Whether one of the eight bytes is that one, or may be: it is never missed.
    fileprivate func mayHold(_ byte: UInt8) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let difference = self ^ ones &* UInt64(byte)
        return (difference &- ones) & ~difference & (ones << 7) != 0
    }
}
