package import HTTP
package import Transport

/// Why an upstream gave no whole answer.
package enum UpstreamFailure: Error, Sendable {
    /// The name has no address.
    case unresolved(ResolutionFailure)
    /// No address took the connection; the system's reason for the last one.
    case refused(Int32)
    /// TLS failed: the certificate of the upstream is not believed, as a rule.
    case insecure(String)
    /// No connection within the connect timeout.
    case connectTimeout
    /// No head of an answer within the first-byte timeout.
    case firstByteTimeout
    /// The answer did not end within the call timeout.
    case callTimeout
    /// The connection broke; the system's reason.
    case broken(Int32)
    /// The connection ended before the answer did.
    case truncated
    /// The answer is not HTTP as RFC 9112 has it.
    case malformed(ResponseViolation)
    /// As many connections are open as may be.
    case overloaded

    /// Whether the upstream was silent for too long, which is 504 rather than 502.
    package var isTimeout: Bool {
        switch self {
        case .firstByteTimeout, .callTimeout: true
        case .unresolved, .refused, .insecure, .connectTimeout, .broken, .truncated, .malformed,
            .overloaded:
            false
        }
    }

    /// A short name for logs and metrics.
    package var name: String {
        switch self {
        case .unresolved: "unresolved"
        case .refused: "refused"
        case .insecure: "insecure"
        case .connectTimeout: "connect-timeout"
        case .firstByteTimeout: "first-byte-timeout"
        case .callTimeout: "call-timeout"
        case .broken: "broken"
        case .truncated: "truncated"
        case .malformed: "malformed"
        case .overloaded: "overloaded"
        }
    }

    /// The private reason, for the log.
    package var detail: String {
        switch self {
        case .unresolved(let failure): "\(failure)"
        case .refused(let code), .broken(let code): systemMessage(code)
        case .insecure(let reason): "TLS: \(reason)"
        case .malformed(let violation): "\(violation)"
        case .connectTimeout, .firstByteTimeout, .callTimeout, .truncated, .overloaded: name
        }
    }
}
