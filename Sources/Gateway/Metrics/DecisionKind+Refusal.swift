import Proxy
import ResourceServer

extension UpstreamErrorKind {
    /// The kind under which a failure of forwarding is counted.
    init(_ kind: ForwardingFailure.Kind) {
        switch kind {
        case .unreachable: self = .unreachable
        case .silent: self = .silent
        case .truncated: self = .truncated
        case .malformed: self = .malformed
        case .refused: self = .refused
        case .exhausted: self = .exhausted
        }
    }
}

extension DecisionKind {
    /// The kind under which a refusal is counted.
    init(_ refusal: Refusal) {
        switch refusal.status {
        case 401: self = .unauthenticated
        case 403:
            let isChallenge = refusal.fields.contains { $0.name == "WWW-Authenticate" }
            self = isChallenge ? .stepUp : .foreignOrigin
        case 404: self = .unknownMethod
        case 200: self = .unknown
        case 429, 503: self = .overloaded
        default: self = .malformed
        }
    }
}
