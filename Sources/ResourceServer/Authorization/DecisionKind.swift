/// The decisions on requests that are counted; one request is decided once.
package enum DecisionKind: Int, Sendable, CaseIterable {
    /// A scope of the token, or a valid token where that is enough, opens it.
    case allow
    /// Another scope that may be granted would open it.
    case stepUp
    /// No scope opens the tool, prompt or resource.
    case unknown
    /// No scope opens the method.
    case unknownMethod
    /// A limit, or an argument condition that no scope lifts.
    case denied
    /// Not one message, or one that could be read in two ways.
    case malformed
    /// No token, or one that is not valid here.
    case unauthenticated
    /// The Origin is not allowed.
    case foreignOrigin
    /// The gateway has no capacity left, or drains.
    case overloaded

    /// The value of the label `decision`.
    package var label: StaticString {
        switch self {
        case .allow: "allow"
        case .stepUp: "step_up"
        case .unknown: "unknown"
        case .unknownMethod: "unknown_method"
        case .denied: "denied"
        case .malformed: "malformed"
        case .unauthenticated: "unauthenticated"
        case .foreignOrigin: "foreign_origin"
        case .overloaded: "overloaded"
        }
    }
}
