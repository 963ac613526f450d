/// What became of a request.
package enum RequestOutcome: Int, Sendable, CaseIterable {
    /// Sent to an upstream.
    case forwarded
    /// Turned down by the gateway.
    case refused
    /// Answered by the gateway itself: metadata, preflight, health.
    case answered

    /// The word in logs and metrics.
    package var label: StaticString {
        switch self {
        case .forwarded: "forwarded"
        case .refused: "refused"
        case .answered: "answered"
        }
    }
}
