/// Which side of the protocol wrote a message.
package enum MessageSender: Sendable, Hashable {
    /// The client: every rule holds.
    case client
    /// The server behind the gateway: an error response may have the id `null`
    /// (JSON-RPC 2.0 §5), and what it asks of the client needs no target.
    case server
}
