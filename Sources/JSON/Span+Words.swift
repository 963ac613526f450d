/// Access to several bytes at once.
extension Span<UInt8> {
    /// The eight bytes from `offset` on, the first in the lowest place.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        UInt64(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The four bytes from `offset` on, the first in the lowest place.
    @inline(__always)
    private func half(at offset: Int) -> UInt32 {
        UInt32(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// A number that is the same for equal bytes and seldom the same for different ones.
    ///
    /// It sorts out what cannot be equal. It is not keyed: a peer can find bytes that collide, so
    /// nothing whose cost depends on collisions may be unbounded.
    @inline(__always)
    func fingerprint(of range: Range<Int>) -> UInt32 {
        let length = range.count
        var low: UInt64 = 0
        var high: UInt64 = 0
        if length >= 8 {
            low = word(at: range.lowerBound)
            high = word(at: range.upperBound - 8)
        } else if length >= 4 {
            low = UInt64(half(at: range.lowerBound))
            high = UInt64(half(at: range.upperBound - 4))
        } else if length > 0 {
            low = UInt64(self[range.lowerBound]) | UInt64(self[range.lowerBound + length / 2]) << 8
            high = UInt64(self[range.upperBound - 1])
        }
        let mixed = (low &+ UInt64(length)) &* 0x9E37_79B9_7F4A_7C15 ^ high &* 0xC2B2_AE3D_27D4_EB4F
        return UInt32(truncatingIfNeeded: mixed >> 32 ^ mixed)
    }

    /// Whether the bytes in `range` are those of `other`.
    @inline(__always)
    func equals(_ other: Span<UInt8>, in range: Range<Int>) -> Bool {
        let length = range.count
        guard length == other.count else { return false }
        let start = range.lowerBound
        if length >= 8 {
            // The last word overlaps the one before unless the length is a multiple of eight.
            let last = length &- 8
            var offset = 0
            while offset < last {
                if word(at: start &+ offset) != other.word(at: offset) { return false }
                offset &+= 8
            }
            return word(at: start &+ last) == other.word(at: last)
        }
        if length >= 4 {
            let last = length &- 4
            return half(at: start) == other.half(at: 0)
                && half(at: start &+ last) == other.half(at: last)
        }
        for offset in 0..<length where self[start + offset] != other[offset] { return false }
        return true
    }

    /// Whether the bytes in `range` are those of `literal`.
    @inline(__always)
    func equals(_ literal: StaticString, in range: Range<Int>) -> Bool {
        literal.withUTF8Buffer { equals(unsafe $0.span, in: range) }
    }
}

extension UInt64 {
    /// The highest bit of each of the eight bytes.
    @inline(__always)
    static var highBits: UInt64 { 0x8080_8080_8080_8080 }

    /// A word whose ``highBits`` are all zero if, and only if, no byte is special: a quotation
    /// mark, a backslash, a control character or not ASCII.
    ///
    /// Subtraction borrows from the byte above only where the byte itself is special, so the
    /// lowest bit found is always right. A byte that is not ASCII keeps its highest bit in two of
    /// the three differences at least. RFC 8259 §7 names the characters.
    @inline(__always)
    var markedSpecialBytes: UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotationMarks = (self ^ ones &* 0x22) &- ones
        let backslashes = (self ^ ones &* 0x5C) &- ones
        let controls = self &- ones &* 0x20
        return quotationMarks | backslashes | controls
    }

    /// The highest bit of special bytes, of which the lowest is exact.
    @inline(__always)
    var specialBytes: UInt64 { markedSpecialBytes & UInt64.highBits }
}
