import ArgumentParser
import Gateway

/// `gatehouse user`.
struct UserGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "The users of a users file.",
        subcommands: [Add.self, List.self, Remove.self])

    /// Which users file is meant.
    struct SourceOption: ParsableArguments {
        @Option(help: "The sign-in whose users are meant; by default the first with a users file.")
        var source: String?
    }

    /// `gatehouse user add`.
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a user, or give one another password and other groups.")
        @OptionGroup var file: ConfigurationOption
        @OptionGroup var source: SourceOption
        @Argument(help: "The name that the user signs in with.")
        var name: String
        @Option(name: .customLong("group"), help: "A group of the user; may be repeated.")
        var groups: [String] = []
        @Flag(help: "Read the password from standard input instead of asking on the terminal.")
        var passwordStdin = false

        func run() throws {
            throw ExitCode(
                UserCommand.add(
                    configurationFile: file.path, source: source.source, name: name,
                    groups: groups, readsStandardInput: passwordStdin))
        }
    }

    /// `gatehouse user list`.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the users and their groups.")
        @OptionGroup var file: ConfigurationOption
        @OptionGroup var source: SourceOption
        @Flag(help: "One JSON object a line.")
        var json = false

        func run() throws {
            throw ExitCode(
                UserCommand.list(
                    configurationFile: file.path, source: source.source, asJSON: json))
        }
    }

    /// `gatehouse user remove`.
    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a user, and end what the user agreed to at once.")
        @OptionGroup var file: ConfigurationOption
        @OptionGroup var source: SourceOption
        @Argument(help: "The name of the user.")
        var name: String

        func run() throws {
            throw ExitCode(
                UserCommand.remove(
                    configurationFile: file.path, source: source.source, name: name))
        }
    }
}
