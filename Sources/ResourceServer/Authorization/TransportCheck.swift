import HTTP
import MCP

/// What the head of a request must be at a server that speaks HTTP+SSE (MCP 2024-11-05).
enum TransportCheck {
    /// MCP 2025-11-25 basic/transports, backwards compatibility — 405 sends clients of later revisions
    /// to GET, and no recognised error keeps them from it.
    private static let streamOnly = Refusal.plain(
        status: 405, "This server speaks HTTP+SSE: GET opens its stream",
        fields: [Refusal.Field(name: "Allow", value: "GET, OPTIONS")],
        ruling: Ruling(.malformed))
    private static let messagesOnly = Refusal.plain(
        status: 405, "This endpoint takes POST",
        fields: [Refusal.Field(name: "Allow", value: "POST, OPTIONS")],
        ruling: Ruling(.malformed))

    /// The answer to a head that fits another transport or another place; nil where it fits.
    static func refusal(_ head: RequestHead, _ server: ProtectedServer) -> Refusal? {
        guard case .sse = server.transport else { return nil }
        let isMessagePlace = SealedEndpoints.seal(in: head) != nil
        switch head.method {
        case .get: return isMessagePlace ? messagesOnly : nil
        case .post where isMessagePlace:
            guard ProtocolEra(presumedFrom: head.fields) == .legacy else {
                return .plain(
                    status: 400, "This server speaks revisions before 2026-07-28",
                    ruling: Ruling(.malformed))
            }
            return nil
        case .post, .delete, .head, .put, .options, .patch, .connect, .trace, .other:
            return isMessagePlace ? messagesOnly : streamOnly
        }
    }
}
