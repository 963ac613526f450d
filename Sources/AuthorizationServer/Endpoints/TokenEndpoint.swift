import HTTP
package import OAuth
package import Seals
package import Storage

/// `/token`: what clients show becomes tokens (RFC 6749 §3.2).
package struct TokenEndpoint: Sendable {
    /// The most bytes of a request's content.
    package static let bodyLimit = ClientForm.bodyLimit

    private let authentication: ClientAuthentication
    private let codes: CodeGrant
    private let refreshes: RefreshGrant
    private let machines: ClientCredentialsGrant
    private let assertions: AssertionGrant
    private let exchanges: TokenExchangeGrant
    private let proofs: EndpointProofs

    /// The endpoint; ring and issuer may change while the process runs, `keySets` finds the keys of
    /// others that are at a URL, and without `proofs` no token is bound to a key.
    package init(
        options: AuthorizationServerOptions, store: any Store,
        authentication: ClientAuthentication, users: any UserDirectory,
        ring: @escaping @Sendable () -> KeyRing,
        issuer: @escaping @Sendable () -> AccessTokenIssuer, keySets: @escaping KeySetLookup,
        proofs: DPoPVerifier? = nil
    ) {
        self.authentication = authentication
        let issuing = TokenIssuing(
            options: options, store: store, users: users, ring: ring, issuer: issuer,
            keySets: keySets)
        codes = CodeGrant(issuing: issuing)
        refreshes = RefreshGrant(issuing: issuing)
        machines = ClientCredentialsGrant(issuing: issuing)
        assertions = AssertionGrant(issuing: issuing)
        exchanges = TokenExchangeGrant(issuing: issuing)
        self.proofs = EndpointProofs(proofs, issuer: options.issuer, path: "/token")
    }

    /// The answer: 200 with tokens, or an error (RFC 6749 §5).
    package func respond(to request: EndpointRequest) async -> EndpointResponse {
        switch request.head.method {
        case .post: proofs.offeringNonce(await issue(request), to: request)
        case .options: .preflight(methods: "POST")
        case .get, .head, .put, .delete, .patch, .connect, .trace, .other:
            .methodNotAllowed(methods: "POST")
        }
    }

    private func issue(_ request: EndpointRequest) async -> EndpointResponse {
        let usesBasic = ClientForm.usesBasic(request)
        let client: Client
        let form: ClientForm
        do throws(OAuthError) {
            form = try ClientForm(request)
            // Before anything else is read: who fails to authenticate learns nothing of the grant.
            client = try await authentication.client(
                form.credentials, for: request.network, at: request.now)
        } catch {
            var answer = EndpointResponse.clientRefusal(error, usedBasic: usesBasic)
            answer.events = [.refusedIssuance]
            return answer
        }
        do throws(GrantRefusal) {
            let issued = try await tokens(form.parameters, client, request)
            var answer = EndpointResponse.json(issued.response.body)
            answer.clientID = client.id
            answer.subject = issued.subject
            answer.events = [.issuance(issued.issuance)]
            return answer
        } catch {
            var answer = error.answer(clientID: client.id, usedBasic: usesBasic)
            answer.events = [.refusedIssuance]
            answer.events += error.endedGrants.map { .revocation(by: .gateway, grantID: $0) }
            return answer
        }
    }

    private func tokens(
        _ form: FormParameters, _ client: Client, _ request: EndpointRequest
    ) async throws(GrantRefusal) -> IssuedTokens {
        let wanted: TokenRequest
        let key: KeyThumbprint?
        do throws(OAuthError) {
            wanted = try TokenRequest(form)
            // Before the grant is looked at: what is wrong with a proof burns nothing.
            key = try proofs.key(of: request)
        } catch {
            throw GrantRefusal(error)
        }
        // RFC 6749 §5.2
        guard client.mayUse(wanted.type) else {
            throw GrantRefusal(
                OAuthError(
                    .unauthorizedClient, "This grant_type is not one that the client may use"))
        }
        let (resource, now) = (wanted.resource, request.now)
        switch wanted.grant {
        case .authorizationCode(let code, let redirectURI, let verifier):
            return try await codes.tokens(
                for: CodeGrant.Presented(
                    client: client, code: code, redirectURI: redirectURI, verifier: verifier,
                    resource: resource, key: key),
                atMilliseconds: request.nowMilliseconds)
        case .refreshToken(let token, let scope):
            return try await refreshes.tokens(
                for: RefreshGrant.Presented(
                    client: client, token: token, scope: scope, resource: resource, key: key),
                atMilliseconds: request.nowMilliseconds)
        case .clientCredentials(let scope):
            return try await machines.tokens(
                for: ClientCredentialsGrant.Presented(
                    client: client, scope: scope, resource: resource, key: key),
                at: now)
        case .jwtBearer(let assertion, let scope):
            return try await assertions.tokens(
                for: AssertionGrant.Presented(
                    client: client, assertion: assertion, scope: scope, resource: resource,
                    key: key),
                at: now)
        case .tokenExchange(let exchange):
            return try await exchanges.tokens(
                for: TokenExchangeGrant.Presented(
                    client: client, request: exchange, resource: resource, key: key),
                at: now)
        }
    }
}
