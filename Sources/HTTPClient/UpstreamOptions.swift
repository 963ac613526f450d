package import Transport

/// Where an upstream is and how long to wait for it; the key of its connections, so that a reload that
/// leaves these alone keeps them.
package struct UpstreamOptions: Hashable, Sendable {
    /// The host of the upstream's URL: a name or a literal address without brackets.
    package var host: String
    /// The TCP port.
    package var port: UInt16
    /// For https, whose certificates are believed; nil for http.
    package var tls: TLSContext?
    /// Nanoseconds to wait for a connection, the handshake of TLS included.
    package var connectTimeout: UInt64 = 5_000_000_000
    /// Nanoseconds to wait for the head of an answer.
    package var firstByteTimeout: UInt64 = 60_000_000_000
    /// Nanoseconds after which an idle connection is closed; below the five seconds after which
    /// uvicorn closes its side, so that a request never meets a closing connection.
    package var idleLifetime: UInt64 = 4_000_000_000
    /// Connections that may be open at once, per loop.
    package var connectionLimit = 1024
    /// Idle connections that are kept, per loop.
    package var idleLimit = 256

    /// An upstream with the default times and limits.
    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }
}
