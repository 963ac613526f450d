import Cryptography
import HTTP
import JSON
import OAuth
package import Storage

/// `/introspect`: a program that takes our tokens asks what one is about (RFC 7662).
///
/// Only clients that the configuration names may ask, and each only about the servers of its entry; of
/// everything else it learns nothing but that it is not active.
package struct IntrospectionEndpoint: Sendable {
    /// The most bytes of a request's content.
    package static let bodyLimit = ClientForm.bodyLimit

    private let options: AuthorizationServerOptions
    private let store: any Store
    private let authentication: ClientAuthentication
    private let issuer: @Sendable () -> AccessTokenIssuer

    /// The endpoint; the issuer may change while the process runs.
    package init(
        options: AuthorizationServerOptions, store: any Store,
        authentication: ClientAuthentication, issuer: @escaping @Sendable () -> AccessTokenIssuer
    ) {
        self.options = options
        self.store = store
        self.authentication = authentication
        self.issuer = issuer
    }

    /// Whether there is anybody who may ask.
    package static func isServed(_ options: AuthorizationServerOptions) -> Bool {
        options.clients.contains(where: \.mayIntrospect)
    }

    /// The answer: 200, for unknown tokens too (RFC 7662 §2.2), or an error.
    package func respond(to request: EndpointRequest) async -> EndpointResponse {
        guard Self.isServed(options) else {
            var answer = EndpointResponse.empty(status: 404)
            answer.reason = "no client may introspect"
            return answer
        }
        return switch request.head.method {
        case .post: await introspect(request)
        case .options: .preflight(methods: "POST")
        case .get, .head, .put, .delete, .patch, .connect, .trace, .other:
            .methodNotAllowed(methods: "POST")
        }
    }

    private func introspect(_ request: EndpointRequest) async -> EndpointResponse {
        do throws(OAuthError) {
            let form = try ClientForm(request)
            let client = try await authentication.client(
                form.credentials, for: request.network, at: request.now)
            guard let entry = client.entry, entry.mayIntrospect else {
                // RFC 7662 §2.1 — who may not ask is told as much as who cannot say who it is.
                throw OAuthError(.unauthorizedClient, "The client may not introspect tokens")
            }
            guard let text = try? form.parameters.single("token") else {
                throw OAuthError(
                    .invalidRequest, "The token is missing or comes more than once")
            }
            let token = try await living(SecretBytes(Array(text.utf8)), entry, at: request.now)
            var answer = EndpointResponse.json(Self.body(token, issuer: options.issuer))
            answer.clientID = client.id
            answer.subject = token?.subject
            return answer
        } catch {
            return .clientRefusal(error, usedBasic: ClientForm.usesBasic(request))
        }
    }

    /// The token, if it opens a server of the entry now.
    private func living(
        _ text: SecretBytes, _ entry: ClientEntry, at now: Int64
    ) async throws(OAuthError) -> OwnAccessToken? {
        guard let token = issuer().token(in: text, at: now) else { return nil }
        let server = options.resources.first {
            $0.resource.text.utf8.elementsEqual(token.audience.utf8)
        }
        guard let server, entry.allows(server: server.name) else { return nil }
        do throws(StoreError) {
            guard let grant = try await store.grant(token.grantID), grant.endedAt == nil else {
                return nil
            }
            return token
        } catch {
            throw ClientDirectory.unavailable(error)
        }
    }

    /// RFC 7662 §2.2 — of a token that is not active nothing else is said.
    private static func body(_ token: OwnAccessToken?, issuer: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("active")
        writer.bool(token != nil)
        if let token {
            let texts: [(StaticString, String)] = [
                ("scope", token.scopes.text), ("client_id", token.clientID),
                ("token_type", token.key == nil ? "Bearer" : "DPoP"), ("sub", token.subject),
                ("aud", token.audience), ("iss", issuer), ("jti", token.id),
            ]
            for (name, value) in texts {
                writer.name(name)
                writer.string(value)
            }
            for (name, value) in [("iat", token.issuedAt), ("exp", token.expiresAt)] {
                writer.name(name)
                writer.integer(value)
            }
            // RFC 9449 §6.2
            if let key = token.key { key.appendConfirmation(to: &writer) }
        }
        writer.endObject()
        return writer.bytes
    }
}
