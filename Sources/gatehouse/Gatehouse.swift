import ArgumentParser
import Gateway
import Glibc

/// Runs the command; wrong usage ends with 2.
@main
enum Program {
    private static let wrongUsage: Int32 = 2

    static func main() {
        do {
            var command = try Gatehouse.parseAsRoot()
            try command.run()
        } catch {
            guard Gatehouse.exitCode(for: error) == .validationFailure else {
                Gatehouse.exit(withError: error)
            }
            StandardError.write(Gatehouse.fullMessage(for: error))
            exit(wrongUsage)
        }
    }
}

/// The command `gatehouse`.
struct Gatehouse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "A gateway that enforces MCP authorization in front of MCP servers.",
        subcommands: [
            Serve.self, Check.self, Health.self, UserGroup.self, ClientGroup.self, GrantGroup.self,
            KeyGroup.self, ObserveGroup.self, Token.self, Explain.self,
            AuditGroup.self, ShowVersion.self,
        ],
        defaultSubcommand: nil)
}

/// The file that every subcommand takes.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: .long,
        help: "The configuration; by default gateway.conf here, then /etc/gatehouse/gateway.conf.")
    var config: String?

    /// The file to read.
    var path: String { config ?? ConfigurationPlace.standard }
}

/// `gatehouse serve`.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the gateway.",
        discussion: """
            SIGTERM drains: what is under way is finished, then the program ends with 0. A second \
            SIGTERM ends at once. SIGHUP reads the configuration and opens the log again.
            """)
    @OptionGroup var file: ConfigurationOption

    func run() throws {
        let status = GatewayProcess.serve(configurationFile: file.path)
        // All is written. Loops and pools still have their threads, under which the functions that
        // libraries leave for `exit` would free what they use.
        _exit(status)
    }
}

/// `gatehouse check`.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find every error of the configuration, or say what will be served.")
    @OptionGroup var file: ConfigurationOption

    func run() throws {
        throw ExitCode(CheckCommand.run(configurationFile: file.path))
    }
}

/// `gatehouse health`.
struct Health: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the running gateway whether it is ready, through its health listener.")
    @OptionGroup var file: ConfigurationOption

    func run() throws { throw ExitCode(HealthCommand.run(configurationFile: file.path)) }
}

/// `gatehouse token`.
struct Token: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Access tokens of the gateway's own.", subcommands: [Issue.self])

    func run() throws { throw ValidationError("Name a subcommand: issue") }

    /// `gatehouse token issue`.
    struct Issue: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print an access token, signed with the gateway's key.")
        @OptionGroup var file: ConfigurationOption
        @Option(help: "The server that the token is for.")
        var server: String
        @Option(help: "Whose token it is: the name of a user.")
        var subject: String
        @Option(help: "Scope names with spaces between them; by default every scope of the server.")
        var scope: String?
        @Option(help: "How long the token lasts, as 30s, 10m, 1h; at most tokens.access_lifetime.")
        var lifetime: String?
        @Flag(help: "Grant scopes that granted_to or clients would withhold.")
        var override = false

        func run() throws {
            let request = TokenIssueCommand(
                server: server, subject: subject, scope: scope, lifetime: lifetime,
                overridesPolicy: override)
            throw ExitCode(request.run(configurationFile: file.path))
        }
    }
}

/// `gatehouse version`.
struct ShowVersion: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version.")

    func run() { StandardOutput.write("gatehouse \(Version.text)") }
}
