package import Cryptography
import JSON

/// A compact JWS that was signed by the very key that its header shows (RFC 7515 §4.1.3).
///
/// It proves that whoever made it has that key, and nothing about who that is: RFC 8725 §3.10 warns
/// of taking such a key for somebody's. Holding one is proof that the signature was checked.
package struct SelfSignedJWS: Sendable {
    /// The header, the word of whoever has the key.
    package let header: JWSHeader
    /// The payload's bytes.
    package let payload: [UInt8]
    /// The public half of the key.
    package let key: PublicKeyComponents

    /// Reads the parts and checks the signature.
    ///
    /// - Throws: the first deviation found; `badSignature` where the key is another than the one
    ///   that signed.
    package init(_ compact: ArraySlice<UInt8>) throws(JWSViolation) {
        let parts = try CompactJWS(compact)
        let object = try JWSHeader.object(parts.header)
        header = try JWSHeader(object, bringsKey: true)
        guard let jwk = object["jwk"] else { throw .missingKey }
        let key: JSONWebKey
        do {
            key = try JSONWebKey(jwk, for: header.algorithm)
        } catch {
            throw .unusableKey(error)
        }
        guard key.key.isValid(parts.signature, of: parts.signingInput, by: key.algorithm) else {
            throw .badSignature
        }
        payload = parts.payload
        self.key = key.key.components
    }
}
