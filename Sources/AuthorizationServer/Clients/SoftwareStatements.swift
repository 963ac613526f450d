import Cryptography
import HTTPClient
import JOSE
import JSON
import OAuth

/// What signed statements about software make of a registration (RFC 7591 §2.3).
struct SoftwareStatements: Sendable {
    /// How far the clock of an issuer may differ, in seconds.
    static let leeway: Int64 = 30
    /// `typ` of statements; RFC 7591 has none of its own, so that `JWT` or no type is taken too.
    private static let type: StaticString = "software-statement+jwt"
    /// Claims of ID tokens (OpenID Connect Core §2, §3.3.2.11), of events (RFC 8417 §2.2) and of DPoP
    /// proofs (RFC 9449 §4.2), which no statement has.
    private static let foreignClaims = [
        "nonce", "at_hash", "c_hash", "s_hash", "events", "htm", "htu",
    ]
    /// What a statement may say; what else is in it is not looked at.
    private static let members = [
        "client_name", "token_endpoint_auth_method", "application_type", "scope",
        "dpop_bound_access_tokens",
    ]

    private let issuers: [SoftwareStatementIssuer]
    private let audience: String
    private let keySets: KeySetLookup

    /// Statements by these issuers, meant for `audience`, our issuer identifier; `keySets` finds keys
    /// that are at a URL.
    init(
        _ issuers: [SoftwareStatementIssuer], audience: String, keySets: @escaping KeySetLookup
    ) {
        self.issuers = issuers
        self.audience = audience
        self.keySets = keySets
    }

    /// What a client says of itself, with what its statement says in the place of its own words.
    struct Asserted: Sendable {
        /// The metadata, as a client would have sent them.
        var body: [UInt8]
        /// The statement; nil for a client that has none, or where nobody vouches for any.
        var statement: String?
    }

    /// Reads the statement of a registration.
    ///
    /// Without an issuer that vouches, statements are ignored, as RFC 7591 §2.3 has it.
    ///
    /// - Throws: `invalid_software_statement`; `invalid_redirect_uri` if the statement has none of
    ///   the client's redirect URIs; `temporarily_unavailable` if the issuer's keys cannot be had.
    func asserted(_ body: [UInt8], at now: Int64) async throws(OAuthError) -> Asserted {
        guard !issuers.isEmpty,
            let root = try? JSONDocument(parsing: body, limits: ClientDocument.jsonLimits).root,
            root.kind == .object, let member = root["software_statement"]
        else { return Asserted(body: body) }
        guard let text = member.string else {
            throw Self.refusal("it is no text")
        }
        let claims = try await verified(text, at: now)
        return Asserted(
            body: try Self.merged(root, with: claims.document.root), statement: text)
    }

    // MARK: - Whose it is

    /// The claims of a statement that one of the issuers signed for us.
    private func verified(_ text: String, at now: Int64) async throws(OAuthError) -> JWTClaims {
        guard let unverified = try? UnverifiedJWS(Array(text.utf8)),
            let name = unverified.claimedIssuer,
            let issuer = issuers.first(where: { $0.issuer.utf8.elementsEqual(name.utf8) })
        else { throw Self.refusal("nobody who vouches here has signed it") }
        // RFC 8725 §3.11
        guard Self.isStatement(unverified.header) else { throw Self.refusal("typ is another") }
        let keys: JSONWebKeySet
        do throws(OutboundFailure) {
            keys = try await issuer.keys.keys(for: unverified.header.keyID, keySets)
        } catch {
            throw OAuthError(
                .temporarilyUnavailable, "The keys of the statement's issuer cannot be had now",
                reason: "the keys of \(issuer.issuer) cannot be had: \(error)")
        }
        let claims: JWTClaims
        do {
            let jws = try unverified.verified(
                by: keys, allowing: Set(SignatureAlgorithm.allCases))
            claims = try JWTClaims(jws)
            try claims.requireIssuer(issuer.issuer)
            try claims.requireAudience(audience)
            try claims.requireTime(now, leeway: Self.leeway)
        } catch {
            throw Self.refusal("\(error)")
        }
        let root = claims.document.root
        for name in Self.foreignClaims where root.member(name) != nil {
            throw Self.refusal("\(name) makes it another kind of token")
        }
        return claims
    }

    private static func isStatement(_ header: JWSHeader) -> Bool {
        guard header.contentType == nil else { return false }
        return header.type == nil || header.isOfType("jwt") || header.isOfType(type)
    }

    private static func refusal(_ reason: String) -> OAuthError {
        OAuthError(
            .invalidSoftwareStatement,
            "The software_statement is of nobody who vouches here, or is not valid now",
            reason: "software statement refused: \(reason)")
    }

    // MARK: - What it says

    /// RFC 7591 §2.3 — what the statement says takes precedence.
    private static func merged(
        _ own: JSONValue, with statement: JSONValue
    ) throws(OAuthError) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        for name in members {
            guard let value = said(name, by: statement) ?? own.member(name) else { continue }
            writer.name(name)
            writer.value(value)
        }
        // The two are one: where the keys are.
        let hasKeys = said("jwks", by: statement) != nil || said("jwks_uri", by: statement) != nil
        for name in ["jwks", "jwks_uri"] {
            guard let value = hasKeys ? said(name, by: statement) : own.member(name) else {
                continue
            }
            writer.name(name)
            writer.value(value)
        }
        writer.name("redirect_uris")
        writer.beginArray()
        for text in try redirectURIs(own, statement) { writer.string(text) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private static func said(_ name: String, by statement: JSONValue) -> JSONValue? {
        statement.member(name).flatMap { $0.kind == .null ? nil : $0 }
    }

    /// The client's redirect URIs that the statement has too; the statement's for a client that names
    /// none.
    private static func redirectURIs(
        _ own: JSONValue, _ statement: JSONValue
    ) throws(OAuthError) -> [String] {
        let wanted = try texts(own.member("redirect_uris"))
        guard let value = said("redirect_uris", by: statement) else { return wanted ?? [] }
        let vouched = try texts(value) ?? []
        guard let wanted else { return vouched }
        let kept = wanted.filter { text in
            vouched.contains { $0.utf8.elementsEqual(text.utf8) }
        }
        guard !kept.isEmpty else {
            throw OAuthError(
                .invalidRedirectURI, "None of the redirect URIs is in the software_statement")
        }
        return kept
    }

    private static func texts(_ value: JSONValue?) throws(OAuthError) -> [String]? {
        guard let value, value.kind != .null else { return nil }
        var texts: [String] = []
        guard value.kind == .array else {
            throw OAuthError(.invalidClientMetadata, "redirect_uris is not an array of strings")
        }
        for element in value.elements {
            guard let text = element.string else {
                throw OAuthError(.invalidClientMetadata, "redirect_uris is not an array of strings")
            }
            texts.append(text)
        }
        return texts
    }
}
