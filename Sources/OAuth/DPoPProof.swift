import Cryptography
import JOSE
import JSON

/// A DPoP proof (RFC 9449 §4.2) that was signed by the key that it shows.
///
/// What it is for, when, and for which token was not looked at: that is what ``DPoPVerifier`` does.
package struct DPoPProof: Sendable, Equatable {
    /// The key.
    package let key: KeyThumbprint
    /// `jti`.
    package let id: String
    /// `htm`, in the case in which it was sent.
    package let method: String
    /// `htu`.
    package let target: DPoPTarget
    /// `iat`, in Unix seconds.
    package let issuedAt: Int64
    /// `exp`, which RFC 9449 does not ask for, in Unix seconds; nil without one.
    package let expiresAt: Int64?
    /// `nbf`, which RFC 9449 does not ask for, in Unix seconds; nil without one.
    package let notBefore: Int64?
    /// `ath`: what SHA-256 makes of the access token; nil without one.
    package let accessTokenDigest: [UInt8]?
    /// `nonce`; nil without one.
    package let nonce: String?

    /// The longest `jti` and `nonce`, in bytes.
    package static let identifierLimit = 256

    /// Reads the value of a `DPoP` field and checks the signature (RFC 9449 §4.3, items 2 to 7).
    ///
    /// - Throws: the first deviation found.
    package init(parsing text: ArraySlice<UInt8>) throws(DPoPViolation) {
        let jws: SelfSignedJWS
        do throws(JWSViolation) {
            jws = try SelfSignedJWS(text)
        } catch {
            throw .signature(error)
        }
        // RFC 8725 §3.11 — nothing that is another kind of token is a proof.
        guard jws.header.isOfType("dpop+jwt"), jws.header.contentType == nil else {
            throw .wrongType
        }
        let claims: JWTClaims
        do throws(JWTViolation) {
            claims = try JWTClaims(jws)
        } catch {
            throw .claims(error)
        }
        key = KeyThumbprint(of: jws.key)
        guard let id = claims.id else { throw .missingClaim(name: "jti") }
        guard (1...Self.identifierLimit).contains(id.utf8.count) else {
            throw .malformedClaim(name: "jti")
        }
        self.id = id
        guard let method = try Self.string("htm", of: claims) else {
            throw .missingClaim(name: "htm")
        }
        self.method = method
        guard let url = try Self.string("htu", of: claims) else {
            throw .missingClaim(name: "htu")
        }
        guard let target = DPoPTarget(url) else { throw .malformedClaim(name: "htu") }
        self.target = target
        guard let issuedAt = claims.issuedAt else { throw .missingClaim(name: "iat") }
        self.issuedAt = issuedAt
        expiresAt = claims.expiresAt
        notBefore = claims.notBefore
        accessTokenDigest = try Self.digest(of: claims)
        nonce = try Self.string("nonce", of: claims)
        guard (nonce?.utf8.count ?? 0) <= Self.identifierLimit else {
            throw .malformedClaim(name: "nonce")
        }
    }

    /// `ath` (RFC 9449 §4.2): base64url of 32 bytes.
    private static func digest(of claims: JWTClaims) throws(DPoPViolation) -> [UInt8]? {
        guard let text = try string("ath", of: claims) else { return nil }
        guard let digest = Base64URL.decode(text), digest.count == 32 else {
            throw .malformedClaim(name: "ath")
        }
        return digest
    }

    private static func string(
        _ name: String, of claims: JWTClaims
    ) throws(DPoPViolation) -> String? {
        guard let value = claims.document.root.member(name) else { return nil }
        guard let text = value.string else { throw .malformedClaim(name: name) }
        return text
    }
}
