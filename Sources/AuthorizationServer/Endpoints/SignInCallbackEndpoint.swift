import Cryptography
import HTTP
import OAuth
import Storage

/// `/sign-in/callback/<name>`: where an identity provider sends the browser back to.
package struct SignInCallbackEndpoint: Sendable {
    private let interaction: Interaction

    /// An endpoint for the answers of providers.
    package init(_ interaction: Interaction) { self.interaction = interaction }

    /// The answer to a request.
    package func respond(to request: EndpointRequest) async -> EndpointResponse {
        // Looking ahead with HEAD must not use the answer up.
        guard request.head.method == .get else {
            return Notice.methodUnknown.response(fields: [.init("Allow", "GET")])
        }
        let visit = await interaction.visit(request)
        do throws(Refusal) {
            let parameters = try Self.parameters(request)
            let (attempt, provider) = try attempt(parameters, request, visit)
            return try await conclude(attempt, provider, parameters, visit)
        } catch {
            return error.response(fields: visit.cookies)
        }
    }

    private static func parameters(_ request: EndpointRequest) throws(Refusal) -> FormParameters {
        do { return try FormParameters(query: request.head.query) } catch {
            throw Refusal(.signInForeign, "\(error)")
        }
    }

    /// The attempt that is answered: begun in this browser, with the `state` of the answer, at the
    /// provider that this path belongs to.
    private func attempt(
        _ parameters: FormParameters, _ request: EndpointRequest, _ visit: Visit
    ) throws(Refusal) -> (SignInAttempt, Provider) {
        guard let text = interaction.sessions.attempt(in: request.head),
            let attempt = SignInAttempt(
                opening: text, for: visit.context, with: interaction.ring())
        else { throw Refusal(.signInForeign, "the browser has begun no sign-in") }
        guard let state = try? parameters.single("state"), attempt.isAnswered(by: state) else {
            throw Refusal(.signInForeign, "the state is another sign-in's")
        }
        // RFC 9700 §4.4 — an answer of another provider, or of one that was configured anew.
        guard let provider = interaction.providers?.provider(attempt.source),
            request.head.path.utf8.elementsEqual(provider.options.callbackPath.utf8),
            attempt.issuer.utf8.elementsEqual(provider.options.issuer.utf8)
        else { throw Refusal(.signInForeign, "the answer came to another provider's place") }
        guard visit.now < attempt.expiresAt else {
            throw Refusal(.signInExpired, "the sign-in took too long")
        }
        return (attempt, provider)
    }

    private func conclude(
        _ attempt: SignInAttempt, _ provider: Provider, _ parameters: FormParameters,
        _ visit: Visit
    ) async throws(Refusal) -> EndpointResponse {
        let isFirst: Bool
        do {
            isFirst = try await interaction.store.use(attempt.use, at: visit.now)
        } catch { throw Refusal(error) }
        guard isFirst else { throw Refusal(.signInUsed, "the answer was used before") }
        var ask: PendingAsk?
        if let pending = attempt.pending {
            ask = try await interaction.ask(pending, for: visit.network, at: visit.now)
        }
        let answer: (identity: ProviderIdentity, token: SecretBytes?)
        do throws(ProviderFailure) {
            let code = try await code(parameters, provider)
            answer = try await provider.identity(
                by: code, of: attempt, redirectURI: interaction.redirectURI(of: provider),
                at: visit.now)
        } catch {
            return try interaction.failedSignIn(
                error, at: provider, ask, visit,
                fields: [interaction.sessions.attemptCookie(nil)])
        }
        guard let providers = interaction.providers else {
            throw Refusal(.signInForeign, "there are no providers")
        }
        let kept: (user: User, mark: String)
        do {
            kept = try await providers.keep(
                answer.identity, token: answer.token, of: provider, at: visit.now)
        } catch { throw Refusal(error) }
        return try await welcome(kept.user, kept.mark, ask, visit)
    }

    /// The code of an answer that is this provider's.
    private func code(
        _ parameters: FormParameters, _ provider: Provider
    ) async throws(ProviderFailure) -> String {
        func single(_ name: String) throws(ProviderFailure) -> String? {
            do { return try parameters.single(name) } catch {
                throw ProviderFailure(.token, .refused, "the answer has two of \(name)")
            }
        }
        // RFC 9207 §2.4 — before anything else of the answer is believed.
        guard try await provider.admits(issuer: try single("iss")) else {
            throw ProviderFailure(.token, .refused, "the answer is another issuer's, or names none")
        }
        if try single("error") != nil {
            throw ProviderFailure(.token, .refused, "the provider answered with an error")
        }
        guard let code = try single("code"), code.utf8.count <= Provider.codeLimit else {
            throw ProviderFailure(.token, .refused, "the answer has no code")
        }
        return code
    }

    // MARK: - Welcome

    /// Browser id and session are new after every sign-in; what was agreed to before is granted if
    /// this user may have all of it, else the person is asked again.
    private func welcome(
        _ user: User, _ mark: String, _ ask: PendingAsk?, _ visit: Visit
    ) async throws(Refusal) -> EndpointResponse {
        let sessions = interaction.sessions
        let session = sessions.signIn(user, mark: mark, at: visit.now)
        let fields = session.fields + [sessions.attemptCookie(nil)]
        var response: EndpointResponse
        if let ask {
            let offered = interaction.offered(ask, to: user)
            let agreed =
                ask.pending.agreedScope.flatMap { ScopeSet(parsing: $0) } ?? ScopeSet()
            if !agreed.isEmpty, agreed.subtracting(offered).isEmpty {
                response = try await interaction.issueCode(
                    agreed, of: offered, ask, to: user, at: visit.now)
                response.fields += fields
            } else {
                let request = try interaction.sealed(ask.pending, for: session.browser)
                response = Page.redirection(to: "/consent?request=\(request)", fields: fields)
            }
        } else {
            response = Page.redirection(to: "/account", fields: fields)
        }
        response.subject = user.subject
        response.clientID = ask?.client.id
        response.events.insert(
            .signIn(
                AuditEvent.SignIn(outcome: .accepted, source: user.source, user: user)), at: 0)
        return response
    }
}
