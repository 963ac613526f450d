import Cryptography
import OAuth
import Storage

/// Exchanges refresh tokens for new ones (RFC 6749 §6, RFC 9700 §4.14.2).
struct RefreshGrant: Sendable {
    let issuing: TokenIssuing

    /// What a client presents.
    struct Presented: Sendable {
        let client: Client
        let token: SecretBytes
        let scope: ScopeSet?
        let resource: ResourceIndicator?
        /// The key of the proof that came along; nil without one.
        let key: KeyThumbprint?
    }

    /// What a client is told of a token that it cannot use, whatever the cause.
    private static let description =
        "The refresh token is unknown, expired, revoked, or was issued to someone else"

    /// The tokens for a refresh token.
    ///
    /// - Parameters:
    ///   - presented: what the client shows; the client has authenticated.
    ///   - nowMilliseconds: the time in Unix milliseconds.
    /// - Returns: what the client gets.
    /// - Throws: why it gets nothing.
    func tokens(
        for presented: Presented, atMilliseconds nowMilliseconds: Int64
    ) async throws(GrantRefusal) -> IssuedTokens {
        let now = nowMilliseconds / 1000
        // What we did not make never reaches the store.
        guard let token = issuing.refreshTokens().token(in: presented.token) else {
            throw Self.unusable("the refresh token is none of ours")
        }
        let grant = try await grant(of: token, presented.client, at: now)
        guard let resource = issuing.resource(named: grant.server) else {
            throw Self.unusable("the server of the grant is no longer configured", grant)
        }
        // RFC 8707 §2.2
        guard presented.resource == nil || presented.resource == resource.resource else {
            throw GrantRefusal(
                OAuthError(.invalidTarget, "The grant is for another resource"),
                subject: grant.subject)
        }
        let key = try issuing.binding(
            presented.key, of: presented.client, at: resource, subject: grant.subject)
        // RFC 9449 §5 — a refresh token of a public client is good with the key that it began with.
        try TokenIssuing.require(
            grant.keyThumbprint, shownAs: key, subject: grant.subject,
            other: Self.unusable("the refresh token is bound to another key", grant))
        let asked = try Self.asked(presented.scope, of: grant)
        let (user, end) = try await user(of: grant, at: now)
        let grantable = GrantScopes.grantable(user: user, client: presented.client, at: resource)
        let scopes = grantable.intersection(asked)
        guard !scopes.isEmpty else {
            throw Self.unusable("nothing of what was granted may be granted now", grant)
        }
        let access = try issuing.accessToken(
            of: grant.id, for: user, presented.client, at: resource, scopes: scopes,
            grantable: grantable, boundTo: key, now: now, endingBy: end)
        let successor = try await rotate(
            token, of: grant, at: nowMilliseconds, accessExpiresAt: access.expiresAt)
        return IssuedTokens(
            response: TokenResponse(
                accessToken: access.text, lifetime: access.expiresAt - now,
                refreshToken: successor.text, scope: scopes, isBound: key != nil),
            subject: user.subject,
            issuance: AuditEvent.Issuance(
                basis: .refreshToken, server: resource.name, scope: scopes.text,
                grantID: grant.id, tokenID: access.id))
    }

    /// The grant, if it is the client's and can be refreshed.
    private func grant(
        of token: RefreshToken, _ client: Client, at now: Int64
    ) async throws(GrantRefusal) -> GrantRecord {
        let found = try await issuing.fromStore { store throws(StoreError) in
            try await store.grant(token.grantID)
        }
        guard let grant = found else { throw Self.unusable("the grant is unknown") }
        // RFC 6749 §10.4
        guard grant.client.utf8.elementsEqual(client.id.utf8) else {
            throw Self.unusable("the refresh token is another client's", grant)
        }
        // The user is asked again, about the client as it is now.
        guard grant.clientRevision == client.revision else {
            throw Self.unusable("the client has changed since the consent", grant)
        }
        // Who could prove more when the code was redeemed must still prove as much.
        guard Self.isProven(client, enoughFor: grant) else {
            throw Self.unusable("the client proves less than when the grant was made", grant)
        }
        guard grant.endedAt == nil, let family = grant.refresh, now < family.expiresAt else {
            throw Self.unusable("the grant has ended", grant)
        }
        return grant
    }

    /// Whether the client has proven itself as well as when the grant was made, no downgrade later.
    ///
    /// A grant of an earlier release is bound to none.
    private static func isProven(_ client: Client, enoughFor grant: GrantRecord) -> Bool {
        guard !grant.clientMethod.isEmpty else { return true }
        guard let bound = ClientAuthenticationMethod(rawValue: grant.clientMethod) else {
            return false
        }
        return client.authenticationMethod.proves(asMuchAs: bound)
    }

    /// What the new access token may carry (RFC 6749 §6); what was not granted is refused.
    private static func asked(
        _ scope: ScopeSet?, of grant: GrantRecord
    ) throws(GrantRefusal) -> ScopeSet {
        let granted = ScopeSet(parsing: grant.scope) ?? ScopeSet()
        let named = ScopeSet((scope?.tokens ?? []).filter { $0.text != ScopeToken.offlineAccess })
        guard named.subtracting(granted).isEmpty else {
            throw GrantRefusal(
                OAuthError(.invalidScope, "The scope goes beyond what was granted"),
                subject: grant.subject)
        }
        return named.isEmpty ? granted : named
    }

    /// The user as of now, and when an access token must end at the latest, in Unix seconds; a user who
    /// is gone takes the grant along.
    private func user(
        of grant: GrantRecord, at now: Int64
    ) async throws(GrantRefusal) -> (user: User, end: Int64) {
        let reference = UserReference(
            source: grant.source, name: grant.userName, subject: grant.subject)
        return try await issuing.user(reference, at: now) {
            endedGrants async throws(GrantRefusal) in
            _ = try await issuing.fromStore { store throws(StoreError) in
                try await store.endGrant(grant.id, at: now)
            }
            return Self.unusable(
                "the user of the grant is gone: the grant has ended", grant,
                endedGrants: [grant.id] + endedGrants.filter { $0 != grant.id })
        }
    }

    /// Puts the successor in the token's place.
    private func rotate(
        _ token: RefreshToken, of grant: GrantRecord, at nowMilliseconds: Int64,
        accessExpiresAt: Int64
    ) async throws(GrantRefusal) -> RefreshToken {
        let candidates = issuing.refreshTokens().successors(of: token)
        guard !candidates.isEmpty else {
            throw Self.unusable("the family has no more generations", grant)
        }
        let rotation = RefreshRotation(
            grantID: grant.id, presentedDigest: token.digest,
            successorDigests: candidates.map(\.digest), nowMilliseconds: nowMilliseconds,
            graceMilliseconds: issuing.options.refreshReuseGrace * 1000,
            accessExpiresAt: accessExpiresAt)
        let outcome = try await issuing.fromStore { store throws(StoreError) in
            try await store.rotate(rotation)
        }
        switch outcome {
        case .successor(let index):
            guard candidates.indices.contains(index) else {
                throw Self.unusable("the store names a successor that is none", grant)
            }
            return candidates[index]
        case .replayed:
            throw Self.unusable(
                "the refresh token was replaced before: the grant has ended", grant,
                endedGrants: [grant.id])
        case .ended: throw Self.unusable("the grant has ended", grant)
        }
    }

    private static func unusable(
        _ reason: String, _ grant: GrantRecord? = nil, endedGrants: [String] = []
    ) -> GrantRefusal {
        .invalidGrant(
            description, reason: reason, subject: grant?.subject, endedGrants: endedGrants)
    }
}
