import HTTP
import OAuth
import Storage

/// `/account`: shows a person what was allowed, and ends it.
package struct AccountEndpoint: Sendable {
    private let interaction: Interaction

    /// An endpoint for the users' own grants.
    package init(_ interaction: Interaction) { self.interaction = interaction }

    /// The answer to a request.
    package func respond(to request: EndpointRequest) async -> EndpointResponse {
        let visit = await interaction.visit(request)
        do throws(Refusal) {
            if request.head.method == .get || request.head.method == .head {
                guard let user = visit.user else { return try interaction.signInPage(nil, visit) }
                return try await page(user, visit)
            }
            if request.head.method == .post { return try await end(request, visit) }
            return Notice.methodUnknown.response(fields: [.init("Allow", "GET, HEAD, POST")])
        } catch {
            return error.response(fields: visit.cookies)
        }
    }

    private func end(
        _ request: EndpointRequest, _ visit: Visit
    ) async throws(Refusal) -> EndpointResponse {
        let form = try interaction.form(.account, request, visit)
        guard let user = visit.user else {
            return try interaction.signInPage(
                nil, visit, problem: .sessionEnded, status: 403)
        }
        guard let id = try form.field("grant") else {
            throw Refusal(.formMalformed, "the form names no grant")
        }
        let isEnded = try await end(id, of: user, at: visit.now)
        // The page is shown at once, so that loading it again ends nothing anew but says so.
        var response = try await page(user, visit, hasEnded: true)
        if isEnded {
            response.endedGrants = [id]
            response.events = [.revocation(by: .user, grantID: id)]
        }
        return response
    }

    /// Ends a grant of the user's own.
    ///
    /// - Returns: whether it had not ended before.
    /// - Throws: `Refusal` for somebody else's as for one that does not exist.
    private func end(
        _ id: String, of user: User, at now: Int64
    ) async throws(Refusal) -> Bool {
        do {
            if let grant = try await interaction.store.grant(id), grant.subject == user.subject {
                return try await interaction.store.endGrant(id, at: now)
            }
        } catch { throw Refusal(error) }
        throw Refusal(.grantForeign, "the grant is not the user's")
    }

    // MARK: - The page

    private func page(
        _ user: User, _ visit: Visit, hasEnded: Bool = false
    ) async throws(Refusal) -> EndpointResponse {
        let grants = try await interaction.grants(of: user)
        let living = grants.filter { $0.isAlive(at: visit.now) }
        let page = AccountPage(
            userName: interaction.shownName(of: user), entries: living.map(entry),
            isTruncated: grants.count == Interaction.grantLimit, hasEnded: hasEnded,
            csrf: interaction.proof(for: .account, visit),
            signOutCSRF: interaction.proof(for: .signOut, visit))
        var response = page.page.response(fields: visit.cookies)
        response.subject = user.subject
        return response
    }

    private func entry(_ grant: GrantRecord) -> AccountPage.Entry {
        let resource = interaction.options.resources.first { $0.name == grant.server }
        let names = ScopeSet(parsing: grant.scope) ?? ScopeSet()
        return AccountPage.Entry(
            id: grant.id, clientName: grant.clientName,
            serverTitle: resource?.title ?? grant.server,
            scopes: names.tokens.map { name in
                // What the operator has taken away since is still named.
                resource?.scopes.first { $0.name == name } ?? GuardedScope(name: name)
            },
            since: grant.issuedAt)
    }
}
