/// Why the gateway answers in the place of the server (policy: the decision table).
package enum GatewayError: Sendable, Hashable {
    /// No scope opens the tool.
    case unknownTool(ArraySlice<UInt8>)
    /// No scope opens the prompt.
    case unknownPrompt(ArraySlice<UInt8>)
    /// No scope opens the resource.
    case unknownResource(ArraySlice<UInt8>)
    /// No scope opens the task, or it is another principal's.
    case unknownTask
    /// No scope opens the method.
    case unknownMethod(ArraySlice<UInt8>)
    /// The session is not one that this principal has here.
    case unknownSession
    /// A scope that the principal may obtain would open it.
    case insufficientScope
    /// Refused for a reason that no scope lifts.
    case denied(reason: String)
    /// A limit was reached.
    case limited(retryAfterMilliseconds: Int)
    /// The upstream cannot be reached, or its answer cannot be used.
    case upstreamFailed(reason: String)
    /// The upstream did not answer in time.
    case upstreamSilent
    /// The gateway is overloaded or about to stop.
    case unavailable(reason: String)

    /// The answer to a request of that era.
    package func answer(for era: ProtocolEra) -> JSONRPCError {
        JSONRPCError(code: 0, message: "", status: 500)
    }
}
