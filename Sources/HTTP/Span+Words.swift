// Bytes read eight at a time; the first byte of a word is its lowest.

extension UInt64 {
    /// A word of eight equal bytes.
    @inline(__always)
    init(repeating byte: UInt8) { self = UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// The highest bit of each byte.
    @inline(__always)
    private static var highBits: UInt64 { UInt64(repeating: 0x80) }

    /// A word that has the highest bit of each control byte and of each byte that is not ASCII.
    ///
    /// Neither a carry nor a borrow comes from a byte that has no such mark itself: the lowest mark
    /// is exact, and a word without marks has none of these bytes.
    @inline(__always)
    var markedControls: UInt64 {
        ((self &- UInt64(repeating: 0x20)) | (self &+ UInt64(repeating: 0x01))) & Self.highBits
    }

    /// A word that has the highest bit of each byte that is zero; the lowest mark is exact.
    @inline(__always)
    var markedZeros: UInt64 { (self &- UInt64(repeating: 0x01)) & ~self & Self.highBits }

    /// The bit that tells the cases apart, for each byte that is a lower-case letter.
    ///
    /// - Precondition: all bytes are ASCII.
    @inline(__always)
    var caseBits: UInt64 {
        let fromA = self &+ UInt64(repeating: 0x80 - UInt8(ascii: "a"))
        let beyondZ = self &+ UInt64(repeating: 0x7F - UInt8(ascii: "z"))
        return (fromA & ~beyondZ & Self.highBits) >> 2
    }

    /// The place, 0 to 7, of the byte of the lowest mark.
    @inline(__always)
    var lowestMark: Int { trailingZeroBitCount >> 3 }
}

extension Span<UInt8> {
    /// The eight bytes from `offset` on.
    ///
    /// - Precondition: they lie in the span.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        assert(offset >= 0 && offset + 8 <= count)
        return UInt64(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(
                fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// The four bytes from `offset` on, the first in the lowest place.
    @inline(__always)
    private func half(at offset: Int) -> UInt64 {
        assert(offset >= 0 && offset + 4 <= count)
        return UInt64(
            UInt32(
                littleEndian: unsafe bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: offset, as: UInt32.self)))
    }

    /// All bytes as one word, filled up with zeros; parts of it are read twice.
    ///
    /// - Precondition: there are at most seven.
    @inline(__always)
    var shortWord: UInt64 {
        if count >= 4 {
            return half(at: 0) | half(at: count &- 4) << UInt64((count &- 4) &* 8)
        }
        guard count > 0 else { return 0 }
        let middle = count / 2
        return UInt64(self[0]) | UInt64(self[middle]) << UInt64(middle &* 8)
            | UInt64(self[count &- 1]) << UInt64((count &- 1) &* 8)
    }

    /// The offset of the first `byte` in `range`, or the end of the range.
    @inline(__always)
    func first(_ byte: UInt8, in range: Range<Int>) -> Int {
        let end = Swift.min(range.upperBound, count)
        let pattern = UInt64(repeating: byte)
        var index = range.lowerBound
        while index &+ 8 <= end {
            let found = (word(at: index) ^ pattern).markedZeros
            if found != 0 { return index &+ found.lowestMark }
            index &+= 8
        }
        while index < end, self[index] != byte { index &+= 1 }
        return index
    }

    /// The offset of the first byte at or after `start` that is a control byte, HTAB included, or
    /// the end.
    @inline(__always)
    func firstControl(from start: Int) -> Int {
        var index = start
        while index &+ 8 <= count {
            let marks = word(at: index).markedControls
            guard marks != 0 else {
                index &+= 8
                if index &- start >= 32 { skipText(&index) }
                continue
            }
            index &+= marks.lowestMark
            if self[index] < 0x80 { return index }
            index &+= 1
        }
        while index < count, self[index] >= 0x20, self[index] != 0x7F { index &+= 1 }
        return index
    }

    /// Moves on by 32 bytes at a time while all of them are ASCII without control bytes.
    @inline(__always)
    private func skipText(_ index: inout Int) {
        while index &+ 32 <= count {
            let marks =
                word(at: index).markedControls | word(at: index &+ 8).markedControls
                | word(at: index &+ 16).markedControls | word(at: index &+ 24).markedControls
            if marks != 0 { return }
            index &+= 32
        }
    }

    /// Whether these bytes are those of `literal`.
    @inline(__always)
    func equals(_ literal: StaticString) -> Bool {
        literal.withUTF8Buffer { other in
            let other = unsafe other.span
            return count == other.count
                && allWords(with: other) { word, expected in word == expected }
        }
    }

    /// Whether these bytes are those of `other`.
    @inline(__always)
    func equals(_ other: Span<UInt8>) -> Bool {
        count == other.count && allWords(with: other) { word, expected in word == expected }
    }

    /// Whether these bytes are those of `lowercase`, ASCII letters of either case being equal.
    ///
    /// - Precondition: `lowercase` is ASCII without upper-case letters.
    @inline(__always)
    func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        lowercase.withUTF8Buffer { other in
            let other = unsafe other.span
            return count == other.count
                && allWords(with: other) { word, expected in
                    (word ^ expected) & ~expected.caseBits == 0
                }
        }
    }

    /// Whether `matches` holds for every word of these bytes and the same of `other`; the last word
    /// overlaps the one before it, or is filled up with zeros when it is the only one.
    ///
    /// - Precondition: both have the same length.
    @inline(__always)
    private func allWords(
        with other: Span<UInt8>, _ matches: (UInt64, UInt64) -> Bool
    ) -> Bool {
        guard count >= 8 else { return matches(shortWord, other.shortWord) }
        var index = 0
        while index &+ 8 < count {
            if !matches(word(at: index), other.word(at: index)) { return false }
            index &+= 8
        }
        return matches(word(at: count &- 8), other.word(at: count &- 8))
    }
}
