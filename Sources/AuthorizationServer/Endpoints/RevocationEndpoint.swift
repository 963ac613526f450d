import Cryptography
import HTTP
import OAuth
package import Seals
package import Storage

/// `/revoke`: a client gives a token up, and with it the whole grant (RFC 7009).
package struct RevocationEndpoint: Sendable {
    /// The most bytes of a request's content.
    package static let bodyLimit = ClientForm.bodyLimit

    private let store: any Store
    private let authentication: ClientAuthentication
    private let ring: @Sendable () -> KeyRing
    private let issuer: @Sendable () -> AccessTokenIssuer

    /// The endpoint; ring and issuer may change while the process runs.
    package init(
        store: any Store, authentication: ClientAuthentication,
        ring: @escaping @Sendable () -> KeyRing,
        issuer: @escaping @Sendable () -> AccessTokenIssuer
    ) {
        self.store = store
        self.authentication = authentication
        self.ring = ring
        self.issuer = issuer
    }

    /// The answer: 200, for unknown tokens too (RFC 7009 §2.2), or an error.
    package func respond(to request: EndpointRequest) async -> EndpointResponse {
        switch request.head.method {
        case .post: await revoke(request)
        case .options: .preflight(methods: "POST")
        case .get, .head, .put, .delete, .patch, .connect, .trace, .other:
            .methodNotAllowed(methods: "POST")
        }
    }

    private func revoke(_ request: EndpointRequest) async -> EndpointResponse {
        do throws(OAuthError) {
            let form = try ClientForm(request)
            let client = try await authentication.client(
                form.credentials, for: request.network, at: request.now)
            return try await revoke(try Self.token(form.parameters), of: client, at: request.now)
        } catch {
            return .clientRefusal(error, usedBasic: ClientForm.usesBasic(request))
        }
    }

    /// `token`; the `token_type_hint` is not needed, for the kinds differ in shape.
    private static func token(_ form: FormParameters) throws(OAuthError) -> SecretBytes {
        guard let text = try? form.single("token") else {
            throw OAuthError(.invalidRequest, "The token is missing or comes more than once")
        }
        return SecretBytes(Array(text.utf8))
    }

    private func revoke(
        _ token: SecretBytes, of client: Client, at now: Int64
    ) async throws(OAuthError) -> EndpointResponse {
        var answer = EndpointResponse.empty(status: 200)
        answer.clientID = client.id
        guard let grantID = grantID(of: token) else { return answer }
        do throws(StoreError) {
            guard let grant = try await store.grant(grantID) else { return answer }
            answer.subject = grant.subject
            // RFC 7009 §2.1
            guard grant.client.utf8.elementsEqual(client.id.utf8) else {
                var refusal = EndpointResponse.refusal(
                    OAuthError(.invalidGrant, "The token was issued to another client"))
                refusal.clientID = client.id
                return refusal
            }
            _ = try await store.endGrant(grantID, at: now)
        } catch {
            throw ClientDirectory.unavailable(error)
        }
        answer.endedGrants = [grantID]
        answer.events = [.revocation(by: .client, grantID: grantID)]
        return answer
    }

    /// The grant of a token that we made; nil for everything else, which never reaches the store.
    private func grantID(of token: SecretBytes) -> String? {
        RefreshTokens(ring: ring()).token(in: token)?.grantID ?? issuer().grantID(of: token)
    }
}
