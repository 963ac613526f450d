import Cryptography
import OAuth
import Storage

/// Where a decision becomes an answer to the client: the only place where a code is issued.
extension Interaction {
    /// Issues a code for what a user grants of a request.
    ///
    /// - Parameters:
    ///   - granted: not empty, and of what may be granted now.
    ///   - offered: what may be granted now.
    ///   - ask: the request.
    ///   - user: who grants it.
    ///   - now: Unix seconds.
    /// - Returns: the way back to the client.
    /// - Throws: `Refusal` if the request was answered before, or the store fails.
    func issueCode(
        _ granted: ScopeSet, of offered: ScopeSet, _ ask: PendingAsk, to user: User, at now: Int64
    ) async throws(Refusal) -> EndpointResponse {
        let declined = offered.subtracting(granted)
        let code = Base64URL.encode(randomBytes(32))
        let record = Self.record(code, ask, user, granted, declined, at: now)
        let earlier = try await grants(of: user).agreedScopes(
            of: ask.client.id, at: ask.resource, at: now)
        let isFirst: Bool
        do { isFirst = try await store.issue(record, at: now) } catch { throw Refusal(error) }
        // A request has one answer, however often the form is sent.
        guard isFirst else { throw Refusal(.requestUsed, "the request was answered before") }
        var response = ask.answer(issuer: issuer).code(code)
        response.clientID = ask.client.id
        response.subject = user.subject
        response.events = [
            .consent(
                AuditEvent.Consent(
                    isGiven: true, server: ask.resource.name, scope: granted.text,
                    declinedScope: declined.text))
        ]
        if let earlier, !granted.subtracting(earlier).isEmpty {
            response.events.append(
                .stepUp(
                    server: ask.resource.name, scope: granted.text,
                    addedScope: granted.subtracting(earlier).text))
        }
        return response
    }

    /// The way back to the client for who grants nothing of what was offered.
    func denial(of ask: PendingAsk, declining offered: ScopeSet) -> EndpointResponse {
        var response = ask.answer(issuer: issuer).error(
            OAuthError(.accessDenied, "The user denied the request"))
        response.clientID = ask.client.id
        response.events = [
            .consent(
                AuditEvent.Consent(
                    isGiven: false, server: ask.resource.name, scope: "",
                    declinedScope: offered.text))
        ]
        return response
    }

    private static func record(
        _ code: String, _ ask: PendingAsk, _ user: User, _ granted: ScopeSet,
        _ declined: ScopeSet, at now: Int64
    ) -> CodeRecord {
        CodeRecord(
            digest: sha256(Array(code.utf8)).bytes, requestID: ask.pending.id,
            requestExpiresAt: ask.pending.expiresAt,
            expiresAt: now + ConsentEndpoint.codeLifetime,
            clientID: ask.client.id, clientRevision: ask.client.revision,
            clientName: ask.client.name,
            redirectURI: ask.pending.namesRedirectURI ? ask.pending.redirectURI : "",
            codeChallenge: ask.pending.codeChallenge, server: ask.resource.name,
            subject: user.subject, source: user.source, userName: user.name, scope: granted.text,
            declinedScope: declined.text, grantID: nil, keyThumbprint: ask.pending.keyThumbprint)
    }
}
