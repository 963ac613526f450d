import OAuth
package import Seals
package import Storage

/// What the endpoints with pages share: who visits, what waits for an answer, and which page is
/// shown.
package struct Interaction: Sendable {
    /// How the authorization server behaves.
    let options: AuthorizationServerOptions
    /// Where clients are found.
    let clients: ClientDirectory
    /// Cookies and the tokens of forms.
    let sessions: BrowserSession
    /// Grants and codes.
    let store: any Store
    /// The keys of seals, as they are now.
    let ring: @Sendable () -> KeyRing
    /// The sources of users to sign in at; never empty.
    let sources: [SignInSource]

    /// What the endpoints with pages share.
    package init(
        options: AuthorizationServerOptions, clients: ClientDirectory, sessions: BrowserSession,
        store: any Store, ring: @escaping @Sendable () -> KeyRing, sources: [SignInSource]
    ) {
        self.options = options
        self.clients = clients
        self.sessions = sessions
        self.store = store
        self.ring = ring
        self.sources = sources
    }

    /// The users of identity providers; nil where there are none.
    var providers: ProviderUsers? { sessions.users.providers }

    /// `iss` of authorization responses; nil where the operator switched it off.
    var issuer: String? { options.sendsIssuer ? options.issuer : nil }

    // MARK: - What waits

    /// The request that a form or a URL brought, with what it names today.
    ///
    /// - Throws: `Refusal` if it is not this browser's, too old, or names what is no longer there.
    func ask(_ text: String, _ visit: Visit) async throws(Refusal) -> PendingAsk {
        let pending: PendingAuthorization
        do throws(PendingAuthorization.Violation) {
            pending = try PendingAuthorization(
                opening: text, for: visit.context, with: ring(), at: visit.now)
        } catch {
            switch error {
            case .foreign: throw Refusal(.requestForeign, "the request is no seal for this browser")
            case .expired: throw Refusal(.requestExpired, "the request has waited too long")
            }
        }
        return try await ask(pending, for: visit.network, at: visit.now)
    }

    /// A request that waited, with what it names today.
    ///
    /// - Throws: `Refusal` if it names what is no longer there.
    func ask(
        _ pending: PendingAuthorization, for network: ClientNetwork, at now: Int64
    ) async throws(Refusal) -> PendingAsk {
        // The client may have been revoked, and the policy changed, while the person was reading.
        let client = try await client(pending.clientID, for: network, at: now)
        // What the person reads is what is agreed to.
        guard client.revision == pending.clientRevision else {
            throw Refusal(.clientChanged, "the client has changed since it asked")
        }
        guard let uri = RedirectURI(pending.redirectURI), client.redirects(to: uri) else {
            throw Refusal(.redirectURIForeign, "the redirect URI is no longer the client's")
        }
        guard let resource = options.resources.first(where: { $0.name == pending.server }) else {
            throw Refusal(.requestForeign, "the server is no longer there")
        }
        return PendingAsk(pending: pending, client: client, redirectURI: uri, resource: resource)
    }

    /// The client as it is today.
    ///
    /// - Throws: `Refusal` if it is unknown, revoked or expired, or the store or its document fails.
    func client(
        _ id: String, for network: ClientNetwork, at now: Int64
    ) async throws(Refusal) -> Client {
        let client: Client?
        do { client = try await clients.client(id, for: network, at: now) } catch {
            switch error {
            case .store(let failure): throw Refusal(failure)
            case .document(let failure): throw Refusal(.documentUnusable, failure.description)
            case .pending: throw Refusal(.clientPending, "the client waits for an administrator")
            }
        }
        guard let client else { throw Refusal(.clientUnknown, "the client is unknown") }
        return client
    }

    /// The seal of a request for a browser.
    ///
    /// - Throws: `Refusal` if the request is too large.
    func sealed(
        _ pending: PendingAuthorization, for browserID: String
    ) throws(Refusal) -> String {
        guard let text = pending.sealed(for: Array(browserID.utf8), with: ring()) else {
            throw Refusal(.requestTooLarge, "the request is too large to wait")
        }
        return text
    }

    // MARK: - What may be granted

    /// What the user may grant for a request, in the operator's order; empty for nothing.
    func offered(_ ask: PendingAsk, to user: User) -> ScopeSet {
        GrantScopes.asked(
            ask.pending.scope.flatMap { ScopeSet(parsing: $0) }, user: user, client: ask.client,
            at: ask.resource)
    }

    /// What a client may be granted for a request if the user may, in the operator's order.
    func offered(_ ask: PendingAsk) -> ScopeSet {
        GrantScopes.asked(
            ask.pending.scope.flatMap { ScopeSet(parsing: $0) }, client: ask.client,
            at: ask.resource)
    }

    /// How many of a user's grants are looked at.
    static let grantLimit = 1000

    /// The user's latest grants, the newest first, ended ones too.
    ///
    /// - Throws: `Refusal` if the store fails.
    func grants(of user: User, limit: Int = grantLimit) async throws(Refusal) -> [GrantRecord] {
        do { return try await store.grants(of: user.subject, limit: limit) } catch {
            throw Refusal(error)
        }
    }
}
