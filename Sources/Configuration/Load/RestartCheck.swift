/// A key whose change takes a restart, and how to see that it changed.
struct RestartCheck: Sendable {
    let key: String
    let isChanged: @Sendable (GatewayConfiguration, GatewayConfiguration) -> Bool

    /// Every key that the table marks so; a test holds this list against the table.
    static let all: [RestartCheck] = [
        RestartCheck("public_url") { $0.publicURL },
        RestartCheck("listen") { $0.listeners.map(\.address) },
        RestartCheck("health") { $0.health },
        RestartCheck("state") { $0.state },
        RestartCheck("master_key_file") { $0.masterKey },
        RestartCheck("workers") { $0.workers },
        RestartCheck("tokens.algorithm") { $0.tokens.algorithm },
        RestartCheck("log.to") { $0.log.destination },
        RestartCheck("audit") { $0.audit },
        RestartCheck("limits.connections") { $0.limits.connectionCount },
        RestartCheck("limits.connections_per_address") { $0.limits.connectionCountPerAddress },
    ]

    private init<Value: Equatable & SendableMetatype>(
        _ key: String, _ value: @escaping @Sendable (GatewayConfiguration) -> Value
    ) {
        self.key = key
        isChanged = { value($0) != value($1) }
    }
}

extension GatewayConfiguration {
    /// The keys that differ between two configurations and take a restart to come into effect, in the order of the table.
    package static func restartNeeded(
        from old: GatewayConfiguration, to new: GatewayConfiguration
    ) -> [String] {
        RestartCheck.all.filter { $0.isChanged(old, new) }.map(\.key)
    }
}
