/// The bytes that may stand in a `b64token` before its padding: letters, digits and `-._~+/`
/// (RFC 6750 §2.1).
enum TokenBytes {
    /// Whether there are no other bytes in the text; a token is long, so they are taken in steps.
    static func fill(_ text: Span<UInt8>) -> Bool {
        let width = 16
        let whole = text.count - text.count % width
        var foreign = SIMD16<UInt8>.zero
        var offset = 0
        while offset < whole {
            foreign |= foreignBytes(
                of: unsafe text.bytes.unsafeLoadUnaligned(
                    fromByteOffset: offset, as: SIMD16<UInt8>.self))
            offset += width
        }
        for index in whole..<text.count where !contains(text[index]) { return false }
        return foreign.max() < 0x80
    }

    /// Whether a byte is one of them.
    private static func contains(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    /// The highest bit is set in the bytes that are none of them; the other bits mean nothing.
    @inline(__always)
    private static func foreignBytes(of bytes: SIMD16<UInt8>) -> SIMD16<UInt8> {
        let letters = isWithin(0x61, 0x7A, bytes | SIMD16(repeating: 0x20))
        // The hyphen, the full stop and the solidus stand right before the digits.
        let digits = isWithin(UInt8(ascii: "-"), UInt8(ascii: "9"), bytes)
        let plus = isWithin(UInt8(ascii: "+"), UInt8(ascii: "+"), bytes)
        let underscore = isWithin(UInt8(ascii: "_"), UInt8(ascii: "_"), bytes)
        let tilde = isWithin(UInt8(ascii: "~"), UInt8(ascii: "~"), bytes)
        return bytes | ~(letters | digits | plus | underscore | tilde)
    }

    /// The highest bit is set in the ASCII bytes from `first` to `last`: adding what a bound lacks
    /// to 128 carries into it from the bound on.
    @inline(__always)
    private static func isWithin(
        _ first: UInt8, _ last: UInt8, _ bytes: SIMD16<UInt8>
    ) -> SIMD16<UInt8> {
        (bytes &+ SIMD16(repeating: 0x80 - first)) & ~(bytes &+ SIMD16(repeating: 0x7F - last))
    }
}
