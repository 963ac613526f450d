import Configuration
import HTTP
import OAuth
import ResourceServer

/// A configuration made ready to serve: immutable, and each exchange keeps the one it began with.
final class GatewaySnapshot: Sendable {
    /// What a path leads to.
    enum Route: Sendable {
        /// An MCP endpoint.
        case server(Int)
        /// A document for everybody, read with GET.
        case document([UInt8])
    }

    let configuration: GatewayConfiguration
    let servers: [ServedServer]
    let labels: ServerLabels
    let messageLimits: MessageLimits
    let times: ConnectionTimes
    /// Whether every request has a line in the log.
    let logsAccess: Bool
    /// How many connections there may be: in all, and from one address.
    let connectionLimits: (total: Int, perAddress: Int)
    private let routes: [ArraySlice<UInt8>: Route]

    /// Makes a configuration ready; names that metrics know already keep their places.
    ///
    /// - Throws: what of the configuration cannot be used.
    init(
        _ configuration: GatewayConfiguration, keys: OwnKeys, labels known: ServerLabels
    ) throws {
        var labels = known
        self.configuration = configuration
        servers = try configuration.servers.map { options in
            try ServedServer(
                options, of: configuration, keys: keys,
                metricsIndex: labels.index(of: options.name))
        }
        self.labels = labels
        messageLimits = configuration.limits.message
        logsAccess = configuration.log.access
        connectionLimits = (
            configuration.limits.connectionCount, configuration.limits.connectionCountPerAddress
        )
        let timeouts = configuration.timeouts
        times = ConnectionTimes(
            head: timeouts.head.nanoseconds, content: timeouts.body.nanoseconds,
            idle: timeouts.idle.nanoseconds)
        routes = Self.routes(configuration, servers, keys)
    }

    /// What a path leads to, compared byte for byte.
    func route(_ path: ArraySlice<UInt8>) -> Route? { routes[path] }

    private static func routes(
        _ configuration: GatewayConfiguration, _ servers: [ServedServer], _ keys: OwnKeys
    ) -> [ArraySlice<UInt8>: Route] {
        var routes: [ArraySlice<UInt8>: Route] = [:]
        func add(_ path: String, _ route: Route) { routes[Array(path.utf8)[...]] = route }
        let wellKnown = ProtectedResourceMetadata.wellKnownPath
        for (index, server) in servers.enumerated() {
            let server = server.protected
            for spelling in ProtectedServer.Spelling.allCases {
                let path = server.path + spelling.rawValue
                add(path, .server(index))
                // RFC 9728 §3.1: the well-known string goes before the path.
                add(wellKnown + path, .document(server.metadata(spelling).body))
            }
            add(server.path + wellKnown, .document(server.metadata().body))
        }
        if let only = servers.first?.protected, servers.count == 1 {
            add(wellKnown, .document(only.metadata().body))
        }
        let issues = configuration.servers.contains { $0.tokenSource == .gateway }
        if issues { add("/jwks", .document(keys.document)) }
        return routes
    }
}
