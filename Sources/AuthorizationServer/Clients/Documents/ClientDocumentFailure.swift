/// Why a client's document is not at hand.
package enum ClientDocumentFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is at the URL describes no client, or may not be fetched; asking again soon is no use.
    case unusable(String)
    /// It could not be got now.
    case unreachable(String)
    /// Too many documents were fetched: the seconds to wait.
    case limited(retryAfter: Int64)

    package var description: String {
        switch self {
        case .unusable(let reason): "the client's document cannot be used: \(reason)"
        case .unreachable(let reason): "the client's document cannot be got: \(reason)"
        case .limited: "too many documents of clients are fetched"
        }
    }
}
