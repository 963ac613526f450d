package import HTTP

/// How a stream of HTTP+SSE deviates in what it says of its endpoint (MCP 2024-11-05
/// basic/transports).
package enum EndpointViolation: Error, Sendable, Hashable {
    /// The first event is another one.
    case eventMissing
    /// There was an endpoint already.
    case eventRepeated
    /// The event has no data.
    case empty
    /// The reference, or what it means, is longer than the limit, in bytes.
    case tooLong(limit: Int)
    /// The data is no reference to an http or https URI.
    case notAReference(URIViolation)
    /// It leads to another scheme, host or port than the stream came from.
    case foreignOrigin
}

extension EndpointViolation: CustomStringConvertible {
    /// What is wrong, in a few plain words, for the log.
    package var description: String {
        switch self {
        case .eventMissing: "the stream does not begin with its endpoint"
        case .eventRepeated: "the stream names an endpoint again"
        case .empty: "the endpoint is empty"
        case .tooLong(let limit): "the endpoint has more than \(limit) bytes"
        case .notAReference(let violation): "the endpoint is no URI: \(violation)"
        case .foreignOrigin: "the endpoint has another origin than the upstream"
        }
    }
}
