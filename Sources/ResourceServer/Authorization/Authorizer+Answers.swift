package import HTTP
package import MCP
import OAuth

// What the authorizer says of answers to what it let pass.
extension Authorizer {
    /// The sealed form of the session id of an upstream's answer; nil where there is none to pass.
    ///
    /// - Parameters:
    ///   - answer: the fields of the answer.
    ///   - request: the request.
    ///   - negotiated: the revision that the answer to `initialize` settles on; nil for others.
    /// - Returns: the value of `Mcp-Session-Id`.
    package func sealedSessionID(
        of answer: Fields, to request: borrowing AuthorizedRequest,
        negotiated: ProtocolRevision? = nil
    ) -> [UInt8]? {
        // MCP 2026-07-28 basic/transports — the revision has no sessions.
        guard request.revision.era == .legacy, answer.count(of: .mcpSessionID) == 1,
            let id = answer.bytes(of: .mcpSessionID), !id.isEmpty
        else { return nil }
        // Clients compare ids, so one that is still the same is answered as it was sent.
        if let known = request.sessionID, known.elementsEqual(id),
            let sealed = request.head.fields.bytes(of: .mcpSessionID)
        {
            return Array(sealed)
        }
        return sessions.seal(
            UpstreamSession(id: Array(id), revision: negotiated),
            context: request.token.sealContext)
    }

    /// The sealed form of an event's id, for a stream that no session of the upstream binds; nil for
    /// an id that is too long.
    package func sealedEventID(
        _ id: String, to request: borrowing AuthorizedRequest
    ) -> String? {
        events.seal(id, for: request.token)
    }

    /// RFC 6750 §3.1 — a revoked token is `invalid_token`, so that the client asks for another.
    static func revoked(
        _ head: RequestHead, _ token: VerifiedAccessToken, _ server: ProtectedServer
    ) -> Refusal {
        Refusals.ended(
            token, server, server.spelling(of: head), "The access token was revoked",
            reason: "the grant of the token was ended")
    }

    /// The answer to a request whose grant was ended while it was under way.
    package func revoked(_ request: borrowing AuthorizedRequest) -> Refusal {
        Self.revoked(request.head, request.token, request.server)
            .readable(by: request.head.fields.bytes(of: .origin))
    }
}
