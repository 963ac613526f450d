package import HTTP

/// How a server speaks HTTP: the `transport` of a server.
package enum ServerTransport: Sendable, Equatable {
    /// One endpoint for POST, GET and DELETE (MCP 2025-03-26 and later, streamable HTTP).
    case streamable
    /// A stream from this URL that names the endpoint for messages (MCP 2024-11-05, HTTP+SSE).
    case sse(upstream: AbsoluteURI)
}
