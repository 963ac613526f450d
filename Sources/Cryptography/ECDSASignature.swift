/// The two spellings of an ECDSA signature on P-256: r and s side by side (RFC 7518 §3.4), and DER
/// (RFC 3279 §2.2.3).
enum ECDSASignature {
    /// The DER form, or nil unless `raw` is exactly 64 bytes.
    static func encoded(fromRaw raw: [UInt8]) -> [UInt8]? {
        guard raw.count == 64 else { return nil }
        return DER.sequence(DER.integer(raw[..<32]), DER.integer(raw[32...]))
    }

    /// The 64 bytes of a signature that OpenSSL made in DER, or nil if it is of another form.
    static func raw(fromEncoded encoded: [UInt8]) -> [UInt8]? {
        guard encoded.count >= 2, encoded[0] == 0x30, Int(encoded[1]) == encoded.count - 2 else {
            return nil
        }
        var rest = encoded[2...]
        guard let r = takeInteger(&rest), let s = takeInteger(&rest), rest.isEmpty else {
            return nil
        }
        return r + s
    }

    private static func takeInteger(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard rest.popFirst() == 0x02, let length = rest.popFirst(), rest.count >= Int(length)
        else {
            return nil
        }
        let magnitude = rest.prefix(Int(length)).drop { $0 == 0 }
        rest = rest.dropFirst(Int(length))
        guard magnitude.count <= 32 else { return nil }
        return [UInt8](repeating: 0, count: 32 - magnitude.count) + magnitude
    }
}
