/// What a loop has open at the moment.
package enum LoopGauge: Int, Sendable, CaseIterable {
    /// Connections of clients.
    case clientConnections
    /// Event streams to clients.
    case streams
    /// Connections to upstreams, idle ones included.
    case upstreamConnections
    /// Connections to upstreams that carry no exchange.
    case idleUpstreamConnections
}
