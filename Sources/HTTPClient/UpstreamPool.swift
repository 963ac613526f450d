package import Transport

/// The connections of one loop to one upstream.
package final class UpstreamPool {
    /// Where the upstream is, and how long to wait for it.
    package let options: UpstreamOptions
    let context: LoopContext
    let resolver: HostResolver

    /// All connections, so that each lives until it is closed.
    private var connections: [ObjectIdentifier: UpstreamConnection] = [:]
    private var idle: [UpstreamConnection] = []

    /// Makes an empty pool.
    package init(options: UpstreamOptions, context: LoopContext, resolver: HostResolver) {
        self.options = options
        self.context = context
        self.resolver = resolver
    }

    /// The loop's time, in nanoseconds of the monotonic clock.
    package var now: UInt64 { context.now }

    /// Connections that are open or being opened.
    package var openCount: Int { connections.count }

    /// Connections that wait for a request.
    package var idleCount: Int { idle.count }

    /// Sends a request over a kept or a new connection.
    package func send(_ request: UpstreamRequest, for receiver: any UpstreamReceiver) {
        while let connection = idle.popLast() {
            guard connection.isUsable else {
                connection.close()
                continue
            }
            receiver.upstream = connection
            return connection.begin(request, for: receiver)
        }
        sendAnew(request, for: receiver)
    }

    /// Sends a request over a new connection, which is not taken for one that the upstream closed:
    /// so a request that is sent again is sent again once.
    func sendAnew(_ request: UpstreamRequest, for receiver: any UpstreamReceiver) {
        guard connections.count < options.connectionLimit else {
            return receiver.upstreamFailed(.overloaded)
        }
        let connection = UpstreamConnection(pool: self)
        connections[ObjectIdentifier(connection)] = connection
        receiver.upstream = connection
        connection.begin(request, for: receiver)
    }

    /// Closes what is idle; calls under way go on.
    package func closeIdle() {
        let closing = idle
        idle = []
        for connection in closing { connection.close() }
    }

    func keep(_ connection: UpstreamConnection) {
        if idle.count < options.idleLimit { idle.append(connection) } else { connection.close() }
    }

    func forget(_ connection: UpstreamConnection, wasIdle: Bool) {
        connections[ObjectIdentifier(connection)] = nil
        if wasIdle { idle.removeAll { $0 === connection } }
    }
}
