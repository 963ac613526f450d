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
        var request: String?
        if let ask { request = try sealed(ask.pending, for: visit.browserID) }
        let page = SignInPage(
            sources: sources, source: source, purpose: ask?.purpose, userName: userName,
            problem: problem, request: request, csrf: proof(for: .signIn, visit))
        var response = page.page.response(status: status, fields: fields + visit.cookies)
        response.clientID = ask?.client.id
        return response
    }

    /// The name of a user for people: with the source's title where there are several.
    func shownName(of user: User) -> String {
        guard sources.count > 1, let source = sources.first(where: { $0.name == user.source })
        else { return user.name }
        return "\(user.name) (\(source.title))"
    }
}
