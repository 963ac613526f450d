import AuthorizationServer
import Configuration
import HTTP
import OAuth

/// What a user may be granted at a server through a client, by the rules that issue tokens.
struct ExplainedGrant: Sendable {
    let user: User
    /// The id of the client; nil where none was named.
    let clientID: String?
    /// Whether the client is one that registered here.
    let isKnownClient: Bool
    /// The scopes, in the operator's order.
    let scopes: ScopeSet

    /// Works it out.
    ///
    /// - Parameters:
    ///   - name: a name in a users file, with or without the name of its sign-in and `/` before.
    ///   - client: the id of a client; without one it is a client that registered itself.
    ///   - knownClient: the client of that id as the state has it.
    ///   - options: the server.
    ///   - configuration: the whole.
    /// - Throws: ``ExplainUsage``, or ``StartFailure`` where a users file cannot be read.
    init(
        user name: String, client: String?, knownClient: Client?, at options: ServerOptions,
        of configuration: GatewayConfiguration
    ) throws {
        let resources = AuthorizationServerOptions(configuration).resources
        guard let resource = resources.first(where: { $0.name == options.name }) else {
            throw ExplainUsage(
                "--user has no meaning for \(options.name): its tokens come from another issuer, which knows its users"
            )
        }
        user = try Self.user(name, configuration)
        clientID = client
        isKnownClient = knownClient != nil
        scopes = GrantScopes.grantable(
            user: user, client: knownClient ?? Self.stranger(client ?? ""), at: resource)
    }

    /// A client of which nothing is known but its id.
    private static func stranger(_ id: String) -> Client {
        Client(
            id: id, name: "", redirectURIs: [], authenticationMethod: .none,
            verification: .unverified)
    }

    private static func user(
        _ text: String, _ configuration: GatewayConfiguration
    ) throws -> User {
        var found: [User] = []
        for (source, file) in configuration.signIn.usersFiles {
            let prefix = "\(source)/"
            let names =
                [text] + (text.hasPrefix(prefix) ? [String(text.dropFirst(prefix.count))] : [])
            let users: UsersFile
            do throws(UsersFileAccess.Failure) {
                users = try UsersFileAccess.read(file)
            } catch {
                throw StartFailure(reason: error.description)
            }
            for case let entry? in names.map({ users.user($0) }) {
                found.append(
                    User(
                        source: source, name: entry.name, groups: entry.groups,
                        subject: User.subject(
                            of: entry.name, from: source,
                            issuer: configuration.publicURL.description)))
            }
        }
        guard let user = found.first else {
            let sources = configuration.signIn.usersFiles.map(\.source).joined(separator: ", ")
            let elsewhere = configuration.signIn.providers.map(\.name).joined(separator: ", ")
            let hint = elsewhere.isEmpty ? "" : "; those of \(elsewhere) its provider knows"
            throw ExplainUsage(
                "no user of \(sources.isEmpty ? "a users file" : sources) is called \(text)\(hint)")
        }
        guard found.count == 1 else {
            let names = found.map { "\($0.source)/\($0.name)" }.joined(separator: ", ")
            throw ExplainUsage("\(text) can be \(names); say which")
        }
        return user
    }
}
