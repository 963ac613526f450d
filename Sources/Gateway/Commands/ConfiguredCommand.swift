import AuthorizationServer
import Configuration
import Storage
import Transport

/// What the commands that read the configuration have in common.
enum ConfiguredCommand {
    /// Reads the configuration and runs `work` with it.
    ///
    /// - Returns: the exit status: what `work` returns, or 1 with the reason on standard error.
    static func run(
        configurationFile path: String, _ work: (GatewayConfiguration) throws -> Int32
    ) -> Int32 {
        let outcome = ConfigurationFile.load(path, environment: Environment.all)
        guard let configuration = outcome.configuration else {
            for diagnostic in outcome.diagnostics { StandardError.write("\(diagnostic)") }
            return 1
        }
        do {
            return try work(configuration)
        } catch {
            StandardError.write("gatehouse: \(error)")
            return 1
        }
    }
}

extension GatewayState {
    /// Opens the state of a configuration, runs `work` on it, and closes it, come what may; blocks.
    ///
    /// - Throws: why it cannot be opened, or what `work` throws.
    static func withOpened<Value: Sendable>(
        _ configuration: GatewayConfiguration,
        _ work: @escaping @Sendable (GatewayState, BlockingPool) async throws -> Value
    ) throws -> Value {
        let pool = try BlockingPool(name: "blocking", threads: 1, queueLimit: 16)
        return try Waiter.wait {
            let state = try await open(configuration, pool: pool)
            do {
                let value = try await work(state, pool)
                await state.store.close()
                return value
            } catch {
                await state.store.close()
                throw error
            }
        }
    }

    /// The clients that a configuration lets in, without those that documents describe.
    func clients(of configuration: GatewayConfiguration) -> ClientDirectory {
        ClientDirectory(
            store: store, ring: keys.ring, options: configuration.registration,
            entries: configuration.clients)
    }
}
