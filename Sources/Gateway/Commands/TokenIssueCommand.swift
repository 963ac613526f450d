import AuthorizationServer
import Configuration
import Cryptography
import HTTP
import OAuth
import ResourceServer
import Storage
import Transport

/// `gatehouse token issue`: a grant and a token for it, made by whoever may read the gateway's state.
package struct TokenIssueCommand: Sendable {
    /// The client of tokens that the command issues.
    static let clientID = "gatehouse-cli"
    /// Its name for people.
    static let clientName = "gatehouse token issue"

    let server: String
    let subject: String
    let scope: String?
    let lifetime: String?
    let overridesPolicy: Bool

    /// What was asked for on the command line.
    package init(
        server: String, subject: String, scope: String?, lifetime: String?, overridesPolicy: Bool
    ) {
        self.server = server
        self.subject = subject
        self.scope = scope
        self.lifetime = lifetime
        self.overridesPolicy = overridesPolicy
    }

    /// Prints the token on standard output.
    ///
    /// - Returns: the exit status.
    package func run(configurationFile path: String) -> Int32 {
        ConfiguredCommand.run(configurationFile: path) { configuration in
            let order = try order(configuration)
            let token = try GatewayState.withOpened(configuration) { state, pool in
                try await CommandAudit.perform(
                    order.event, configuration, state.store, pool
                ) { event in
                    let token = try await order.issue(
                        state, issuer: configuration.publicURL.description)
                    event.tokenID = token.id
                    return token
                }
            }
            StandardOutput.write(String(decoding: token.text.bytes, as: UTF8.self))
            return 0
        }
    }

    /// Checks what was asked for against the configuration.
    private func order(_ configuration: GatewayConfiguration) throws -> TokenOrder {
        guard let options = configuration.servers.first(where: { $0.name == server }) else {
            let names = configuration.servers.map(\.name).joined(separator: ", ")
            throw StartFailure(reason: "no server is called \(server); there are: \(names)")
        }
        guard options.tokenSource == .gateway else {
            throw StartFailure(
                reason: "tokens for \(server) come from another issuer (authorization_server)")
        }
        guard options.dpop != .required else {
            throw StartFailure(
                reason: "\(server) takes tokens that are bound to a key only (dpop: required)")
        }
        guard (1...256).contains(subject.utf8.count) else {
            throw StartFailure(reason: "--subject must have 1 to 256 bytes")
        }
        let policy = try ScopePolicy(
            options.opensEverything ? [] : options.scopes, serverName: options.name)
        let source = configuration.signIn.usersFiles.first?.source ?? "local"
        let grantable = try grantable(policy)
        return TokenOrder(
            server: options.name,
            subject: User.subject(
                of: subject, from: source, issuer: configuration.publicURL.description),
            source: source, userName: subject, audience: options.url,
            scopes: try scopes(policy, grantable), grantable: grantable,
            lifetime: try seconds(configuration.tokens.accessLifetime))
    }

    /// The scopes that policy lets this user have through this client.
    private func grantable(_ policy: ScopePolicy) throws -> ScopeSet {
        guard !overridesPolicy else { return policy.allScopes }
        let allowed = policy.definitions.filter { definition in
            definition.clients == .any && isGranted(definition.grantedTo)
        }
        return ScopeSet(allowed.compactMap { ScopeToken($0.name) })
    }

    private func isGranted(_ rules: [String]?) -> Bool {
        guard let rules else { return true }
        return rules.contains { $0.hasSuffix("/user:\(subject)") }
    }

    private func scopes(_ policy: ScopePolicy, _ grantable: ScopeSet) throws -> ScopeSet {
        guard let scope else { return grantable }
        guard let asked = ScopeSet(parsing: scope), !asked.isEmpty else {
            throw StartFailure(reason: "--scope is not a list of scope names")
        }
        for name in asked.tokens where !policy.allScopes.contains(name) {
            let known = policy.allScopes.text
            throw StartFailure(reason: "\(server) has no scope \(name); it has: \(known)")
        }
        for name in asked.tokens where !grantable.contains(name) {
            throw StartFailure(
                reason: "\(name) may not be granted to \(subject) by this command; "
                    + "--override grants it")
        }
        return asked
    }

    private func seconds(_ limit: Duration) throws -> Int64 {
        let most = limit.components.seconds
        guard let lifetime else { return most }
        guard let asked = ValueText.duration(lifetime)?.components.seconds, asked >= 1 else {
            throw StartFailure(reason: "--lifetime is written as 30s, 10m or 1h")
        }
        guard asked <= most else {
            throw StartFailure(reason: "--lifetime is over tokens.access_lifetime, \(most)s")
        }
        return asked
    }
}

/// A token that may be issued.
private struct TokenOrder: Sendable {
    let server: String
    let subject: String
    let source: String
    let userName: String
    let audience: String
    let scopes: ScopeSet
    let grantable: ScopeSet
    let lifetime: Int64
    private let grantID = RefreshTokens.makeGrantID()

    /// What the audit log says of it.
    var event: AdministratorEvent {
        var event = AdministratorEvent(.tokenIssue)
        event.server = server
        event.subject = subject
        event.clientID = TokenIssueCommand.clientID
        event.source = source
        event.userName = userName
        event.grantID = grantID
        event.scope = scopes.text
        return event
    }

    /// Writes the grant, then issues the token.
    func issue(_ state: GatewayState, issuer: String) async throws -> IssuedAccessToken {
        let now = Int64(Clock.wall / 1_000_000_000)
        let grant = GrantRecord(
            id: grantID, server: server, subject: subject,
            source: source, userName: userName, client: TokenIssueCommand.clientID,
            clientName: TokenIssueCommand.clientName, scope: scopes.text, issuedAt: now,
            expiresAt: now + lifetime)
        try await state.store.record(grant)
        let content = AccessTokenContent(
            subject: subject, audience: audience, clientID: TokenIssueCommand.clientID,
            scopes: scopes, grantable: grantable, grantID: grant.id)
        return try AccessTokenIssuer(issuer: issuer, keys: state.signing)
            .issue(content, at: now, lifetime: lifetime)
    }
}
