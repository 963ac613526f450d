import Configuration
import Transport

/// `gatehouse health`: asks the running gateway whether it serves, for containers without a shell.
package enum HealthCommand {
    /// How long the answer may take, in seconds.
    private static let patience = 3
    private static let request = Array(
        "GET /readyz HTTP/1.1\r\nHost: gatehouse\r\nConnection: close\r\n\r\n".utf8)

    /// - Returns: the exit status: 0 if the gateway is ready.
    package static func run(configurationFile path: String) -> Int32 {
        ConfiguredCommand.run(configurationFile: path) { configuration in
            guard let health = configuration.health else {
                throw StartFailure(reason: "the configuration has no health listener")
            }
            guard let address = address(health.address) else {
                throw StartFailure(reason: "\(health.address) is no address")
            }
            let descriptor = try BlockingConnection.connect(to: address, seconds: patience)
            let answer = try BlockingConnection.ask(descriptor, request)
            guard answer.starts(with: "HTTP/1.1 200 ".utf8) else {
                throw StartFailure(reason: "the gateway is not ready")
            }
            StandardOutput.write("ready")
            return 0
        }
    }

    /// Who listens everywhere is asked on this machine.
    private static func address(
        _ listener: Configuration.SocketAddress
    ) -> Transport.SocketAddress? {
        let host =
            switch listener.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "::1"
            default: listener.host
            }
        return Transport.SocketAddress(literal: host, port: listener.port)
    }
}
