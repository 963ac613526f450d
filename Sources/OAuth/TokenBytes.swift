/// The bytes that may stand in a `b64token` before its padding: letters, digits and `-._~+/`
/// (RFC 6750 §2.1).
enum TokenBytes {
    /// Whether there are no other bytes in the text; a token is long, so they are taken in steps.
    static func fill(_ text: Span<UInt8>) -> Bool {
        // A compact serialisation (RFC 7515 §7.1) has neither `+` nor `~`.
        noneMarked(text, by: bytesForeignToSerialisations(of:))
            || noneMarked(text, by: foreignBytes(of:))
    }

    /// Whether `marks` leaves the highest bit of each byte of the whole words clear, and the rest
    /// are such bytes too.
    @inline(__always)
    private static func noneMarked(_ text: Span<UInt8>, by marks: (UInt64) -> UInt64) -> Bool {
        let width = 8
        let whole = text.count - text.count % width
        var foreign: UInt64 = 0
        var offset = 0
        while offset < whole {
            foreign |= marks(
                unsafe text.bytes.unsafeLoadUnaligned(
                    fromByteOffset: offset, as: UInt64.self))
            offset += width
        }
        for index in whole..<text.count where !contains(text[index]) { return false }
        return foreign & every(0x80) == 0
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
    ///
    /// Beside a byte that is not ASCII nothing is certain, but that byte is marked.
    @inline(__always)
    private static func foreignBytes(of bytes: UInt64) -> UInt64 {
        let plus = isWithin(UInt8(ascii: "+"), UInt8(ascii: "+"), bytes)
        let tilde = isWithin(UInt8(ascii: "~"), UInt8(ascii: "~"), bytes)
        return bytes | (bytesForeignToSerialisations(of: bytes) & ~(plus | tilde))
    }

    /// The same, where `+` and `~` are foreign too.
    @inline(__always)
    private static func bytesForeignToSerialisations(of bytes: UInt64) -> UInt64 {
        let letters = isWithin(0x61, 0x7A, bytes | every(0x20))
        // The hyphen, the full stop and the solidus stand right before the digits.
        let digits = isWithin(UInt8(ascii: "-"), UInt8(ascii: "9"), bytes)
        let underscore = isWithin(UInt8(ascii: "_"), UInt8(ascii: "_"), bytes)
        return bytes | ~(letters | digits | underscore)
    }

    /// The highest bit is set in the ASCII bytes from `first` to `last`: adding what a bound lacks
    /// to 128 carries into it from the bound on, and never into the next byte.
    @inline(__always)
    private static func isWithin(_ first: UInt8, _ last: UInt8, _ bytes: UInt64) -> UInt64 {
        (bytes &+ every(0x80 - first)) & ~(bytes &+ every(0x7F - last))
    }

    /// The byte eight times.
    @inline(__always)
    private static func every(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }
}
