import Cryptography
package import HTTP
package import HTTPClient
import JOSE
import JSON
import OAuth
import Synchronization

/// One identity provider, asked by the gateway as a relying party (OpenID Connect Core §3.1) or as a
/// client of its API (RFC 6749).
package final class Provider: Sendable {
    /// The longest code that is taken back to the provider, in bytes.
    static let codeLimit = 4096

    /// How it is configured.
    package let options: ProviderOptions
    private let client: any OutboundClient
    private let cache: ProviderMetadataCache
    private let makeKeys: @Sendable (AbsoluteURI) -> any KeySetSource
    private let keys = Mutex<(place: AbsoluteURI, source: any KeySetSource)?>(nil)

    /// A provider; `makeKeys` makes the source of the keys at a place.
    package init(
        _ options: ProviderOptions, client: any OutboundClient,
        makeKeys: @escaping @Sendable (AbsoluteURI) -> any KeySetSource
    ) {
        self.options = options
        self.client = client
        self.makeKeys = makeKeys
        cache = ProviderMetadataCache(options, client: client)
    }

    // MARK: - There

    /// Where the browser is sent.
    ///
    /// - Throws: why the provider's metadata are not known.
    func authorizationURL(
        _ attempt: SignInAttempt, redirectURI: String
    ) async throws(ProviderFailure) -> String {
        let metadata = try await cache.metadata()
        var scopes = options.askedScopes
        if options.scopes == nil, metadata.offersOfflineAccess {
            scopes.append(ScopeToken.offlineAccess)
        }
        var parameters = [
            ("response_type", "code"), ("client_id", options.clientID),
            ("redirect_uri", redirectURI), ("state", attempt.state),
            ("code_challenge", attempt.codeChallenge), ("code_challenge_method", "S256"),
        ]
        if !scopes.isEmpty { parameters.append(("scope", scopes.joined(separator: " "))) }
        if case .openID = options.kind { parameters.append(("nonce", attempt.nonce)) }
        let endpoint = metadata.authorizationEndpoint
        return "\(endpoint)\(endpoint.query == nil ? "?" : "&")"
            + PercentEncoding.encode(form: parameters)
    }

    // MARK: - And back

    /// Whether an answer with this `iss` may be this provider's (RFC 9207 §2.4).
    ///
    /// Throws why the provider's metadata are not known.
    func admits(issuer: String?) async throws(ProviderFailure) -> Bool {
        guard case .openID(let own) = options.kind else { return true }
        if let issuer { return issuer.utf8.elementsEqual(own.utf8) }
        return try await !cache.metadata().sendsIssuer
    }

    /// Who signed in, by the code that the browser brought.
    ///
    /// - Throws: why nobody did.
    func identity(
        by code: String, of attempt: SignInAttempt, redirectURI: String, at now: Int64
    ) async throws(ProviderFailure) -> (identity: ProviderIdentity, token: SecretBytes?) {
        let metadata = try await cache.metadata()
        let exchange = ProviderTokenRequest.Exchange.code(
            code, verifier: attempt.verifier, redirectURI: redirectURI)
        let tokens = try await tokens(exchange, metadata)
        let identity: ProviderIdentity
        switch options.kind {
        case .openID:
            guard tokens.idToken != nil else {
                throw ProviderFailure(.idToken, .unavailable, "there is none")
            }
            identity = try await openIdentity(tokens, metadata, nonce: attempt.nonce, at: now)
        case .oauth(let endpoints):
            identity = try await self.identity(tokens, endpoints)
        }
        return (identity, tokens.refreshToken)
    }

    /// Who the holder of a refresh token is now.
    ///
    /// - Returns: who it is, and the refresh token from now on.
    /// - Throws: `invalidGrant` where the provider no longer knows; `refused` where it is another.
    func identity(
        by token: SecretBytes, of subject: String, at now: Int64
    ) async throws(ProviderFailure) -> (identity: ProviderIdentity, token: SecretBytes) {
        let metadata = try await cache.metadata()
        let tokens = try await tokens(.refresh(token), metadata)
        var identity: ProviderIdentity
        switch options.kind {
        case .openID where tokens.idToken != nil:
            identity = try await openIdentity(tokens, metadata, nonce: nil, at: now)
        case .openID:
            // OpenID Connect Core §12.2 — there need not be an ID token. Groups that nobody can be
            // asked for any more are gone.
            identity = ProviderIdentity(subject: subject, name: "", groups: [])
            if let claim = options.groupsClaim, metadata.userInfoEndpoint != nil {
                let claims = try await userInfo(tokens, metadata)
                try Self.require(subject, claims)
                identity.groups = try Self.read { () throws(ProviderClaims.Violation) in
                    try claims.groups(claim) ?? []
                }
            }
        case .oauth(let endpoints):
            identity = try await self.identity(tokens, endpoints)
        }
        guard identity.subject.utf8.elementsEqual(subject.utf8) else {
            throw ProviderFailure(.claims, .refused, "the refresh token is another user's now")
        }
        return (identity, tokens.refreshToken ?? token)
    }

    private func tokens(
        _ exchange: ProviderTokenRequest.Exchange, _ metadata: ProviderMetadata
    ) async throws(ProviderFailure) -> ProviderTokens {
        let request = ProviderTokenRequest.request(exchange, of: options, at: metadata)
        let response: OutboundResponse
        do throws(OutboundFailure) { response = try await client.send(request) } catch {
            throw ProviderFailure(.token, error)
        }
        return try ProviderTokens(status: response.status, content: response.content)
    }

    // MARK: - OpenID Connect

    private func openIdentity(
        _ tokens: ProviderTokens, _ metadata: ProviderMetadata, nonce: String?, at now: Int64
    ) async throws(ProviderFailure) -> ProviderIdentity {
        let token = try await idToken(tokens, metadata, nonce: nonce, at: now)
        let claims = ProviderClaims(token.claims.document.root)
        let subject = try Self.read { () throws(ProviderClaims.Violation) in
            try claims.subject()
        }
        var groups: [String] = []
        if let claim = options.groupsClaim {
            let told = try Self.read { () throws(ProviderClaims.Violation) in
                try claims.groups(claim)
            }
            // Asked only where the ID token does not say.
            if let told {
                groups = told
            } else if metadata.userInfoEndpoint != nil {
                let claims = try await userInfo(tokens, metadata)
                try Self.require(subject, claims)
                groups = try Self.read { () throws(ProviderClaims.Violation) in
                    try claims.groups(claim) ?? []
                }
            }
        }
        return ProviderIdentity(
            subject: subject, name: claims.name(options.nameClaim) ?? "", groups: groups)
    }

    private func idToken(
        _ tokens: ProviderTokens, _ metadata: ProviderMetadata, nonce: String?, at now: Int64
    ) async throws(ProviderFailure) -> IDToken {
        guard let bytes = tokens.idToken?.bytes, let place = metadata.keysLocation else {
            throw ProviderFailure(.idToken, .unavailable, "there is none")
        }
        let jws: UnverifiedJWS
        do throws(JWSViolation) { jws = try UnverifiedJWS(bytes) } catch {
            throw ProviderFailure(.idToken, .unavailable, "\(error)")
        }
        let keys: JSONWebKeySet
        do throws(OutboundFailure) {
            keys = try await source(at: place).keys(for: jws.header.keyID)
        } catch { throw ProviderFailure(.keys, error) }
        let expected = IDToken.Expectation(
            issuer: options.issuer, clientID: options.clientID, nonce: nonce,
            accessToken: tokens.accessToken, algorithms: metadata.algorithms)
        do throws(IDToken.Violation) {
            return try IDToken(jws, by: keys, expected, at: now)
        } catch { throw ProviderFailure(.idToken, .refused, "\(error)") }
    }

    /// The source of the keys at a place, which stays as long as the place does.
    private func source(at place: AbsoluteURI) -> any KeySetSource {
        keys.withLock { keys in
            if let keys, keys.place == place { return keys.source }
            let source = makeKeys(place)
            keys = (place, source)
            return source
        }
    }

    // MARK: - What an access token tells

    /// OpenID Connect Core §5.3.2 — the answer counts only for the user of the ID token.
    private static func require(
        _ subject: String, _ claims: ProviderClaims
    ) throws(ProviderFailure) {
        let named = try read { () throws(ProviderClaims.Violation) in try claims.subject() }
        guard named.utf8.elementsEqual(subject.utf8) else {
            throw ProviderFailure(.userInfo, .refused, "the answer is about another user")
        }
    }

    private func identity(
        _ tokens: ProviderTokens, _ endpoints: ProviderOptions.OAuthEndpoints
    ) async throws(ProviderFailure) -> ProviderIdentity {
        let claims = try await claims(tokens, at: endpoints.userInfo)
        let options = options
        return try Self.read { () throws(ProviderClaims.Violation) in
            ProviderIdentity(
                subject: try claims.subject(named: endpoints.userClaim),
                name: claims.name(options.nameClaim) ?? "",
                groups: try options.groupsClaim.map { claim throws(ProviderClaims.Violation) in
                    try claims.groups(claim) ?? []
                } ?? [])
        }
    }

    private func userInfo(
        _ tokens: ProviderTokens, _ metadata: ProviderMetadata
    ) async throws(ProviderFailure) -> ProviderClaims {
        guard let endpoint = metadata.userInfoEndpoint else {
            throw ProviderFailure(.userInfo, .unavailable, "the provider has no such endpoint")
        }
        return try await claims(tokens, at: endpoint)
    }

    private func claims(
        _ tokens: ProviderTokens, at endpoint: AbsoluteURI
    ) async throws(ProviderFailure) -> ProviderClaims {
        var request = OutboundRequest.get(endpoint)
        let token = String(decoding: tokens.accessToken.bytes, as: UTF8.self)
        request.fields.append(.init("Authorization", "Bearer \(token)"))
        let response: OutboundResponse
        do throws(OutboundFailure) { response = try await client.send(request) } catch {
            throw ProviderFailure(.userInfo, error)
        }
        guard response.status == 200 else {
            throw ProviderFailure(.userInfo, .unavailable, "the status is \(response.status)")
        }
        guard let root = (try? JSONDocument(parsing: response.content))?.root, root.kind == .object
        else { throw ProviderFailure(.userInfo, .unavailable, "the answer is no JSON object") }
        return ProviderClaims(root)
    }

    private static func read<Value>(
        _ body: () throws(ProviderClaims.Violation) -> Value
    ) throws(ProviderFailure) -> Value {
        do throws(ProviderClaims.Violation) { return try body() } catch {
            throw ProviderFailure(.claims, .refused, "\(error)")
        }
    }
}
