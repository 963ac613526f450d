import Proxy

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
