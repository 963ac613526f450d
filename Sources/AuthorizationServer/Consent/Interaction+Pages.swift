import OAuth

/// The pages that more than one endpoint shows.
extension Interaction {
    /// The next page for a request that waits: the consent page for who is signed in, else the
    /// sign-in page.
    ///
    /// - Throws: `Refusal` if the request is too large or the store fails.
    func nextPage(_ ask: PendingAsk, _ visit: Visit) async throws(Refusal) -> EndpointResponse {
        guard let user = visit.user else { return try signInPage(ask, visit) }
        return try await consentPage(ask, user, visit)
    }

    /// The page where the user decides.
    ///
    /// - Throws: `Refusal` if the request is too large or the store fails.
    func consentPage(
        _ ask: PendingAsk, _ user: User, _ visit: Visit, isNothingTicked: Bool = false
    ) async throws(Refusal) -> EndpointResponse {
        let grants = try await grants(of: user)
        var choices = ScopeChoices.choices(
            offered: offered(ask, to: user), at: ask.resource, for: ask.client.id,
            revision: ask.client.revision, grants: grants)
        // What the person left ticked before signing in counts, as far as it may be granted.
        if let agreed = ask.pending.agreedScope.flatMap({ ScopeSet(parsing: $0) }) {
            for index in choices.indices {
                choices[index].isTicked = agreed.contains(choices[index].scope.name)
            }
        }
        // The boxes stay as the person left them; ticked anew they would be granted by the next click.
        if isNothingTicked { for index in choices.indices { choices[index].isTicked = false } }
        let page = ConsentPage(
            client: ask.client, redirectURI: ask.redirectURI, resource: ask.resource,
            userName: shownName(of: user),
            choices: choices, isNothingTicked: isNothingTicked,
            request: try sealed(ask.pending, for: visit.browserID),
            csrf: proof(for: .consent, visit))
        var response = page.page.response(fields: visit.cookies)
        response.clientID = ask.client.id
        response.subject = user.subject
        return response
    }

    /// The page where the user signs in; without a request it leads to the account page.
    ///
    /// - Throws: `Refusal` if the request is too large.
    func signInPage(
        _ ask: PendingAsk?, _ visit: Visit, problem: SignInPage.Problem? = nil,
        userName: String = "", source: String? = nil, status: Int = 200,
        fields: [EndpointResponse.Field] = []
    ) throws(Refusal) -> EndpointResponse {
        let page = try page(ask, visit, problem, userName, source)
        var response = page.response(status: status, fields: fields + visit.cookies)
        response.clientID = ask?.client.id
        return response
    }

    private func page(
        _ ask: PendingAsk?, _ visit: Visit, _ problem: SignInPage.Problem?, _ userName: String,
        _ source: String?
    ) throws(Refusal) -> Page {
        let csrf = proof(for: .signIn, visit)
        guard let ask else {
            return SignInPage(
                sources: sources, source: source, userName: userName, problem: problem, csrf: csrf
            ).page
        }
        let request = try sealed(ask.pending, for: visit.browserID)
        // Before any provider is asked the person knows who asks for what, and has agreed.
        guard providers != nil else {
            return SignInPage(
                sources: sources, source: source, purpose: ask.purpose, userName: userName,
                problem: problem, request: request, csrf: csrf
            ).page
        }
        return ClientPage(
            facts: ClientFacts(
                client: ask.client, redirectURI: ask.redirectURI, resource: ask.resource),
            choices: choices(before: ask, problem), sources: sources, source: source,
            userName: userName, problem: problem, request: request, csrf: csrf
        ).page
    }

    /// What a person is asked who has not signed in yet.
    private func choices(
        before ask: PendingAsk, _ problem: SignInPage.Problem?
    ) -> [ScopeChoice] {
        var choices = ScopeChoices.choices(
            offered: offered(ask), at: ask.resource, for: ask.client.id, grants: [])
        let agreed = ask.pending.agreedScope.flatMap { ScopeSet(parsing: $0) }
        for index in choices.indices {
            // The boxes stay as the person left them.
            choices[index].isTicked =
                problem != .nothingTicked
                && agreed?.contains(choices[index].scope.name) != false
        }
        return choices
    }

    /// The name of a user for people: with the source's title where there are several.
    func shownName(of user: User) -> String {
        guard sources.count > 1, let source = sources.first(where: { $0.name == user.source })
        else { return user.title }
        return "\(user.title) (\(source.title))"
    }
}
