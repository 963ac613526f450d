import Cryptography
import JOSE
import JSON

/// An ID token that holds (OpenID Connect Core §3.1.3.7, RFC 8725); there is no other way to make one.
struct IDToken: Sendable {
    /// The claims.
    let claims: JWTClaims

    /// How far the provider's clock may differ, in seconds.
    static let leeway: Int64 = 60
    /// How old a token may be when it comes, in seconds.
    static let ageLimit: Int64 = 600

    /// What a token must say.
    struct Expectation: Sendable {
        /// The provider's issuer, byte for byte.
        var issuer: String
        /// The gateway's `client_id` there.
        var clientID: String
        /// The nonce of the request; nil where none was sent, as at a refresh.
        var nonce: String?
        /// The access token that came along.
        var accessToken: SecretBytes
        /// The algorithms that are accepted.
        var algorithms: Set<SignatureAlgorithm>
    }

    /// Why a token does not hold.
    enum Violation: Error, Sendable, Equatable {
        /// It is no signed token, or its signature proves nothing.
        case signature(JWSViolation)
        /// It is a token of another kind (RFC 8725 §3.11).
        case wrongType
        /// Its claims cannot be read, or `iss`, `aud` or the times do not hold.
        case claims(JWTViolation)
        /// It was issued to somebody else (`azp`).
        case wrongParty
        /// It has no `iat`, or was issued long ago.
        case tooOld
        /// It answers another request.
        case wrongNonce
        /// It belongs to another access token.
        case wrongAccessToken
    }

    /// Checks a token.
    ///
    /// - Parameters:
    ///   - jws: the token, well formed.
    ///   - keys: the provider's keys.
    ///   - expected: what it must say.
    ///   - now: Unix seconds.
    /// - Throws: the first thing that does not hold.
    init(
        _ jws: UnverifiedJWS, by keys: JSONWebKeySet, _ expected: Expectation, at now: Int64
    ) throws(Violation) {
        // An access token, a logout token and the rest say so; an ID token says JWT or nothing.
        guard jws.header.type == nil || jws.header.isOfType("jwt") else { throw .wrongType }
        let verified: VerifiedJWS
        do throws(JWSViolation) {
            verified = try jws.verified(by: keys, allowing: expected.algorithms)
        } catch { throw .signature(error) }
        do throws(JWTViolation) {
            claims = try JWTClaims(verified)
            try claims.requireIssuer(expected.issuer)
            try claims.requireAudience(expected.clientID)
            try claims.requireTime(now, leeway: Self.leeway)
        } catch { throw .claims(error) }
        guard Self.isIssued(to: expected.clientID, claims) else { throw .wrongParty }
        guard let issuedAt = claims.issuedAt, now - issuedAt <= Self.ageLimit else {
            throw .tooOld
        }
        guard Self.answers(expected.nonce, claims) else { throw .wrongNonce }
        guard Self.belongs(to: expected.accessToken, claims) else { throw .wrongAccessToken }
    }

    /// `azp`: there where there are several audiences, and always ours.
    private static func isIssued(to clientID: String, _ claims: JWTClaims) -> Bool {
        guard let value = claims.document.root["azp"] else { return claims.audience.count == 1 }
        return value.string?.utf8.elementsEqual(clientID.utf8) == true
    }

    private static func answers(_ nonce: String?, _ claims: JWTClaims) -> Bool {
        guard let nonce else { return true }
        guard let named = claims.document.root["nonce"]?.string else { return false }
        return constantTimeEqual(Array(named.utf8), Array(nonce.utf8))
    }

    /// `at_hash`, which is optional: half of the SHA-256 of the access token (OpenID Connect Core
    /// §3.1.3.6); all algorithms that are accepted have that digest.
    private static func belongs(to accessToken: SecretBytes, _ claims: JWTClaims) -> Bool {
        guard let value = claims.document.root["at_hash"] else { return true }
        let half = Array(sha256(accessToken.bytes).bytes.prefix(16))
        return value.string?.utf8.elementsEqual(Base64URL.encode(half).utf8) == true
    }
}
