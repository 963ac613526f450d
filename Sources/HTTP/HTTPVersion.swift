/// A protocol version that the gateway speaks on the wire, RFC 9112 §2.3.
///
/// Every other version is refused while the start line is read, so a head never carries one.
package enum HTTPVersion: Sendable, Hashable {
    /// `HTTP/1.0`: no transfer codings, not persistent unless asked for.
    case http10
    /// `HTTP/1.1`.
    case http11
}
