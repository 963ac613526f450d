import ArgumentParser
import Gateway

/// `gatehouse audit`.
struct AuditGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The audit log.", subcommands: [Verify.self, Keys.self])

    func run() throws { throw ValidationError("Name a subcommand: verify or keys") }

    /// `gatehouse audit verify`.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Find lines of the audit log that were changed, removed, moved, put in or cut off.",
            discussion: """
                Exit status 0: nothing is wrong; 1: something is, and is named by its lines; 2: wrong \
                usage. Lines of other logs between those of the audit log are passed over.
                """)
        @OptionGroup var file: ConfigurationOption
        @Argument(help: "The log's files, the oldest first; by default the configured one.")
        var files: [String] = []
        @Flag(help: "Later lines are in files that are not given.")
        var part = false
        @Option(
            help: ArgumentHelp(
                "Public keys, as `gatehouse audit keys` prints them: verify checkpoints, numbers and links without the state.",
                valueName: "file"))
        var keys: String?
        @Flag(help: "One JSON object.")
        var json = false

        func run() throws {
            throw ExitCode(
                AuditCommand.verify(
                    configurationFile: file.path, files: files, isPart: part, keysFile: keys,
                    asJSON: json))
        }
    }

    /// `gatehouse audit keys`.
    struct Keys: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the public keys that checkpoints are verified with, a JWK set.")
        @OptionGroup var file: ConfigurationOption

        func run() throws { throw ExitCode(AuditCommand.keys(configurationFile: file.path)) }
    }
}
