/// The users of all sources, each at its own.
package struct Users: UserDirectory {
    private let sources: [String: LocalUsers]
    /// The users of identity providers; nil where there are none.
    let providers: ProviderUsers?

    /// Users of these sources.
    package init(_ sources: [LocalUsers], providers: ProviderUsers? = nil) {
        self.sources = Dictionary(sources.map { ($0.source, $0) }) { first, _ in first }
        self.providers = providers
    }

    package func user(source: String, name: String) async -> User? {
        await sources[source]?.user(source: source, name: name)
    }

    package func standing(of user: UserReference, at now: Int64) async -> UserStanding {
        if sources[user.source] == nil, let providers {
            return await providers.standing(of: user.subject, source: user.source, at: now)
        }
        return await knownStanding(of: user)
    }

    package func standing(of statement: UserStatement, at now: Int64) async -> UserStanding {
        if sources[statement.source] == nil, let providers {
            return await providers.standing(of: statement, at: now)
        }
        return await knownStanding(of: statement)
    }

    /// The user of a session, if the password is still the one that the mark is of, or the row of the
    /// provider's user still the one.
    func user(of session: SignedInSession) async -> User? {
        guard let source = sources[session.source] else {
            return await providers?.user(
                source: session.source, subject: session.name, mark: session.mark)
        }
        guard let found = await source.identity(session.name), found.mark == session.mark else {
            return nil
        }
        return found.user
    }

    /// How long a session of a user of this source lasts at the most, in seconds.
    func sessionLifetime(_ source: String) -> Int64 {
        providers?.provider(source)?.options.maxAge ?? BrowserSession.lifetime
    }
}
