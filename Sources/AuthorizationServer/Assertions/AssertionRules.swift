import Cryptography
import JOSE
import JSON
import Storage

/// What one kind of signed statement must be (RFC 7521 §5.2, RFC 7523 §3, RFC 8725).
struct AssertionRules: Sendable {
    /// The values of `typ` that it may have, in lower case.
    let types: [StaticString]
    /// Whether it may do without a `typ`.
    let mayLackType: Bool
    /// The values of `aud` that mean us, byte for byte; it may have no other.
    var audiences: [String]
    /// How far ahead its `exp` may be, in seconds.
    let lifetimeLimit: Int64
    /// Whether it must say when it was made.
    let needsIssuedAt: Bool

    /// How far the clock of whoever made it may differ, in seconds.
    static let leeway: Int64 = 30
    /// The longest `sub` and `jti`, in bytes.
    static let identifierLimit = 256

    /// Claims of ID tokens (OpenID Connect Core §2, §3.3.2.11), of events (RFC 8417 §2.2), of software
    /// statements (RFC 7591 §2) and of DPoP proofs (RFC 9449 §4.2), which no assertion has.
    private static let foreignClaims = [
        "nonce", "at_hash", "c_hash", "s_hash", "events", "software_id", "redirect_uris", "htm",
        "htu",
    ]

    /// The audiences that mean an issuer without a path: clients that hold it as a URL write the slash of
    /// the empty path (RFC 3986 §6.2.3).
    static func audiences(of issuer: String) -> [String] { [issuer, issuer + "/"] }

    /// The statement, if it is `issuer`'s and holds now.
    ///
    /// - Parameters:
    ///   - jws: what was presented.
    ///   - issuer: whose it must be, byte for byte.
    ///   - keys: the issuer's; the algorithm is the key's (RFC 8725 §3.1), and is asymmetric.
    ///   - now: Unix seconds.
    /// - Returns: the statement, proven.
    /// - Throws: the first rule that it breaks.
    func verify(
        _ jws: UnverifiedJWS, of issuer: String, by keys: JSONWebKeySet, at now: Int64
    ) throws(AssertionViolation) -> VerifiedAssertion {
        let verified: VerifiedJWS
        do throws(JWSViolation) {
            verified = try jws.verified(by: keys, allowing: Set(SignatureAlgorithm.allCases))
        } catch { throw .signature(error) }
        try requireType(verified.header)
        let claims: JWTClaims
        do throws(JWTViolation) {
            claims = try JWTClaims(verified)
            try claims.requireIssuer(issuer)
            try claims.requireTime(now, leeway: Self.leeway)
        } catch { throw .claims(error) }
        let root = claims.document.root
        for name in Self.foreignClaims where root.member(name) != nil {
            throw .otherKind(claim: name)
        }
        try requireAudience(claims)
        guard let expiresAt = claims.expiresAt else { throw .unusable(claim: "exp") }
        guard expiresAt <= now + lifetimeLimit else { throw .expiresTooLate }
        if needsIssuedAt, claims.issuedAt == nil { throw .unusable(claim: "iat") }
        let subject = try Self.identifier(claims.subject, "sub")
        let id = try Self.identifier(claims.id, "jti")
        return VerifiedAssertion(
            checked: claims, issuer: issuer, subject: subject,
            use: SingleUse(issuer: issuer, id: id, expiresAt: expiresAt + Self.leeway))
    }

    private func requireType(_ header: JWSHeader) throws(AssertionViolation) {
        guard header.contentType == nil else { throw .nested }
        guard header.type != nil else {
            guard mayLackType else { throw .wrongType }
            return
        }
        guard types.contains(where: { header.isOfType($0) }) else { throw .wrongType }
    }

    /// RFC 7523 §3 — the audience is us; one who may also present it elsewhere may be anybody.
    private func requireAudience(_ claims: JWTClaims) throws(AssertionViolation) {
        guard !claims.audience.isEmpty else { throw .claims(.missing(claim: "aud")) }
        let meant = claims.audience.filter { audience in
            audiences.contains { $0.utf8.elementsEqual(audience.utf8) }
        }
        guard !meant.isEmpty else { throw .claims(.wrongAudience) }
        guard meant.count == claims.audience.count else { throw .sharedAudience }
    }

    private static func identifier(
        _ text: String?, _ claim: String
    ) throws(AssertionViolation) -> String {
        guard let text, (1...identifierLimit).contains(text.utf8.count) else {
            throw .unusable(claim: claim)
        }
        return text
    }
}

/// A statement whose signature and claims were checked; made by ``AssertionRules`` and nobody else.
struct VerifiedAssertion: Sendable {
    /// The claims.
    let claims: JWTClaims
    /// `iss`.
    let issuer: String
    /// `sub`.
    let subject: String
    /// What must be noted before anything comes of it.
    let use: SingleUse

    fileprivate init(checked claims: JWTClaims, issuer: String, subject: String, use: SingleUse) {
        self.claims = claims
        self.issuer = issuer
        self.subject = subject
        self.use = use
    }
}
