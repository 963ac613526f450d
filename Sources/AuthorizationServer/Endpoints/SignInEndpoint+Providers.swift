import HTTP
import OAuth

/// The way to an identity provider: the one place where `state`, nonce and verifier are made.
extension SignInEndpoint {
    /// Sends the browser to a provider, with what the person agreed to in its cookie.
    func leave(
        to provider: Provider, _ form: FormParameters, _ ask: PendingAsk?, _ visit: Visit
    ) async throws(Refusal) -> EndpointResponse {
        var ask = ask
        if let asked = ask {
            let ticked = Set(form.values("scope"))
            let agreed = ScopeSet(
                interaction.offered(asked).tokens.filter { ticked.contains($0.text) })
            guard !agreed.isEmpty else {
                return try interaction.signInPage(ask, visit, problem: .nothingTicked)
            }
            ask?.pending.agreedScope = agreed.text
        }
        let attempt = SignInAttempt(
            source: provider.options.name, issuer: provider.options.issuer, pending: ask?.pending,
            at: visit.now)
        guard let text = attempt.sealed(for: visit.context, with: interaction.ring()) else {
            throw Refusal(.requestTooLarge, "the request is too large for a cookie")
        }
        let url: String
        do throws(ProviderFailure) {
            url = try await provider.authorizationURL(
                attempt, redirectURI: interaction.redirectURI(of: provider))
        } catch {
            return try interaction.failedSignIn(error, at: provider, ask, visit)
        }
        var response = LeavingPage(title: provider.options.title, url: url).response(
            fields: visit.cookies + [interaction.sessions.attemptCookie(text)])
        response.clientID = ask?.client.id
        return response
    }
}

extension Interaction {
    /// Where a provider sends browsers back to.
    func redirectURI(of provider: Provider) -> String {
        options.issuer + provider.options.callbackPath
    }

    /// The page again, from which the person can try anew: nothing was kept.
    func failedSignIn(
        _ failure: ProviderFailure, at provider: Provider, _ ask: PendingAsk?, _ visit: Visit,
        fields: [EndpointResponse.Field] = []
    ) throws(Refusal) -> EndpointResponse {
        let title = provider.options.title
        let isSilent = failure.kind == .unavailable
        var response = try signInPage(
            ask, visit,
            problem: isSilent ? .providerSilent(title: title) : .providerRefused(title: title),
            status: isSilent ? 503 : 403, fields: fields)
        response.reason = "\(provider.options.name): \(failure)"
        response.events = [
            .signIn(
                AuditEvent.SignIn(
                    outcome: isSilent ? .unavailable : .refused, source: provider.options.name,
                    user: nil))
        ]
        return response
    }
}
