import OAuth
import Storage

/// Gives a client a token for another server on behalf of the same user (RFC 8693), where the
/// configuration names both servers and the user has agreed to the other one too.
///
/// The new token ends no later than the one it comes of, and with the same grant.
struct TokenExchangeGrant: Sendable {
    let issuing: TokenIssuing

    /// What a client presents.
    struct Presented: Sendable {
        let client: Client
        let request: TokenExchangeRequest
        let resource: ResourceIndicator?
        /// The key of the proof that came along; nil without one.
        let key: KeyThumbprint?
    }

    /// The most grants of a user that are looked at.
    private static let grantLimit = 1000

    /// The token for a token.
    ///
    /// - Parameters:
    ///   - presented: what the client shows; the client has authenticated.
    ///   - now: Unix seconds.
    /// - Returns: what the client gets.
    /// - Throws: why it gets nothing.
    func tokens(
        for presented: Presented, at now: Int64
    ) async throws(GrantRefusal) -> IssuedTokens {
        let client = presented.client
        let token = try subjectToken(presented, at: now)
        // No exchange takes the binding off.
        try TokenIssuing.require(
            token.key?.text, shownAs: presented.key, subject: token.subject,
            other: Self.unusable("the subject token is bound to another key", token.subject))
        let grant = try await livingGrant(of: token, client)
        guard
            let source = issuing.options.resources.first(where: {
                $0.resource.text.utf8.elementsEqual(token.audience.utf8)
            })
        else { throw Self.unusable("the server of the subject token is no longer there") }
        let target = try target(presented.resource)
        let rules = (client.entry?.exchanges ?? []).filter { rule in
            rule.from.utf8.elementsEqual(source.name.utf8)
                && rule.to.utf8.elementsEqual(target.name.utf8)
        }
        guard !rules.isEmpty else {
            throw GrantRefusal(
                OAuthError(
                    .invalidTarget, "The client may not exchange such a token for this resource"),
                subject: token.subject)
        }
        let (user, end) = try await user(of: grant, token, at: now)
        let agreed = try await agreed(to: target, by: user, client, at: now)
        let grantable = GrantScopes.grantable(user: user, client: client, at: target)
            .intersection(agreed)
            .intersection(ScopeSet(rules.flatMap(\.scopes.tokens)))
        let scopes = try Self.scopes(presented.request.scope, grantable, token.subject)
        let key = try issuing.binding(
            presented.key, of: client, at: target, subject: token.subject)
        let access = try issuing.accessToken(
            of: grant.id, for: user, client, at: target, scopes: scopes, grantable: grantable,
            boundTo: key, now: now, endingBy: min(token.expiresAt, end),
            actor: client.machine(issuer: issuing.options.issuer).subject)
        return IssuedTokens(
            response: TokenResponse(
                accessToken: access.text, lifetime: access.expiresAt - now, refreshToken: nil,
                scope: scopes, issuedTokenType: TokenExchangeRequest.accessTokenType,
                isBound: key != nil),
            subject: user.subject,
            issuance: AuditEvent.Issuance(
                basis: .tokenExchange, server: target.name, scope: scopes.text,
                grantID: grant.id, tokenID: access.id))
    }

    // MARK: - What is shown

    private func subjectToken(
        _ presented: Presented, at now: Int64
    ) throws(GrantRefusal) -> OwnAccessToken {
        guard let token = issuing.issuer().token(in: presented.request.subjectToken, at: now) else {
            throw Self.unusable("the subject token is none of ours, or has expired")
        }
        guard token.clientID.utf8.elementsEqual(presented.client.id.utf8) else {
            throw Self.unusable("the subject token is another client's", token.subject)
        }
        // A chain of exchanges would lead where no single rule does.
        guard !token.wasExchanged else {
            throw GrantRefusal(
                OAuthError(.invalidRequest, "The subject_token was itself got by an exchange"),
                subject: token.subject)
        }
        return token
    }

    private func livingGrant(
        of token: OwnAccessToken, _ client: Client
    ) async throws(GrantRefusal) -> GrantRecord {
        let found = try await issuing.fromStore { store throws(StoreError) in
            try await store.grant(token.grantID)
        }
        guard let grant = found, grant.endedAt == nil else {
            throw Self.unusable("the grant of the subject token has ended", token.subject)
        }
        return grant
    }

    /// The user as of now, and when an access token must end at the latest, in Unix seconds.
    private func user(
        of grant: GrantRecord, _ token: OwnAccessToken, at now: Int64
    ) async throws(GrantRefusal) -> (user: User, end: Int64) {
        let reference = UserReference(
            source: grant.source, name: grant.userName, subject: token.subject)
        return try await issuing.user(reference, at: now) { endedGrants in
            Self.unusable(
                "the subject of the token is no user", token.subject, endedGrants: endedGrants)
        }
    }

    private func target(_ wanted: ResourceIndicator?) throws(GrantRefusal) -> GuardedResource {
        guard let wanted,
            let target = issuing.options.resources.first(where: { $0.resource == wanted })
        else {
            throw GrantRefusal(
                OAuthError(
                    .invalidTarget, "The resource is missing or not a server of this gateway"))
        }
        return target
    }

    // MARK: - What was agreed

    /// What the user lets this client do at the target: of the grants that go on.
    private func agreed(
        to target: GuardedResource, by user: User, _ client: Client, at now: Int64
    ) async throws(GrantRefusal) -> ScopeSet {
        let grants = try await issuing.fromStore { store throws(StoreError) in
            try await store.grants(of: user.subject, limit: Self.grantLimit)
        }
        guard let agreed = grants.agreedScopes(of: client.id, at: target, at: now) else {
            throw GrantRefusal(
                OAuthError(
                    .invalidTarget, "The user has not agreed that the client uses this resource"),
                subject: user.subject)
        }
        return agreed
    }

    private static func scopes(
        _ asked: ScopeSet?, _ grantable: ScopeSet, _ subject: String
    ) throws(GrantRefusal) -> ScopeSet {
        let asked = asked ?? grantable
        guard !asked.isEmpty, asked.subtracting(grantable).isEmpty else {
            throw GrantRefusal(
                OAuthError(
                    .invalidScope,
                    "The scope goes beyond what the user agreed to and the client may exchange"),
                subject: subject)
        }
        return grantable.intersection(asked)
    }

    /// RFC 8693 §2.2.2 — a subject token that cannot be used is an invalid request.
    private static func unusable(
        _ reason: String, _ subject: String? = nil, endedGrants: [String] = []
    ) -> GrantRefusal {
        GrantRefusal(
            OAuthError(
                .invalidRequest,
                "The subject_token is unknown, expired, revoked, or was issued to someone else",
                reason: reason),
            subject: subject, endedGrants: endedGrants)
    }
}
