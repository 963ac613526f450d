import AuthorizationServer
import Configuration
import JOSE
import OAuth
import ResourceServer
import Storage
import Transport

/// `gatehouse explain`: what becomes of a request, and which line of the file says so.
package struct ExplainCommand: Sendable {
    /// What the caller wants to do.
    package enum Asked: Sendable, Equatable {
        /// Call a tool; `arguments` is JSON, or `@` and the name of a file with it.
        case tool(String, arguments: String?)
        /// Get a prompt.
        case prompt(String)
        /// Read a resource.
        case resource(String)
        /// Call a method.
        case method(String)
    }

    /// Who calls.
    package enum Caller: Sendable, Equatable {
        /// Whoever has the token in the file; `-` is standard input.
        case token(file: String)
        /// Somebody with a token of these scopes, or the named user with one.
        case scope(String, user: String?, client: String?)
    }

    let server: String
    let asked: Asked
    let caller: Caller
    let asJSON: Bool

    /// What was asked for on the command line.
    package init(server: String, asked: Asked, caller: Caller, asJSON: Bool) {
        self.server = server
        self.asked = asked
        self.caller = caller
        self.asJSON = asJSON
    }

    /// Prints the decision and its reasons on standard output.
    ///
    /// - Returns: the exit status: 0 for allowed, 1 for refused, 2 for a question that has no
    ///   answer; 1 also, with nothing on standard output, where something cannot be read.
    package func run(configurationFile path: String) -> Int32 {
        ConfiguredCommand.run(configurationFile: path) { configuration in
            do {
                let explanation = try explanation(configuration, path: path)
                for line in asJSON ? [explanation.json] : explanation.lines {
                    StandardOutput.write(line)
                }
                return explanation.decision == .allow ? 0 : 1
            } catch let failure as ExplainUsage {
                StandardError.write("gatehouse: \(failure)")
                return 2
            }
        }
    }

    /// The explanation by a configuration that was read from `path`.
    ///
    /// - Throws: ``ExplainUsage``, ``StartFailure``, or why the state cannot be read.
    func explanation(_ configuration: GatewayConfiguration, path: String) throws -> Explanation {
        guard let options = configuration.servers.first(where: { $0.name == server }) else {
            let names = configuration.servers.map(\.name).joined(separator: ", ")
            throw ExplainUsage("no server is called \(server); there are: \(names)")
        }
        let question = try ExplainedQuestion(asked, limits: configuration.limits.json)
        let now = Int64(Clock.wall / 1_000_000_000)
        let state = try openState(configuration, options)
        let keys = try state?.ownKeys ?? IssuerKeys(JSONWebKeySet([]))
        let protected = try ProtectedServer(options, of: configuration, ownKeys: keys)
        let caller: ExplainedCaller
        switch self.caller {
        case .token(let file):
            try requireKnownKeys(options)
            let text = try CommandInput.token(file)
            caller = ExplainedCaller(
                token: text, at: protected, ended: state?.endedGrants ?? [], now)
        case .scope(let text, let user, let client):
            guard let scopes = ScopeSet(parsing: text) else {
                throw ExplainUsage(
                    "--scope is not a list of scope names with one space between two")
            }
            let grantable = try user.map { name in
                try ExplainedGrant(
                    user: name, client: client, knownClient: state?.client, at: options,
                    of: configuration)
            }
            caller = ExplainedCaller(scopes: scopes, at: protected, grantable)
        }
        let places = RulePlaces(
            file: path, positions: configuration.rulePositions, server: options)
        return Explanation(question, by: caller, at: protected, places, now: now)
    }

    /// What a command is told of a token must be what the gateway would say.
    private func requireKnownKeys(_ options: ServerOptions) throws {
        guard case .foreign(let issuer) = options.tokenSource, case .asking = issuer.judging else {
            return
        }
        throw ExplainUsage(
            "\(issuer.issuer) has to be asked before its tokens can be judged, which the running gateway does; say --scope instead of --token"
        )
    }

    /// What an answer needs of the state.
    private struct OpenedState: Sendable {
        let ownKeys: IssuerKeys
        let endedGrants: Set<String>
        let client: Client?
    }

    /// Reads the state where the answer depends on it: for a token of our own, or for a client.
    private func openState(
        _ configuration: GatewayConfiguration, _ options: ServerOptions
    ) throws -> OpenedState? {
        let clientID: String?
        switch caller {
        case .token:
            guard options.tokenSource == .gateway else { return nil }
            clientID = nil
        case .scope(_, _, let client):
            guard let client else { return nil }
            clientID = client
        }
        let now = Int64(Clock.wall / 1_000_000_000)
        return try GatewayState.withOpened(configuration) { state, _ in
            let keys = state.keys
            let directory = state.clients(of: configuration)
            var client: Client?
            if let clientID { client = try await directory.client(clientID, at: now) }
            return OpenedState(
                ownKeys: keys.verification, endedGrants: Set(state.endedGrants.map(\.id)),
                client: client)
        }
    }
}

/// A question that has no answer as it was put.
struct ExplainUsage: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
