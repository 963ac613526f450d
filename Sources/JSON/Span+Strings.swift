/// Strings (RFC 8259 §7), eight or thirty-two bytes at a time where they are plain.
extension Span<UInt8> {
    /// Where the string whose quotation mark stands at `start` ends, after its closing mark.
    @inline(__always)
    func endOfString(from start: Int) throws(JSONViolation) -> (end: Int, isEscaped: Bool) {
        var end = start + 1
        while end &+ 8 <= count {
            let special = word(at: end).specialBytes
            if special != 0 {
                end &+= special.trailingZeroBitCount >> 3
                if self[end] == ASCII.quotationMark { return (end + 1, false) }
                break
            }
            end &+= 8
            if end &- start > 24 { break }
        }
        return try endOfAnyString(from: start, resumingAt: end)
    }

    /// The same for a string of any content, of which the bytes before `next` are plain.
    @inline(never)
    private func endOfAnyString(
        from start: Int, resumingAt next: Int
    ) throws(JSONViolation) -> (end: Int, isEscaped: Bool) {
        var end = next
        var isEscaped = false
        while true {
            end = endOfPlainBytes(from: end)
            guard end < count else { throw .unterminatedString(offset: start) }
            switch self[end] {
            case ASCII.quotationMark:
                return (end + 1, isEscaped)
            case ASCII.backslash:
                isEscaped = true
                end = try endOfEscape(from: end)
            case 0x80...:
                repeat {
                    end = try endOfUTF8Sequence(from: end)
                } while end < count
                    && self[end] >= 0x80
            default:
                throw .controlCharacter(offset: end)
            }
        }
    }

    /// The first byte at or after `start` that is not a plain ASCII character of a string.
    @inline(__always)
    private func endOfPlainBytes(from start: Int) -> Int {
        var end = start
        while end &+ 32 <= count {
            let special =
                word(at: end).markedSpecialBytes | word(at: end &+ 8).markedSpecialBytes
                | word(at: end &+ 16).markedSpecialBytes | word(at: end &+ 24).markedSpecialBytes
            if special & UInt64.highBits != 0 { break }
            end &+= 32
        }
        while end &+ 8 <= count {
            let special = word(at: end).specialBytes
            if special != 0 { return end &+ special.trailingZeroBitCount >> 3 }
            end &+= 8
        }
        while end < count, self[end].isPlain { end &+= 1 }
        return end
    }

    /// Where the escape whose backslash stands at `start` ends; a surrogate pair is one.
    private func endOfEscape(from start: Int) throws(JSONViolation) -> Int {
        guard start + 1 < count else { throw .invalidEscape(offset: start) }
        guard self[start + 1] == UInt8(ascii: "u") else {
            guard self[start + 1].escapedCharacter != nil else {
                throw .invalidEscape(offset: start)
            }
            return start + 2
        }
        guard let unit = hexadecimal(at: start + 2) else {
            throw .invalidUnicodeEscape(offset: start)
        }
        guard UTF16.isSurrogate(unit) else { return start + 6 }
        // RFC 8259 §8.2: half a pair has no meaning that all receivers share.
        guard UTF16.isLeadSurrogate(unit), start + 8 <= count,
            self[start + 6] == ASCII.backslash, self[start + 7] == UInt8(ascii: "u"),
            let trail = hexadecimal(at: start + 8), UTF16.isTrailSurrogate(trail)
        else { throw .loneSurrogate(offset: start) }
        return start + 12
    }

    /// The number that four hexadecimal digits at `start` stand for; nil if they are not that.
    func hexadecimal(at start: Int) -> UInt16? {
        guard start + 4 <= count else { return nil }
        var value: UInt16 = 0
        for offset in start..<start + 4 {
            let digit: UInt8
            switch self[offset] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = self[offset] - UInt8(ascii: "0")
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                digit = self[offset] - UInt8(ascii: "A") + 10
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                digit = self[offset] - UInt8(ascii: "a") + 10
            default: return nil
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    /// Where the sequence of two to four bytes that begins at `start` ends.
    ///
    /// The ranges are those of RFC 3629 §4: no overlong forms, no surrogates, nothing above
    /// U+10FFFF.
    @inline(__always)
    private func endOfUTF8Sequence(from start: Int) throws(JSONViolation) -> Int {
        let length: Int
        let second: ClosedRange<UInt8>
        switch self[start] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xE1...0xEC, 0xEE...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw .invalidUTF8(offset: start)
        }
        guard start + length <= count, second.contains(self[start + 1]) else {
            throw .invalidUTF8(offset: start)
        }
        for offset in start + 2..<start + length where self[offset] & 0xC0 != 0x80 {
            throw .invalidUTF8(offset: start)
        }
        return start + length
    }
}

extension UInt8 {
    /// Whether the byte stands in a string for itself and is ASCII (RFC 8259 §7, `unescaped`).
    @inline(__always)
    fileprivate var isPlain: Bool {
        self >= 0x20 && self < 0x80 && self != ASCII.quotationMark && self != ASCII.backslash
    }

    /// What the character means after a backslash, `u` apart; nil if nothing.
    var escapedCharacter: UInt8? {
        switch self {
        case ASCII.quotationMark, ASCII.backslash, UInt8(ascii: "/"): self
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): ASCII.lineFeed
        case UInt8(ascii: "r"): ASCII.carriageReturn
        case UInt8(ascii: "t"): ASCII.tab
        default: nil
        }
    }
}
