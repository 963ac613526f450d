import HTTP
package import MCP

extension Authorizer {
    /// The endpoint that a message of an HTTP+SSE client is for; nil where the server has one for
    /// all.
    func endpoint(
        of head: RequestHead, _ message: Message, _ token: VerifiedAccessToken,
        _ server: ProtectedServer
    ) throws(RefusedRequest) -> OpenedEndpoint? {
        guard case .sse(let upstream) = server.transport else { return nil }
        guard let seal = SealedEndpoints.seal(in: head),
            let endpoint = endpoints.open(seal, for: token, upstream: upstream)
        else {
            throw RefusedRequest(
                .jsonRPC(
                    GatewayError.unknownSession.answer(for: .legacy), id: message.idBytes,
                    reason: "the endpoint does not open for this principal",
                    ruling: Ruling(.unknown)))
        }
        // A server of 2024-11-05 does not know these methods, and this is what it would say: a client
        // that speaks both goes on with `initialize` (MCP 2026-07-28 basic/versioning).
        guard RequestHeaderAgreement.era(of: head.fields, message) == .legacy else {
            let error = GatewayError.unknownMethod(message.methodName).answer(for: .legacy)
            throw RefusedRequest(
                Refusal.jsonRPC(
                    error, id: message.idBytes,
                    reason: "a message of 2026-07-28 for a server of HTTP+SSE",
                    ruling: Ruling(.malformed)
                ).awaited(at: endpoint))
        }
        return endpoint
    }

    /// The reference that a client is given for an upstream's endpoint, and the seal in it.
    package func reference(
        to endpoint: MessageEndpoint, for request: borrowing AuthorizedRequest
    ) -> (reference: [UInt8], seal: [UInt8]) {
        let seal = endpoints.seal(endpoint, for: request.token)
        return (SealedEndpoints.reference(path: request.head.pathBytes, seal: seal), seal)
    }
}

extension Refusal {
    /// The refusal of a message whose sender waits for the response on the stream of the endpoint.
    func awaited(at endpoint: OpenedEndpoint?) -> Refusal {
        var result = self
        result.endpoint = endpoint
        return result
    }

    /// The response as an event for the stream of ``endpoint``.
    ///
    /// Nil for a failure of HTTP, which clients see as such: 401 and 403 lead to another token, and to
    /// the same message again.
    package var event: [UInt8]? {
        guard endpoint != nil, status == 200 else { return nil }
        return EventStreamEvent.encode(data: body, event: "message")
    }
}
