import HTTP
import OAuth
import Storage

/// `GET /authorize` (RFC 6749 §3.1): finds out whether a request can be put to the user, and shows
/// the next page.
///
/// It changes nothing but the browser's own cookie, so that who looks ahead, or follows a stranger's
/// link, has agreed to nothing. Only who agreed to the same before, for a client that was checked, and
/// comes from this very site, is not asked again.
package struct AuthorizationEndpoint: Sendable {
    private let interaction: Interaction

    /// An endpoint for requests to the servers of the options.
    package init(_ interaction: Interaction) { self.interaction = interaction }

    /// The answer to a request.
    package func respond(to request: EndpointRequest) async -> EndpointResponse {
        guard request.head.method == .get || request.head.method == .head else {
            return Notice.methodUnknown.response(fields: [.init("Allow", "GET, HEAD")])
        }
        do throws(Refusal) {
            let form = try await parameters(request)
            let asker = try await asker(form, request)
            let ask: PendingAsk
            do throws(OAuthError) { ask = try self.ask(form, asker, at: request.now) } catch {
                var response = asker.answer.error(error)
                response.clientID = asker.client.id
                return response
            }
            let visit = await interaction.visit(request)
            if let response = try await remembered(ask, form, visit, request.head) {
                return response
            }
            return try await interaction.nextPage(ask, visit)
        } catch {
            return error.response()
        }
    }

    /// The code for a request that was agreed to before; nil where the person is to be asked.
    private func remembered(
        _ ask: PendingAsk, _ form: FormParameters, _ visit: Visit, _ head: RequestHead
    ) async throws(Refusal) -> EndpointResponse? {
        // OpenID Connect Core §3.1.2.1 — a client that wants the person to be asked says so.
        guard head.method == .get, form.values("prompt").isEmpty, let user = visit.user else {
            return nil
        }
        let offered = interaction.offered(ask, to: user)
        // What was agreed with a client that has changed since was agreed with another.
        let grants = try await interaction.grants(of: user).filter {
            $0.clientRevision == ask.client.revision
        }
        let earlier = grants.agreedScopes(of: ask.client.id, at: ask.resource, at: visit.now)
        guard RememberedConsent.answers(head, ask, offered: offered, earlier: earlier) else {
            return nil
        }
        return try await interaction.issueCode(
            offered, of: offered, ask, to: user, at: visit.now)
    }

    /// The parameters, of a request that was handed in before where there is one.
    private func parameters(
        _ request: EndpointRequest
    ) async throws(Refusal) -> FormParameters {
        let form: FormParameters
        do { form = try FormParameters(query: request.head.query) } catch {
            throw Refusal(.requestMalformed, "\(error)")
        }
        guard let uri = form.values("request_uri").first(where: { !$0.isEmpty }),
            uri.hasPrefix(PushedRequests.prefix)
        else { return form }
        return try await pushed(uri, form, at: request.now)
    }

    /// RFC 9126 §4 — nothing but the pushed request counts; it is used once, and by its own client.
    private func pushed(
        _ uri: String, _ form: FormParameters, at now: Int64
    ) async throws(Refusal) -> FormParameters {
        guard form.values("request_uri").count == 1, form.values("client_id").count == 1,
            let clientID = form.values("client_id").first
        else {
            throw Refusal(.requestMalformed, "request_uri or client_id is missing or repeated")
        }
        let requests = PushedRequests(ring: interaction.ring())
        guard let pushed = requests.request(named: uri, by: clientID, at: now) else {
            throw Refusal(.requestExpired, "the pushed request has expired or is not the client's")
        }
        let isNew: Bool
        do { isNew = try await interaction.store.use(pushed.use, at: now) } catch {
            throw Refusal(error)
        }
        guard isNew else { throw Refusal(.requestUsed, "the pushed request was used before") }
        return pushed.form
    }

    // MARK: - Who asks

    /// A client, and where its answers go.
    private struct Asker {
        var client: Client
        var answer: AuthorizationResponse
        var namesRedirectURI: Bool
    }

    /// Who asks; until that is certain nothing is sent anywhere (RFC 6749 §4.1.2.1, RFC 9700
    /// §4.11).
    private func asker(
        _ form: FormParameters, _ request: EndpointRequest
    ) async throws(Refusal) -> Asker {
        let sender: AuthorizationRequest.Sender
        do { sender = try AuthorizationRequest.Sender(form) } catch {
            throw Refusal(Self.notice(form), error.privateReason)
        }
        let client = try await interaction.client(
            sender.clientID, for: request.network, at: request.now)
        let uri = try Self.redirectURI(sender.redirectURI, of: client)
        return Asker(
            client: client,
            answer: AuthorizationResponse(
                redirectURI: uri, state: sender.state, issuer: interaction.issuer),
            namesRedirectURI: sender.redirectURI != nil)
    }

    /// What a person is told where the parameters do not even say who asks.
    private static func notice(_ form: FormParameters) -> Notice {
        let uris = form.values("redirect_uri")
        return uris.count == 1 && RedirectURI(uris[0]) == nil && !uris[0].isEmpty
            ? .redirectURIForeign : .requestMalformed
    }

    /// RFC 6749 §3.1.2.3 — the presented URI if it is registered; without one the only registered
    /// one, if it is whole.
    private static func redirectURI(
        _ presented: RedirectURI?, of client: Client
    ) throws(Refusal) -> RedirectURI {
        if let presented {
            guard client.redirects(to: presented) else {
                throw Refusal(.redirectURIForeign, "the redirect URI is not registered")
            }
            return presented
        }
        // The port of a program on this machine is known from the request only (RFC 8252 §7.3).
        guard client.redirectURIs.count == 1, let uri = client.redirectURIs.first, !uri.isLoopback
        else { throw Refusal(.redirectURIMissing, "the request names no redirect URI") }
        return uri
    }

    // MARK: - What for

    private func ask(
        _ form: FormParameters, _ asker: Asker, at now: Int64
    ) throws(OAuthError) -> PendingAsk {
        // RFC 6749 §4.1.2.1
        guard asker.client.mayUse(.authorizationCode) else {
            throw OAuthError(.unauthorizedClient, "The client may not ask users for access")
        }
        let wanted = try AuthorizationRequest(form)
        let resource = try resource(wanted.resource)
        let uri = asker.answer.redirectURI
        let pending = PendingAuthorization(
            id: PendingAuthorization.makeID(), clientID: asker.client.id,
            clientRevision: asker.client.revision, redirectURI: uri.text,
            namesRedirectURI: asker.namesRedirectURI, state: asker.answer.state,
            codeChallenge: wanted.codeChallenge.text, server: resource.name,
            scope: wanted.scope?.text, expiresAt: now + PendingAuthorization.lifetime,
            // Where no proof is read, no code could be redeemed with one.
            keyThumbprint: resource.dpop == .off ? nil : wanted.key?.text)
        return PendingAsk(
            pending: pending, client: asker.client, redirectURI: uri, resource: resource)
    }

    /// RFC 8707 §2 — the server that is meant; clients of earlier revisions do not say, and are
    /// understood where there is only one.
    private func resource(_ wanted: ResourceIndicator?) throws(OAuthError) -> GuardedResource {
        let resources = interaction.options.resources
        guard let wanted else {
            guard resources.count == 1, let only = resources.first else {
                throw OAuthError(.invalidTarget, "The request does not say which server it is for")
            }
            return only
        }
        guard let resource = resources.first(where: { $0.resource == wanted }) else {
            throw OAuthError(.invalidTarget, "The resource is not a server of this gateway")
        }
        return resource
    }
}
