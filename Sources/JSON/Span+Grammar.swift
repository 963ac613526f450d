/// The productions of RFC 8259 that need no memory: each says where it ends.
extension Span<UInt8> {
    /// The first byte at or after `start` that is no whitespace (RFC 8259 §2).
    @inline(__always)
    func endOfWhitespace(from start: Int) -> Int {
        var end = start
        while end < count, self[end] <= ASCII.space {
            switch self[end] {
            case ASCII.space, ASCII.lineFeed, ASCII.carriageReturn, ASCII.tab: end += 1
            default: return end
            }
        }
        return end
    }

    /// Where the number that begins at `start` ends, and whether it is all digits and sign
    /// (RFC 8259 §6).
    @inline(__always)
    func endOfNumber(from start: Int) throws(JSONViolation) -> (end: Int, isInteger: Bool) {
        var end = self[start] == ASCII.minus ? start + 1 : start
        let first = end
        end = try endOfDigits(from: first)
        if self[first] == ASCII.zero, end > first + 1 { throw .leadingZero(offset: first) }
        guard end < count else { return (end, true) }
        // `e` and `E` differ in one bit.
        guard self[end] == ASCII.decimalPoint || self[end] | 0x20 == 0x65 else {
            return (end, true)
        }
        return (try endOfFractionAndExponent(from: end), false)
    }

    /// Where one or more digits end.
    @inline(__always)
    private func endOfDigits(from start: Int) throws(JSONViolation) -> Int {
        var end = start
        while end < count, self[end] &- ASCII.zero <= 9 { end += 1 }
        guard end > start else { throw .digitExpected(offset: start) }
        return end
    }

    private func endOfFractionAndExponent(from start: Int) throws(JSONViolation) -> Int {
        var end = start
        if self[end] == ASCII.decimalPoint { end = try endOfDigits(from: end + 1) }
        guard end < count, self[end] | 0x20 == 0x65 else { return end }
        end += 1
        if end < count, self[end] == ASCII.plus || self[end] == ASCII.minus { end += 1 }
        return try endOfDigits(from: end)
    }

    /// Where the literal name that begins at `start` ends, and which it is (RFC 8259 §3).
    @inline(__always)
    func endOfLiteral(from start: Int) throws(JSONViolation) -> (end: Int, tag: JSONNode.Tag) {
        switch self[start] {
        case UInt8(ascii: "t"):
            (try end(of: "true", at: start), .true)
        case UInt8(ascii: "f"):
            (try end(of: "false", at: start), .false)
        case UInt8(ascii: "n"):
            (try end(of: "null", at: start), .null)
        default:
            throw .valueExpected(offset: start)
        }
    }

    private func end(of literal: StaticString, at start: Int) throws(JSONViolation) -> Int {
        let end = start + literal.utf8CodeUnitCount
        guard end <= count, equals(literal, in: start..<end) else {
            throw .misspelledLiteral(offset: start)
        }
        return end
    }
}
