/// The bytes that may stand in a `b64token` before its padding: letters, digits and `-._~+/`
/// (RFC 6750 §2.1).
enum TokenBytes {
    /// Whether there are no other bytes in the text; a token is long, so they are taken in steps.
    static func fill(_ text: Span<UInt8>) -> Bool {
        let width = 16
        let whole = text.count - text.count % width
        var known = SIMDMask<SIMD16<Int8>>(repeating: true)
        var offset = 0
        while offset < whole {
            let bytes = unsafe text.bytes.unsafeLoadUnaligned(
                fromByteOffset: offset, as: SIMD16<UInt8>.self)
            known = known .& areContained(bytes)
            offset += width
        }
        for index in whole..<text.count where !contains(text[index]) { return false }
        return all(known)
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

    /// Which of the bytes are among them.
    @inline(__always)
    private static func areContained(_ bytes: SIMD16<UInt8>) -> SIMDMask<SIMD16<Int8>> {
        // RFC 20 — the letters' cases differ in one bit.
        let letters = (bytes | 0x20) &- 0x61 .<= 0x7A - 0x61
        // The hyphen, the full stop and the solidus stand right before the digits.
        let digits = bytes &- 0x2D .<= 0x39 - 0x2D
        let plus = bytes .== UInt8(ascii: "+")
        let underscore = bytes .== UInt8(ascii: "_")
        let tilde = bytes .== UInt8(ascii: "~")
        return letters .| digits .| plus .| underscore .| tilde
    }
}
