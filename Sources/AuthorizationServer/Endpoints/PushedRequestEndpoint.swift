import HTTP
import JSON
package import OAuth
package import Seals

/// `/par`: a client hands in its authorization request before the user's browser brings its name (RFC
/// 9126).
package struct PushedRequestEndpoint: Sendable {
    /// The most bytes of a request's content.
    package static let bodyLimit = ClientForm.bodyLimit

    private let authentication: ClientAuthentication
    private let ring: @Sendable () -> KeyRing
    private let proofs: EndpointProofs

    /// The endpoint; the ring may change while the process runs, and without `proofs` no proof of a key
    /// is read.
    package init(
        issuer: String, authentication: ClientAuthentication,
        ring: @escaping @Sendable () -> KeyRing, proofs: DPoPVerifier? = nil
    ) {
        // RFC 9126 §2 — assertions for the token endpoint are taken too.
        self.authentication = authentication.accepting(endpoint: "/par")
        self.ring = ring
        self.proofs = EndpointProofs(proofs, issuer: issuer, path: "/par")
    }

    /// The answer: 201 with the name of the request (RFC 9126 §2.2), or an error.
    package func respond(to request: EndpointRequest) async -> EndpointResponse {
        switch request.head.method {
        case .post: proofs.offeringNonce(await push(request), to: request)
        case .options: .preflight(methods: "POST")
        case .get, .head, .put, .delete, .patch, .connect, .trace, .other:
            .methodNotAllowed(methods: "POST")
        }
    }

    private func push(_ request: EndpointRequest) async -> EndpointResponse {
        do throws(OAuthError) {
            let form = try ClientForm(request)
            let client = try await authentication.client(
                form.credentials, for: request.network, at: request.now)
            let wanted = try Self.check(form.parameters, of: client)
            let proven = try proofs.key(of: request)
            // RFC 9449 §10.1
            guard proven == nil || wanted.key == nil || proven == wanted.key else {
                throw OAuthError(.invalidDPoPProof, "The dpop_jkt is not the key of the DPoP proof")
            }
            guard
                let uri = PushedRequests(ring: ring()).uri(
                    of: form.parameters, for: client.id, key: proven ?? wanted.key, at: request.now)
            else { throw OAuthError(.invalidRequest, "The request is too large") }
            var answer = EndpointResponse.json(Self.body(uri), status: 201)
            answer.clientID = client.id
            return answer
        } catch {
            return .clientRefusal(error, usedBasic: ClientForm.usesBasic(request))
        }
    }

    /// RFC 9126 §2.1 — what `/authorize` would refuse is refused here, where the client reads why.
    private static func check(
        _ form: FormParameters, of client: Client
    ) throws(OAuthError) -> AuthorizationRequest {
        guard client.mayUse(.authorizationCode) else {
            throw OAuthError(.unauthorizedClient, "The client may not ask users for access")
        }
        let text: String?
        do throws(FormViolation) { text = try form.single("redirect_uri") } catch {
            throw OAuthError(.invalidRequest, "The request cannot be read: \(error)")
        }
        if let text {
            guard let uri = RedirectURI(text), client.redirects(to: uri) else {
                throw OAuthError(.invalidRequest, "The redirect_uri is not the client's")
            }
        }
        return try AuthorizationRequest(form)
    }

    private static func body(_ uri: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("request_uri")
        writer.string(uri)
        writer.name("expires_in")
        writer.integer(PushedRequests.lifetime)
        writer.endObject()
        return writer.bytes
    }
}
