/// The ways in which an upstream fails, as they are counted.
package enum UpstreamErrorKind: Int, Sendable, CaseIterable {
    /// No connection: name not found, refused, TLS not agreed.
    case unreachable
    /// No answer in time.
    case silent
    /// The connection ended inside an answer.
    case truncated
    /// An answer that breaks the protocol, or one that must be read and cannot be.
    case malformed
    /// Its own 401, 403, 407 or redirect.
    case refused
    /// The pool of connections and its queue are full.
    case exhausted

    /// The value of the label `kind`.
    package var label: StaticString {
        switch self {
        case .unreachable: "unreachable"
        case .silent: "silent"
        case .truncated: "truncated"
        case .malformed: "malformed"
        case .refused: "refused"
        case .exhausted: "exhausted"
        }
    }
}
