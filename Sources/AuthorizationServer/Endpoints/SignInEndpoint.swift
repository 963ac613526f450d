import HTTP
import OAuth

/// `/sign-in`: shows where a person signs in, takes name and password, and sends the browser to an
/// identity provider.
package struct SignInEndpoint: Sendable {
    let interaction: Interaction
    private let signIns: [String: LocalSignIn]

    /// An endpoint for the sources of users by the names of their sign-ins.
    package init(_ interaction: Interaction, signIns: [String: LocalSignIn]) {
        self.interaction = interaction
        self.signIns = signIns
    }

    /// The answer to a request.
    package func respond(to request: EndpointRequest) async -> EndpointResponse {
        let visit = await interaction.visit(request)
        do throws(Refusal) {
            if request.head.method == .get || request.head.method == .head {
                return try await show(request, visit)
            }
            if request.head.method == .post { return try await signIn(request, visit) }
            return Notice.methodUnknown.response(fields: [.init("Allow", "GET, HEAD, POST")])
        } catch {
            return error.response(fields: visit.cookies)
        }
    }

    /// The page, for somebody who is signed in too: that is how one becomes somebody else.
    private func show(
        _ request: EndpointRequest, _ visit: Visit
    ) async throws(Refusal) -> EndpointResponse {
        let ask = try await ask(try request.parameter("request"), visit)
        return try interaction.signInPage(ask, visit)
    }

    private func ask(_ text: String?, _ visit: Visit) async throws(Refusal) -> PendingAsk? {
        guard let text else { return nil }
        return try await interaction.ask(text, visit)
    }

    private func signIn(
        _ request: EndpointRequest, _ visit: Visit
    ) async throws(Refusal) -> EndpointResponse {
        let form = try interaction.form(.signIn, request, visit)
        let ask = try await ask(try form.field("request"), visit)
        if try form.field("decision") == "deny" { return try deny(ask, visit) }
        if let provider = interaction.providers?.provider(try form.field("source") ?? "") {
            return try await leave(to: provider, form, ask, visit)
        }
        let name = try form.field("username") ?? ""
        let password = try form.field("password") ?? ""
        let source = try form.field("source") ?? ""
        guard let signIn = signIns[source] else {
            throw Refusal(.formMalformed, "the form names no source of users")
        }
        let again = Again(ask: ask, visit: visit, userName: name, source: source)
        let outcome = await signIn.signIn(
            name: name, password: password, from: request.clientAddress,
            at: request.nowMilliseconds)
        var response = try answer(outcome, again)
        let user = await interaction.sessions.users.user(source: source, name: name)
        response.events = [
            .signIn(AuditEvent.SignIn(outcome: outcome.audited, source: source, user: user))
        ]
        return response
    }

    /// The person agrees to nothing, and is asked nothing.
    private func deny(_ ask: PendingAsk?, _ visit: Visit) throws(Refusal) -> EndpointResponse {
        guard let ask else { throw Refusal(.formMalformed, "there is no request to deny") }
        return interaction.denial(of: ask, declining: interaction.offered(ask))
    }

    private func answer(
        _ outcome: LocalSignIn.Outcome, _ again: Again
    ) throws(Refusal) -> EndpointResponse {
        switch outcome {
        case .signedIn(let user, let mark): return try welcome(user, mark, again.ask, again.visit)
        // RFC 9110 §15.5.2 asks a 401 to name a scheme of its own, which would open the browser's
        // dialogue; a 200 would have it offer to keep the wrong password. So 403.
        case .refused: return try page(again, .refused, 403)
        case .wait(let seconds):
            return try page(again, .wait(seconds: Int(seconds)), 429, retryAfter: seconds)
        case .overloaded:
            return try page(again, .overloaded, 503, retryAfter: EndpointResponse.storeRetryAfter)
        }
    }

    /// Browser id and session are new after every sign-in, so that a planted cookie is worth
    /// nothing; the request that waits is sealed for the new id.
    private func welcome(
        _ user: User, _ mark: String, _ ask: PendingAsk?, _ visit: Visit
    ) throws(Refusal) -> EndpointResponse {
        let session = interaction.sessions.signIn(user, mark: mark, at: visit.now)
        var location = "/account"
        if let ask {
            // Letters, digits, `-` and `_`: nothing to encode.
            location =
                "/consent?request=\(try interaction.sealed(ask.pending, for: session.browser))"
        }
        var response = Page.redirection(to: location, fields: session.fields)
        response.subject = user.subject
        response.clientID = ask?.client.id
        return response
    }

    // MARK: - Once more

    private struct Again {
        var ask: PendingAsk?
        var visit: Visit
        var userName: String
        var source: String
    }

    private func page(
        _ again: Again, _ problem: SignInPage.Problem, _ status: Int, retryAfter: Int64? = nil
    ) throws(Refusal) -> EndpointResponse {
        let fields = retryAfter.map { [EndpointResponse.Field("Retry-After", String($0))] } ?? []
        var response = try interaction.signInPage(
            again.ask, again.visit, problem: problem, userName: again.userName,
            source: again.source, status: status, fields: fields)
        response.reason = "the sign-in was refused: \(problem)"
        return response
    }
}

extension LocalSignIn.Outcome {
    /// The outcome as the audit log has it.
    fileprivate var audited: AuditEvent.SignIn.Outcome {
        switch self {
        case .signedIn: .accepted
        case .refused: .refused
        case .wait: .delayed
        case .overloaded: .overloaded
        }
    }
}
