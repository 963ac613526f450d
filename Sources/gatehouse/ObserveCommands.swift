import ArgumentParser
import Gateway

/// `gatehouse observe`.
struct ObserveGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "observe", abstract: "What servers in observe mode have let pass.",
        subcommands: [Report.self])

    func run() throws { throw ValidationError("Name a subcommand: report") }

    /// `gatehouse observe report`.
    struct Report: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what the scopes would have refused, the most frequent first.",
            discussion: """
                Counts go back at most 30 days. A server is in observe mode while its mode says so \
                and observe_until has not come.
                """)
        @OptionGroup var file: ConfigurationOption
        @Option(help: "Only this server.")
        var server: String?
        @Flag(help: "A line for each user and client.")
        var principals = false
        @Flag(help: "One JSON object a line.")
        var json = false

        func run() throws {
            throw ExitCode(
                ObserveCommand.report(
                    configurationFile: file.path, server: server, listsPrincipals: principals,
                    asJSON: json))
        }
    }
}
