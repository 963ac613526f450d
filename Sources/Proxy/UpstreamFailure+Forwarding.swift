import HTTPClient
import ResourceServer

extension HTTPClient.UpstreamFailure {
    /// What it is called where failures are counted.
    var forwardingKind: ForwardingFailure.Kind {
        switch self {
        case .unresolved, .refused, .insecure, .broken, .connectTimeout: .unreachable
        case .firstByteTimeout, .callTimeout: .silent
        case .truncated: .truncated
        case .malformed: .malformed
        case .overloaded: .exhausted
        }
    }

    /// What the client is told.
    var answer: ResourceServer.UpstreamFailure {
        if isTimeout { return .silent }
        switch forwardingKind {
        case .unreachable: return .unreachable(detail: detail)
        case .silent, .truncated, .malformed, .refused, .exhausted: return .broken(detail: detail)
        }
    }
}
