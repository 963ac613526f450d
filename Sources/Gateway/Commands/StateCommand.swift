import Configuration
import Storage
import Transport

/// What the commands that work on the state have in common.
enum StateCommand {
    /// Opens the state of a configuration, runs `work` on it, and closes it.
    ///
    /// What a command changes is in the state first; the running gateway is told afterwards.
    ///
    /// - Returns: the exit status: what `work` returns, or 1 with the reason on standard error.
    static func run(
        configurationFile path: String, tellsGateway: Bool = false,
        _ work:
            @escaping @Sendable (GatewayConfiguration, GatewayState, BlockingPool) async throws
            -> Int32
    ) -> Int32 {
        ConfiguredCommand.run(configurationFile: path) { configuration in
            let status = try GatewayState.withOpened(configuration) { state, pool in
                try await work(configuration, state, pool)
            }
            if tellsGateway, status == 0 { ControlSocket.tellOrWarn(configuration.state) }
            return status
        }
    }
}
