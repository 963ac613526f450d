import ArgumentParser
import Gateway

/// `gatehouse explain`.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what becomes of a request, and which line of the configuration says so.",
        discussion: """
            Name what is asked for, and who asks: the holder of a token, or somebody with scopes. \
            With --user the scopes are those of them that this user may be granted. Ends with 0 \
            where the request would be forwarded, with 1 where it would be refused.
            """)
    @OptionGroup var file: ConfigurationOption
    @Option(help: "The server.")
    var server: String
    @Option(help: "A call of this tool.")
    var tool: String?
    @Option(help: "The arguments of the call: a JSON object, or @ and a file that holds one.")
    var arguments: String?
    @Option(help: "Getting this prompt.")
    var prompt: String?
    @Option(help: "Reading this resource.")
    var resource: String?
    @Option(help: "A call of this method.")
    var method: String?
    @Option(help: "The file of an access token, which is verified; - is standard input.")
    var token: String?
    @Option(help: "Scope names with spaces between them; empty for none.")
    var scope: String?
    @Option(help: "With --scope: a user, as NAME or SIGN-IN/NAME.")
    var user: String?
    @Option(help: "With --user: the id of a client; by default one that registered itself.")
    var client: String?
    @Flag(help: "One JSON object.")
    var json = false

    func validate() throws {
        guard [tool, prompt, resource, method].compactMap(\.self).count == 1 else {
            throw ValidationError("Name one of --tool, --prompt, --resource and --method.")
        }
        guard arguments == nil || tool != nil else {
            throw ValidationError("--arguments are those of a --tool.")
        }
        guard (token == nil) != (scope == nil) else {
            throw ValidationError("Name one of --token and --scope.")
        }
        guard user == nil || scope != nil else {
            throw ValidationError("--user goes with --scope; a token says whose it is.")
        }
        guard client == nil || user != nil else {
            throw ValidationError("--client goes with --user.")
        }
    }

    func run() throws {
        let command = ExplainCommand(server: server, asked: asked, caller: caller, asJSON: json)
        throw ExitCode(command.run(configurationFile: file.path))
    }

    private var asked: ExplainCommand.Asked {
        if let tool { return .tool(tool, arguments: arguments) }
        if let prompt { return .prompt(prompt) }
        if let resource { return .resource(resource) }
        return .method(method ?? "")
    }

    private var caller: ExplainCommand.Caller {
        if let token { return .token(file: token) }
        return .scope(scope ?? "", user: user, client: client)
    }
}
