package import Cryptography
import JSON

/// A well-formed compact JWS (RFC 7515 §7.1) about which nothing is known yet: of its payload only
/// the issuer can be had from here.
package struct UnverifiedJWS: Sendable {
    /// The header; sent by anyone.
    package let header: JWSHeader
    private let payload: [UInt8]
    private let signature: [UInt8]
    private let signingInput: ArraySlice<UInt8>

    /// How long a compact JWS may be, in bytes.
    package static let limit = 16 * 1024

    /// Reads the three parts and the header.
    ///
    /// - Throws: the first deviation found.
    package init(_ compact: [UInt8]) throws(JWSViolation) {
        try self.init(compact[...])
    }

    /// Reads the three parts and the header.
    ///
    /// - Throws: the first deviation found.
    package init(_ compact: ArraySlice<UInt8>) throws(JWSViolation) {
        let parts = try CompactJWS(compact)
        header = try JWSHeader(JWSHeader.object(parts.header))
        payload = parts.payload
        signature = parts.signature
        signingInput = parts.signingInput
    }

    /// `iss` as the sender claims it: it tells whose keys to try, and proves nothing.
    ///
    /// Nil where the payload is not a JSON object with such a text.
    package var claimedIssuer: String? {
        (try? JSONDocument(parsing: payload))?.root["iss"]?.string
    }

    /// Checks the signature (RFC 7515 §5.2, RFC 8725 §3.1).
    ///
    /// - Parameters:
    ///   - keys: the only keys that can be meant.
    ///   - allowed: the algorithms that the caller accepts from this issuer.
    /// - Returns: the content, which is now the signer's.
    /// - Throws: why the signature proves nothing.
    package func verified(
        by keys: JSONWebKeySet, allowing allowed: Set<SignatureAlgorithm>
    ) throws(JWSViolation) -> VerifiedJWS {
        guard allowed.contains(header.algorithm) else { throw .algorithmNotAllowed }
        let key = try keys.key(id: header.keyID, algorithm: header.algorithm)
        guard key.key.isValid(signature, of: signingInput, by: key.algorithm) else {
            throw .badSignature
        }
        return VerifiedJWS(header: header, payload: payload, keyID: key.id)
    }
}

/// The content of a JWS whose signature was checked; there is no other way to make one.
package struct VerifiedJWS: Sendable {
    /// The header, now the signer's word.
    package let header: JWSHeader
    /// The payload's bytes.
    package let payload: [UInt8]
    /// The `id` of the key that signed.
    package let keyID: String

    fileprivate init(header: JWSHeader, payload: [UInt8], keyID: String) {
        self.header = header
        self.payload = payload
        self.keyID = keyID
    }
}
