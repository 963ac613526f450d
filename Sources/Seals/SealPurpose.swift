/// What a seal is for; what was sealed for one purpose opens for no other.
package enum SealPurpose: String, Sendable, CaseIterable {
    /// `Mcp-Session-Id` as clients see it.
    case sessionID = "session id"
    /// Where messages of HTTP+SSE clients go at the upstream.
    case messageEndpoint = "message endpoint"
    /// The ids of server-sent events.
    case eventID = "event id"
    /// The ids of MCP tasks.
    case taskID = "task id"
    /// Client ids that hold the client's metadata.
    case clientID = "client id"
    /// A request at the authorization endpoint that waits for the user.
    case pendingAuthorization = "pending authorization"
    /// Authorization requests that clients handed in.
    case pushedRequest = "pushed request"
    /// A sign-in at an identity provider that was begun.
    case signInAttempt = "sign-in attempt"
    /// Cookies.
    case cookie = "cookie"
}
