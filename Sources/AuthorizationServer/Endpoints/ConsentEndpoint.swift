import HTTP
import OAuth

/// `/consent`: shows who asks for what, and takes the decision.
package struct ConsentEndpoint: Sendable {
    /// How long a code can be redeemed, in seconds (RFC 6749 §4.1.2 allows ten minutes at most).
    package static let codeLifetime: Int64 = 60

    private let interaction: Interaction

    /// An endpoint for the decisions of users.
    package init(_ interaction: Interaction) { self.interaction = interaction }

    /// The answer to a request.
    package func respond(to request: EndpointRequest) async -> EndpointResponse {
        let visit = await interaction.visit(request)
        do throws(Refusal) {
            if request.head.method == .get || request.head.method == .head {
                return try await show(request, visit)
            }
            if request.head.method == .post { return try await decide(request, visit) }
            return Notice.methodUnknown.response(fields: [.init("Allow", "GET, HEAD, POST")])
        } catch {
            return error.response(fields: visit.cookies)
        }
    }

    private func show(
        _ request: EndpointRequest, _ visit: Visit
    ) async throws(Refusal) -> EndpointResponse {
        let text = try request.parameter("request") ?? ""
        return try await interaction.nextPage(try await interaction.ask(text, visit), visit)
    }

    // MARK: - The decision

    private func decide(
        _ request: EndpointRequest, _ visit: Visit
    ) async throws(Refusal) -> EndpointResponse {
        let form = try interaction.form(.consent, request, visit)
        let ask = try await interaction.ask(try form.field("request") ?? "", visit)
        guard let user = visit.user else {
            return try interaction.signInPage(ask, visit, problem: .sessionEnded, status: 403)
        }
        var response: EndpointResponse
        switch try form.field("decision") {
        case "approve": response = try await approve(form, ask, user, visit)
        case "deny":
            response = interaction.denial(
                of: ask, declining: interaction.offered(ask, to: user))
        case nil, .some: throw Refusal(.formMalformed, "the form holds no decision")
        }
        response.clientID = ask.client.id
        response.subject = user.subject
        return response
    }

    /// Grants what is ticked of what was asked for and may be granted now.
    private func approve(
        _ form: FormParameters, _ ask: PendingAsk, _ user: User, _ visit: Visit
    ) async throws(Refusal) -> EndpointResponse {
        let offered = interaction.offered(ask, to: user)
        let ticked = Set(form.values("scope"))
        let granted = ScopeSet(offered.tokens.filter { ticked.contains($0.text) })
        guard !granted.isEmpty else {
            return try await interaction.consentPage(ask, user, visit, isNothingTicked: true)
        }
        return try await interaction.issueCode(
            granted, of: offered, ask, to: user, at: visit.now)
    }
}
