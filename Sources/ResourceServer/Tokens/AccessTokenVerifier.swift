package import Cryptography
import JOSE
import JSON
package import OAuth

/// An access token whose signature and claims were checked for one server.
///
/// Made by `AccessTokenVerifier` and nobody else, so holding one is proof.
package final class VerifiedAccessToken: Sendable {
    /// Who acts.
    package let principal: Principal
    /// The token's scopes, without those that its holder may not have at the server.
    package let scopes: ScopeSet
    /// What the scopes mean at the server.
    package let effectiveScopes: EffectiveScopes
    /// The scopes as the token has them.
    private let claimedScopes: ClaimedScopes
    /// `exp`, in Unix seconds.
    package let expiresAt: Int64
    /// `gid`: the grant, in tokens of our own.
    package let grantID: String?
    /// `jti`.
    package let tokenID: String?
    /// The id of the key that signed it; empty where its issuer was asked instead.
    package let keyID: String
    /// `cnf.jkt`: the key that the token is bound to, of which a proof comes with every request; nil
    /// for a bearer's (RFC 9449 §6).
    package let key: KeyThumbprint?
    /// The digest under which the token is remembered.
    package let digest: SHA256Digest
    /// The fields that tell the upstream who acts, as lines of a head.
    package let identityFieldLines: [UInt8]
    /// What logs say of the principal, as the server has it.
    package let principalText: [UInt8]
    /// Names server and principal where equal ones are counted together.
    let admissionKey: AdmissionKey
    /// Binds what is sealed to server and principal.
    package let sealContext: [UInt8]
    /// The digest of `sealContext`.
    let ownerDigest: SHA256Digest

    /// `iss`.
    package var issuer: String { principal.issuer }
    /// `sub`.
    package var subject: String { principal.subject }
    /// `client_id`.
    package var clientID: String { principal.clientID }

    fileprivate init(
        principal: Principal, scopes claimed: ClaimedScopes, at server: ProtectedServer,
        expiresAt: Int64, grantID: String?, tokenID: String?, keyID: String, key: KeyThumbprint?,
        digest: SHA256Digest
    ) {
        self.principal = principal
        claimedScopes = claimed
        effectiveScopes = claimed.effective(under: server.policy)
        scopes = effectiveScopes.held
        self.expiresAt = expiresAt
        self.grantID = grantID
        self.tokenID = tokenID
        self.keyID = keyID
        self.key = key
        self.digest = digest
        identityFieldLines = IdentityFields.lines(
            subject: principal.subject, clientID: principal.clientID, scope: scopes.text)
        principalText = server.principalText(principal)
        sealContext = LengthPrefixed.encode([server.name]) + principal.bytes
        ownerDigest = sha256(sealContext)
        admissionKey = .requests(of: ownerDigest)
    }

    /// What the scopes mean under another policy of the server, for a stream that outlives a reload.
    func effectiveScopes(under policy: ScopePolicy) -> EffectiveScopes {
        claimedScopes.effective(under: policy)
    }

    /// Whether the time, in Unix seconds, is past the token's end.
    package func isExpired(at now: Int64) -> Bool {
        now >= expiresAt + AccessTokenVerifier.leeway
    }
}

/// Checks access tokens by RFC 8725 and RFC 9068.
///
/// Pure: the time is passed in.
package enum AccessTokenVerifier {
    /// How far the issuer's clock may differ from ours, in seconds.
    package static let leeway: Int64 = 30
    /// The longest subject and client identifier that is taken, in bytes.
    package static let maximumIdentifierLength = 1024

    /// Claims that stand in ID tokens (OpenID Connect Core §2, §3.3.2.11), logout tokens and event
    /// tokens (RFC 8417 §2.2), never in access tokens.
    private static let foreignClaims = ["nonce", "at_hash", "c_hash", "s_hash", "events"]

    /// The token, if it is good at this server now.
    ///
    /// - Parameters:
    ///   - bytes: the compact serialisation.
    ///   - server: whose rules apply.
    ///   - now: Unix seconds.
    /// - Returns: the proof, and the generation of the keys that gave it.
    /// - Throws: the first rule that the token breaks.
    package static func verify(
        _ bytes: ArraySlice<UInt8>, for server: ProtectedServer, at now: Int64
    ) throws(TokenViolation) -> (token: VerifiedAccessToken, generation: UInt64) {
        let rules = server.tokenRules
        let (keys, generation) = rules.keys.snapshot()
        let verified: VerifiedJWS
        do {
            let unverified = try UnverifiedJWS(bytes)
            verified = try unverified.verified(by: keys, allowing: rules.algorithms)
        } catch {
            throw .signature(error)
        }
        try requireType(verified.header, rules.origin)
        let claims: JWTClaims
        do {
            claims = try JWTClaims(verified)
            try claims.requireIssuer(rules.issuer)
            try claims.requireAudience(rules.audience)
            try claims.requireTime(now, leeway: leeway)
        } catch {
            throw .claims(error)
        }
        let token = try token(claims, for: server, keyID: verified.keyID, digest: sha256(bytes))
        return (token, generation)
    }

    /// The token that only its issuer can read, if what the issuer said of it makes it good at this
    /// server now (RFC 7662 §4).
    ///
    /// - Parameters:
    ///   - digest: the digest of the token.
    ///   - introspection: what the issuer said.
    ///   - server: whose rules apply.
    ///   - now: Unix seconds.
    /// - Returns: the proof, and until when it may be relied on, in Unix seconds.
    /// - Throws: the first rule that the token breaks; `notIntrospected` where the issuer is to be
    ///   asked, `issuerSilent` where it gave no answer.
    static func verify(
        _ digest: SHA256Digest, by introspection: TokenIntrospection, for server: ProtectedServer,
        at now: Int64
    ) throws(TokenViolation) -> (token: VerifiedAccessToken, validUntil: Int64) {
        guard let (answer, seconds) = introspection.answer(on: digest) else {
            throw .notIntrospected
        }
        let claims: JWTClaims
        switch answer {
        case .active(let members): claims = members
        case .inactive: throw .inactive
        case .failed: throw .issuerSilent
        }
        let rules = server.tokenRules
        do {
            // RFC 7662 §2.2 — the issuer may leave out its own name.
            if claims.issuer != nil { try claims.requireIssuer(rules.issuer) }
            if introspection.requiresAudience || !claims.audience.isEmpty {
                try claims.requireAudience(rules.audience)
            }
            try claims.requireTime(now, leeway: leeway)
        } catch {
            throw .claims(error)
        }
        try requireTokenType(claims.document.root)
        let token = try token(claims, for: server, keyID: "", digest: digest)
        return (token, min(now + seconds, token.expiresAt))
    }

    /// RFC 7662 §2.2 — `token_type` is that of RFC 6749 §5.1; some providers repeat the token's own
    /// `typ`, by which a refresh token or an ID token is told from an access token.
    ///
    /// `DPoP` it is only for a token whose key is said (RFC 9449 §6.2).
    private static func requireTokenType(_ root: JSONValue) throws(TokenViolation) {
        let types =
            ["bearer", "at+jwt", "jwt", "access_token"] + (root["cnf"] == nil ? [] : ["dpop"])
        for name in ["token_type", "typ"] {
            guard let value = root.member(name) else { continue }
            guard let text = value.string else { throw .malformedClaim(name: name) }
            guard types.contains(text.lowercased()) else { throw .wrongType }
        }
    }

    /// RFC 9068 §4, RFC 8725 §3.11 — `typ` keeps one kind of token from passing for another.
    private static func requireType(
        _ header: JWSHeader, _ origin: TokenRules.Origin
    ) throws(TokenViolation) {
        // RFC 7519 §5.2 — a JWT inside a JWT is never an access token of ours.
        guard header.contentType == nil else { throw .wrongType }
        if header.isOfType("at+jwt") { return }
        switch origin {
        case .own: throw .wrongType
        case .foreign:
            // Many providers say `JWT` or nothing, which deviates from RFC 9068 §2.1.
            guard header.type == nil || header.isOfType("jwt") else { throw .wrongType }
        }
    }

    /// The proof, from claims whose issuer, audience and time were checked.
    private static func token(
        _ claims: JWTClaims, for server: ProtectedServer, keyID: String, digest: SHA256Digest
    ) throws(TokenViolation) -> VerifiedAccessToken {
        let root = claims.document.root
        for name in foreignClaims where root.member(name) != nil {
            throw .otherKindOfToken(claim: name)
        }
        let key = try key(root["cnf"], under: server.dpop)
        let rules = server.tokenRules
        let subject = try identifier("sub", of: root)
        guard let subject else { throw .missingClaim(name: "sub") }
        let clientID = try clientID(of: root, rules.origin)
        if rules.origin == .own {
            // RFC 9068 §2.2 — our own tokens have all of these.
            guard claims.issuedAt != nil else { throw .missingClaim(name: "iat") }
            guard claims.id != nil else { throw .missingClaim(name: "jti") }
        }
        guard let expiresAt = claims.expiresAt else { throw .missingClaim(name: "exp") }
        return VerifiedAccessToken(
            principal: Principal(
                issuer: rules.issuer, subject: subject, clientID: clientID),
            scopes: try scopes(root, of: clientID, by: rules), at: server, expiresAt: expiresAt,
            grantID: rules.origin == .own ? try identifier("gid", of: root) : nil,
            tokenID: claims.id, keyID: keyID, key: key, digest: digest)
    }

    /// The key that a token is bound to by its `cnf` (RFC 7800 §3.1, RFC 9449 §6.1).
    ///
    /// Another confirmation than `jkt`, alone or beside it, could not be checked.
    private static func key(
        _ confirmation: JSONValue?, under use: DPoPUse
    ) throws(TokenViolation) -> KeyThumbprint? {
        guard let confirmation else {
            guard use != .required else { throw .unbound }
            return nil
        }
        guard use != .off, let text = confirmation["jkt"]?.string,
            confirmation.members.allSatisfy({ $0.name.isString("jkt") })
        else { throw .boundToKey }
        guard let key = KeyThumbprint(text) else { throw .malformedClaim(name: "cnf") }
        return key
    }

    /// The scopes, with what says which of them the holder may have.
    private static func scopes(
        _ root: JSONValue, of clientID: String, by rules: TokenRules
    ) throws(TokenViolation) -> ClaimedScopes {
        let held = try rules.scopeClaim.scopes(in: root)
        switch rules.origin {
        case .own:
            return .own(held: held, grantable: try scopeText("grantable", of: root))
        case .foreign:
            return .foreign(
                held: held, holder: try rules.holderClaims.holder(in: root, clientID: clientID))
        }
    }

    /// `client_id`, or what foreign issuers call it.
    private static func clientID(
        of root: JSONValue, _ origin: TokenRules.Origin
    ) throws(TokenViolation) -> String {
        let names =
            switch origin {
            case .own: ["client_id"]
            case .foreign: ["client_id", "azp", "cid", "appid"]
            }
        for name in names {
            if let id = try identifier(name, of: root) { return id }
        }
        throw .missingClaim(name: "client_id")
    }

    /// A claim that names someone, nil where it is absent.
    private static func identifier(
        _ name: String, of root: JSONValue
    ) throws(TokenViolation) -> String? {
        guard let value = root.member(name) else { return nil }
        guard let text = value.string, (1...maximumIdentifierLength).contains(text.utf8.count)
        else { throw .malformedClaim(name: name) }
        return text
    }

    /// A claim of scope names in one string; the empty set where it is absent.
    private static func scopeText(
        _ name: String, of root: JSONValue
    ) throws(TokenViolation) -> ScopeSet {
        guard let value = root.member(name) else { return ScopeSet() }
        guard let text = value.string, let scopes = ScopeSet(parsing: text) else {
            throw .malformedClaim(name: name)
        }
        return scopes
    }
}
