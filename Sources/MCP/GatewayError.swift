import JSON

/// Why the gateway answers in the place of the server: the rows of the decision table.
package enum GatewayError: Sendable, Hashable {
    /// No scope opens the tool of that name.
    case unknownTool(ArraySlice<UInt8>)
    /// No scope opens the prompt of that name.
    case unknownPrompt(ArraySlice<UInt8>)
    /// No scope opens the resource of that URI.
    case unknownResource(ArraySlice<UInt8>)
    /// The task is not one of this principal, or no scope opens the tool behind it.
    case unknownTask
    /// No scope opens the method of that name.
    case unknownMethod(ArraySlice<UInt8>)
    /// The session is not one that this principal has here.
    case unknownSession
    /// The event that a stream is to go on from was not sent to this principal here.
    case unknownEvent
    /// A scope that the principal may obtain would open it.
    case insufficientScope
    /// Refused for a reason that no scope lifts, said in one plain sentence.
    case denied(reason: String)
    /// A limit was reached.
    case limited(retryAfterMilliseconds: Int)
    /// The upstream cannot be reached, or its answer cannot be used; one plain sentence.
    case upstreamFailed(reason: String)
    /// The upstream did not answer in time.
    case upstreamSilent
    /// The gateway is overloaded or about to stop; one plain sentence.
    case unavailable(reason: String)

    /// The answer to a request of that era.
    ///
    /// The gateway's own codes stay out of -32768…-32000, which JSON-RPC and MCP reserve.
    package func answer(for era: ProtocolEra) -> JSONRPCError {
        let modern = era == .modern
        return switch self {
        case .unknownTool(let name): unknown("tool", name, JSONRPCError.invalidParams)
        case .unknownPrompt(let name): unknown("prompt", name, JSONRPCError.invalidParams)
        // MCP 2025-11-25 server/resources has -32002; 2026-07-28 retired it.
        case .unknownResource(let uri):
            unknown(
                "resource", uri,
                modern ? JSONRPCError.invalidParams : JSONRPCError.resourceNotFound)
        case .unknownTask:
            JSONRPCError(code: JSONRPCError.invalidParams, message: "Unknown task", status: 200)
        // MCP 2026-07-28 basic/transports/streamable-http asks for 404.
        case .unknownMethod(let name):
            JSONRPCError(
                code: JSONRPCError.methodNotFound, message: sentence("Method not found", name),
                status: modern ? 404 : 200)
        // MCP 2025-11-25 basic/transports: 404 makes the client begin a new session.
        case .unknownSession:
            JSONRPCError(
                code: JSONRPCError.invalidRequest, message: "Session not found", status: 404)
        case .unknownEvent:
            JSONRPCError(
                code: JSONRPCError.invalidRequest, message: "Event not found", status: 404)
        case .insufficientScope:
            JSONRPCError(code: 1403, message: "Insufficient scope", status: 403)
        case .denied(let reason): JSONRPCError(code: 1403, message: reason, status: 200)
        case .limited(let wait):
            JSONRPCError(
                code: 1429, message: "Too many requests",
                data: Array("{\"retryAfterMs\":\(wait)}".utf8), status: 200)
        case .upstreamFailed(let reason): JSONRPCError(code: 1502, message: reason, status: 502)
        case .upstreamSilent:
            JSONRPCError(code: 1504, message: "The server did not answer in time", status: 504)
        case .unavailable(let reason): JSONRPCError(code: 1503, message: reason, status: 503)
        }
    }

    private func unknown(_ what: String, _ name: ArraySlice<UInt8>, _ code: Int) -> JSONRPCError {
        JSONRPCError(code: code, message: sentence("Unknown \(what)", name), status: 200)
    }

    /// Names what was asked for, unless it is too long for a sentence.
    private func sentence(_ text: String, _ name: ArraySlice<UInt8>) -> String {
        guard name.count <= 128 else { return text }
        return "\(text): \(String(decoding: name, as: UTF8.self))"
    }
}
