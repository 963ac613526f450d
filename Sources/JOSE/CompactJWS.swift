import Cryptography

/// The three parts of a compact JWS (RFC 7515 §7.1), decoded; nothing is known of them yet.
struct CompactJWS: Sendable {
    /// The header's JSON, as it was sent.
    let header: [UInt8]
    /// The payload.
    let payload: [UInt8]
    /// The signature.
    let signature: [UInt8]
    /// What the signature is of.
    let signingInput: ArraySlice<UInt8>

    /// - Throws: the first deviation found.
    init(_ compact: ArraySlice<UInt8>) throws(JWSViolation) {
        guard compact.count <= UnverifiedJWS.limit else { throw .tooLarge }
        let dot = UInt8(ascii: ".")
        guard let first = compact.firstIndex(of: dot),
            let second = compact[(first + 1)...].firstIndex(of: dot),
            !compact[(second + 1)...].contains(dot)
        else { throw .notThreeParts }
        guard let header = Base64URL.decode(compact[..<first]),
            let payload = Base64URL.decode(compact[(first + 1)..<second]),
            let signature = Base64URL.decode(compact[(second + 1)...])
        else { throw .notBase64URL }
        self.header = header
        self.payload = payload
        self.signature = signature
        signingInput = compact[..<second]
    }
}
