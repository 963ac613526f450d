extension UInt8 {
    /// The lower-case letter of an upper-case one of ASCII; any other byte itself.
    var asciiLowercased: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

extension Span<UInt8> {
    /// Whether every byte is ASCII.
    var isASCII: Bool {
        var all: UInt8 = 0
        for index in indices { all |= self[index] }
        return all < 0x80
    }

    /// How many bytes stand before the first NUL: the length for a reader in C.
    var lengthInC: Int {
        for index in indices where self[index] == 0 { return index }
        return count
    }

    var containsBackslash: Bool {
        for index in indices where self[index] == UInt8(ascii: "\\") { return true }
        return false
    }

    /// Whether the bytes are the first of `other`, which has as many at least.
    func equals(_ other: Span<UInt8>) -> Bool {
        var index = 0
        while index &+ 8 <= count {
            if word(at: index) != other.word(at: index) { return false }
            index &+= 8
        }
        while index < count {
            if self[index] != other[index] { return false }
            index &+= 1
        }
        return true
    }

    /// The eight bytes from `offset` on.
    func word(at offset: Int) -> UInt64 {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// Whether the first bytes are those of `prefix`.
    func begins(with prefix: StaticString) -> Bool {
        count >= prefix.utf8CodeUnitCount
            && prefix.withUTF8Buffer { unsafe $0.span.equals(self) }
    }

    /// Whether the name is `folded` once case is disregarded.
    ///
    /// Beside ASCII these letters fold onto ASCII: U+017F onto s and U+212A onto k by Unicode's
    /// simple folding, U+0130 and U+0131 onto i in libraries that compare letter by letter.
    func folds(onto folded: Span<UInt8>) -> Bool {
        var position = 0
        for index in folded.indices {
            guard position < count else { return false }
            if self[position].asciiLowercased == folded[index] {
                position += 1
                continue
            }
            let length = lookalikeLength(of: folded[index], at: position)
            guard length > 0 else { return false }
            position += length
        }
        return position == count
    }

    /// The bytes of the letter at `position` if it may be taken for `letter`, else zero.
    private func lookalikeLength(of letter: UInt8, at position: Int) -> Int {
        guard position + 1 < count else { return 0 }
        switch (letter, self[position], self[position + 1]) {
        case (UInt8(ascii: "s"), 0xC5, 0xBF): return 2
        case (UInt8(ascii: "i"), 0xC4, 0xB0), (UInt8(ascii: "i"), 0xC4, 0xB1): return 2
        case (UInt8(ascii: "k"), 0xE2, 0x84):
            return position + 2 < count && self[position + 2] == 0xAA ? 3 : 0
        default: return 0
        }
    }
}
