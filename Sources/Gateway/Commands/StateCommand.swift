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
        let outcome = ConfigurationFile.load(path, environment: Environment.all)
        guard let configuration = outcome.configuration else {
            for diagnostic in outcome.diagnostics { StandardError.write("\(diagnostic)") }
            return 1
        }
        do {
            let pool = try BlockingPool(name: "blocking", threads: 1, queueLimit: 16)
            let status = try Waiter.wait {
                let state = try await GatewayState.open(configuration, pool: pool)
                do {
                    let status = try await work(configuration, state, pool)
                    await state.store.close()
                    return status
                } catch {
                    await state.store.close()
                    throw error
                }
            }
            if tellsGateway, status == 0 { ControlSocket.tellOrWarn(configuration.state) }
            return status
        } catch {
            StandardError.write("gatehouse: \(error)")
            return 1
        }
    }
}
