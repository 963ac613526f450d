import Configuration
import HTTP
import OAuth
import ResourceServer
import Transport

/// A configuration made ready to serve: immutable, and each exchange keeps the one it began with.
final class GatewaySnapshot: Sendable {
    /// What a path leads to.
    enum Route: Sendable {
        /// An MCP endpoint.
        case server(Int)
        /// A document for everybody, read with GET.
        case document([UInt8])
        /// An endpoint of the authorization server.
        case endpoint(PublicEndpoint)
    }

    let configuration: GatewayConfiguration
    let servers: [ServedServer]
    /// The authorization server; nil where every server has a foreign one.
    let authorization: AuthorizationService?
    let labels: ServerLabels
    /// The counters of its limits.
    let admission: AdmissionTable
    /// The names of the keys that it serves with.
    let keyNames: [String]
    let messageLimits: MessageLimits
    let times: ConnectionTimes
    /// Whether every request has a line in the log.
    let logsAccess: Bool
    /// How many connections there may be: in all, and from one address.
    let connectionLimits: (total: Int, perAddress: Int)
    /// TLS of each listener of the configuration; nil for one in the clear.
    let listenerTLS: [(address: Transport.SocketAddress, tls: TLSContext?)]
    private let routes: [ArraySlice<UInt8>: Route]

    /// Makes a configuration ready; names that metrics know already keep their places, and limits
    /// go on with the counts of `admission`.
    ///
    /// - Throws: what of the configuration cannot be used.
    init(
        _ configuration: GatewayConfiguration, keys: OwnKeys, issuing: IssuingState,
        labels known: ServerLabels, admission: AdmissionTable = AdmissionTable()
    ) throws {
        var labels = known
        self.configuration = configuration
        self.admission = admission
        keyNames = keys.names
        listenerTLS = try configuration.listeners.compactMap { listener in
            let address = listener.address
            return try Transport.SocketAddress(literal: address.host, port: address.port).map {
                (address: $0, tls: try listener.tls.map { try $0.context() })
            }
        }
        let outbound = try issuing.outbound.prepare(configuration.outbound)
        servers = try configuration.servers.map { options in
            try ServedServer(
                options, of: configuration, keys: keys, remembering: issuing,
                believing: outbound.tls,
                metricsIndex: labels.index(of: options.name), admission: admission)
        }
        self.labels = labels
        authorization = AuthorizationService(configuration, keys: keys, issuing: issuing)
        messageLimits = configuration.limits.message
        logsAccess = configuration.log.access
        connectionLimits = (
            configuration.limits.connectionCount, configuration.limits.connectionCountPerAddress
        )
        let timeouts = configuration.timeouts
        times = ConnectionTimes(
            head: timeouts.head.nanoseconds, content: timeouts.body.nanoseconds,
            idle: timeouts.idle.nanoseconds)
        routes = Self.routes(servers, authorization, keys)
        issuing.adopt(outbound)
        issuing.toolSchemas.keepOnly(Set(servers.map(\.upstreamIdentity)))
        issuing.issuers.keepOnly(those: servers)
    }

    /// What a path leads to, compared byte for byte.
    func route(_ path: ArraySlice<UInt8>) -> Route? { routes[path] }

    private static func routes(
        _ servers: [ServedServer], _ authorization: AuthorizationService?, _ keys: OwnKeys
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
        if servers.contains(where: \.credential.showsIdentity) {
            add("/identity-jwks", .document(keys.identityDocument))
        }
        guard let authorization else { return routes }
        add("/jwks", .document(keys.document))
        // RFC 8414 §3.1 and OpenID Connect Discovery §4: the issuer has no path, so there is one
        // place for each, and no other path has a document of another issuer.
        add("/.well-known/oauth-authorization-server", .document(authorization.metadata))
        add("/.well-known/openid-configuration", .document(authorization.openIDMetadata))
        for endpoint in PublicEndpoint.allCases where endpoint != .signInCallback {
            add(endpoint.path, .endpoint(endpoint))
        }
        for path in authorization.callbackPaths { add(path, .endpoint(.signInCallback)) }
        return routes
    }
}

extension ListenerTLS {
    /// What makes its connections.
    ///
    /// - Throws: `TLSFailure`, though the files were checked before.
    fileprivate func context() throws(TLSFailure) -> TLSContext {
        try TLSContext.server(certificates: certificates, privateKey: privateKey.bytes)
    }
}
