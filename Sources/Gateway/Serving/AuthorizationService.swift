import AuthorizationServer
import Configuration
import HTTP
import HTTPClient
import OAuth
import ResourceServer

/// The authorization server of one configuration, ready to answer.
final class AuthorizationService: Sendable {
    let options: AuthorizationServerOptions
    /// The document at `/.well-known/oauth-authorization-server`.
    let metadata: [UInt8]
    /// The document at `/.well-known/openid-configuration`.
    let openIDMetadata: [UInt8]

    /// The paths that providers send browsers back to.
    let callbackPaths: [String]

    private let authorization: AuthorizationEndpoint
    private let consent: ConsentEndpoint
    private let signIn: SignInEndpoint
    private let signInCallback: SignInCallbackEndpoint
    private let signOut: SignOutEndpoint
    private let account: AccountEndpoint
    private let token: TokenEndpoint
    private let registration: RegistrationEndpoint
    private let revocation: RevocationEndpoint
    private let introspection: IntrospectionEndpoint
    private let pushedRequests: PushedRequestEndpoint

    /// The authorization server of a configuration; nil where every server has a foreign one.
    init?(_ configuration: GatewayConfiguration, keys: OwnKeys, issuing: IssuingState) {
        let options = AuthorizationServerOptions(configuration)
        guard !options.resources.isEmpty else { return nil }
        self.options = options
        let documents = MetadataDocuments(options)
        (metadata, openIDMetadata) = (documents.authorizationServer, documents.openID)
        let ring = keys.ring
        let issuer = AccessTokenIssuer(issuer: options.issuer, keys: keys.signing)
        let clients = ClientDirectory(
            store: issuing.store, ring: { ring }, options: options.registration,
            documents: issuing.documents, entries: options.clients)
        let sources = configuration.signIn.usersFiles.map { source, file in
            issuing.users(source: source, path: file, issuer: options.issuer)
        }
        let providers = issuing.providers(configuration.signIn.providers)
        callbackPaths = providers.map(\.options.callbackPath)
        let users = Users(
            sources,
            providers: providers.isEmpty
                ? nil : ProviderUsers(providers, store: issuing.store, atRest: issuing.atRest))
        let interaction = Interaction(
            options: options, clients: clients,
            sessions: BrowserSession(issuer: options.issuer, ring: { ring }, users: users),
            store: issuing.store, ring: { ring },
            sources: configuration.signIn.map(SignInSource.init))
        authorization = AuthorizationEndpoint(interaction)
        consent = ConsentEndpoint(interaction)
        signIn = SignInEndpoint(
            interaction,
            signIns: Dictionary(
                uniqueKeysWithValues: sources.map {
                    (
                        $0.source,
                        LocalSignIn(users: $0, pool: issuing.pool, throttle: issuing.throttle)
                    )
                }))
        signInCallback = SignInCallbackEndpoint(interaction)
        signOut = SignOutEndpoint(interaction)
        account = AccountEndpoint(interaction)
        let keySets: KeySetLookup = { issuing.keySets.set(at: $0) }
        let authentication = ClientAuthentication(
            directory: clients,
            assertions: ClientAssertions(
                issuer: options.issuer, store: issuing.store, keySets: keySets,
                clientKeySets: { issuing.clientKeySets.set(at: $0, for: $1, at: $2) }))
        let proofs =
            options.resources.allSatisfy { $0.dpop == .off }
            ? nil
            : keys.proofs(configuration.tokens, issuing.proofs.tokens)
        token = TokenEndpoint(
            options: options, store: issuing.store, authentication: authentication, users: users,
            ring: { ring }, issuer: { issuer }, keySets: keySets, proofs: proofs)
        registration = RegistrationEndpoint(
            directory: clients, rates: issuing.rates(options.registration),
            options: options.registration, issuer: options.issuer, keySets: keySets)
        revocation = RevocationEndpoint(
            store: issuing.store, authentication: authentication, ring: { ring },
            issuer: { issuer })
        introspection = IntrospectionEndpoint(
            options: options, store: issuing.store, authentication: authentication,
            issuer: { issuer })
        pushedRequests = PushedRequestEndpoint(
            issuer: options.issuer, authentication: authentication, ring: { ring }, proofs: proofs)
    }

    /// The answer of an endpoint.
    func respond(
        _ endpoint: PublicEndpoint, to request: EndpointRequest
    ) async -> EndpointResponse {
        switch endpoint {
        case .authorize: await authorization.respond(to: request)
        case .consent: await consent.respond(to: request)
        case .signIn: await signIn.respond(to: request)
        case .signInCallback: await signInCallback.respond(to: request)
        case .signOut: await signOut.respond(to: request)
        case .account: await account.respond(to: request)
        case .token: await token.respond(to: request)
        case .register: await registration.respond(to: request)
        case .revoke: await revocation.respond(to: request)
        case .introspect: await introspection.respond(to: request)
        case .pushedRequest: await pushedRequests.respond(to: request)
        }
    }
}

extension SignInSource {
    /// A sign-in as the pages offer it.
    fileprivate init(_ options: SignInOptions) {
        switch options.kind {
        case .users: self.init(name: options.name, title: options.title)
        case .provider(let provider):
            self.init(
                name: options.name, title: options.title,
                kind: .provider(scopes: provider.askedScopes))
        }
    }
}

extension AuthorizationServerOptions {
    /// What the configuration says to the authorization server.
    init(_ configuration: GatewayConfiguration) {
        let resources = configuration.servers.filter { $0.tokenSource == .gateway }
        self.init(
            issuer: configuration.publicURL.description,
            resources: resources.compactMap(GuardedResource.init), clients: configuration.clients,
            assertionIssuers: configuration.assertionIssuers,
            registration: configuration.registration, sendsIssuer: configuration.sendsIssuer,
            accessLifetime: configuration.tokens.accessLifetime.components.seconds,
            refreshLifetime: configuration.tokens.refreshLifetime.components.seconds,
            refreshReuseGrace: configuration.tokens.refreshReuseGrace.components.seconds,
            signingAlgorithm: configuration.tokens.algorithm.rawValue)
    }
}

extension GuardedResource {
    /// A server whose tokens are ours; nil where its URL cannot be a resource, which the
    /// configuration's checks have excluded.
    fileprivate init?(_ server: ServerOptions) {
        guard let resource = ResourceIndicator(server.url) else { return nil }
        self.init(
            name: server.name, title: server.title, resource: resource,
            scopes: server.scopes.compactMap(GuardedScope.init), dpop: server.dpop)
    }
}

extension GuardedScope {
    fileprivate init?(_ definition: ScopeDefinition) {
        guard let name = ScopeToken(definition.name) else { return nil }
        self.init(
            name: name, description: definition.description,
            includes: definition.includes.compactMap(ScopeToken.init),
            isInitial: definition.initial, grantedTo: definition.grantedTo,
            clients: Clients(definition.clients))
    }
}

extension GuardedScope.Clients {
    fileprivate init(_ requirement: ClientRequirement) {
        switch requirement {
        case .any: self = .any
        case .verified: self = .verified
        case .listed(let entries): self = .listed(entries)
        }
    }
}
