import Configuration
import Glibc

/// Where the configuration is when nobody says so.
package enum ConfigurationPlace {
    /// `gateway.conf` here if there is one, else the one of the system.
    package static var standard: String {
        unsafe access("gateway.conf", R_OK) == 0 ? "gateway.conf" : "/etc/gatehouse/gateway.conf"
    }
}

/// `gatehouse check`.
package enum CheckCommand {
    /// Prints all findings on standard error, and what will be served on standard output.
    ///
    /// - Returns: the exit status: 1 where there is an error.
    package static func run(configurationFile path: String) -> Int32 {
        let outcome = ConfigurationFile.load(path, environment: Environment.all)
        for diagnostic in outcome.diagnostics { StandardError.write("\(diagnostic)") }
        guard let configuration = outcome.configuration else { return 1 }
        do {
            try UsersCheck.requireReadable(configuration)
        } catch {
            StandardError.write("gatehouse: \(error)")
            return 1
        }
        StandardOutput.write(String(configuration.summary.dropLast()))
        return 0
    }
}
