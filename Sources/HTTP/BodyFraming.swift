/// How the content of a request is delimited, RFC 9112 §6.3.
package enum BodyFraming: Sendable, Hashable {
    /// No content.
    case none
    /// Exactly that many bytes; zero is possible.
    case length(Int)
    /// The chunked transfer coding, RFC 9112 §7.1.
    case chunked
}

/// How the content of a response is delimited, RFC 9112 §6.3.
package enum ResponseFraming: Sendable, Hashable {
    /// No content, whatever the fields say: the answer to HEAD, and 204 and 304.
    case none
    /// Exactly that many bytes; zero is possible.
    case length(Int)
    /// The chunked transfer coding, RFC 9112 §7.1.
    case chunked
    /// Everything up to the close of the connection.
    case untilClose
}
