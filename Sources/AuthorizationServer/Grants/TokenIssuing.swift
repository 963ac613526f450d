import Cryptography
import OAuth
import Seals
import Storage

/// What all grants need to issue tokens, as it is now.
struct TokenIssuing: Sendable {
    let options: AuthorizationServerOptions
    let store: any Store
    let users: any UserDirectory
    let ring: @Sendable () -> KeyRing
    let issuer: @Sendable () -> AccessTokenIssuer
    /// Finds the keys of others that are at a URL.
    let keySets: KeySetLookup

    /// The server of that name; nil for one that is no longer configured.
    func resource(named name: String) -> GuardedResource? {
        options.resources.first { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// Refresh tokens by the keys of now.
    func refreshTokens() -> RefreshTokens { RefreshTokens(ring: ring()) }

    /// Signs an access token for what is granted now; it ends by `end`, in Unix seconds, if that comes
    /// before the end of its lifetime.
    ///
    /// - Throws: `server_error` if signing fails.
    func accessToken(
        of grantID: String, for user: User, _ client: Client, at resource: GuardedResource,
        scopes: ScopeSet, grantable: ScopeSet, boundTo key: KeyThumbprint?, now: Int64,
        endingBy end: Int64 = .max, actor: String? = nil
    ) throws(GrantRefusal) -> IssuedAccessToken {
        let content = AccessTokenContent(
            subject: user.subject, audience: resource.resource.text, clientID: client.id,
            scopes: scopes, grantable: grantable, grantID: grantID, actor: actor, key: key)
        let lifetime = min(options.accessLifetime, end - now)
        do {
            return try issuer().issue(content, at: now, lifetime: lifetime)
        } catch {
            throw GrantRefusal(
                OAuthError(
                    .serverError, "The token could not be signed",
                    reason: "signing failed: \(error)"),
                subject: user.subject)
        }
    }

    /// The key that tokens of a server are bound to, from the proof that came with the request.
    ///
    /// - Throws: `invalid_dpop_proof` where there must be one and none counts (RFC 9449 §5, §5.2).
    func binding(
        _ key: KeyThumbprint?, of client: Client, at resource: GuardedResource, subject: String
    ) throws(GrantRefusal) -> KeyThumbprint? {
        guard resource.dpop != .off else {
            guard client.bindsTokens else { return nil }
            throw GrantRefusal(
                OAuthError(
                    .invalidDPoPProof, "The client wants bound tokens, and the server takes none"),
                subject: subject)
        }
        let isNeeded = client.bindsTokens || resource.dpop == .required
        guard key != nil || !isNeeded else {
            throw GrantRefusal(OAuthError(DPoPViolation.missing), subject: subject)
        }
        return key
    }

    /// Passes the key that a token is bound to, if it is to one: nothing that is bound is worth anything
    /// to whoever has it alone (RFC 9449 §1, §5).
    ///
    /// - Throws: `invalid_dpop_proof` without a key; `other` for another key.
    static func require(
        _ bound: String?, shownAs key: KeyThumbprint?, subject: String,
        other: @autoclosure () -> GrantRefusal
    ) throws(GrantRefusal) {
        guard let bound else { return }
        guard let key else {
            throw GrantRefusal(OAuthError(DPoPViolation.missing), subject: subject)
        }
        guard key.text == bound else { throw other() }
    }

    /// A user as of now, and when an access token must end at the latest, in Unix seconds.
    ///
    /// - Throws: what `gone` makes of a user who is gone, from the ids of the grants that ended;
    ///   `temporarily_unavailable` where it cannot be found out.
    func user(
        _ reference: UserReference, at now: Int64,
        gone: ([String]) async throws(GrantRefusal) -> GrantRefusal
    ) async throws(GrantRefusal) -> (user: User, end: Int64) {
        try await user(
            await users.standing(of: reference, at: now), subject: reference.subject, gone: gone)
    }

    /// The user of a standing, and when an access token must end at the latest, in Unix seconds.
    ///
    /// - Throws: what `gone` makes of a user who is gone, from the ids of the grants that ended;
    ///   `temporarily_unavailable` where it cannot be found out.
    func user(
        _ standing: UserStanding, subject: String?,
        gone: ([String]) async throws(GrantRefusal) -> GrantRefusal
    ) async throws(GrantRefusal) -> (user: User, end: Int64) {
        switch standing {
        case .present(let user, let until): return (user, until ?? .max)
        case .gone(let endedGrants): throw try await gone(endedGrants)
        case .unknown(let reason): throw .userUnknown(reason, subject: subject)
        }
    }

    /// What the store answers; its failure is `temporarily_unavailable`.
    func fromStore<Value>(
        _ body: (any Store) async throws(StoreError) -> Value
    ) async throws(GrantRefusal) -> Value {
        do {
            return try await body(store)
        } catch {
            throw GrantRefusal(ClientDirectory.unavailable(error))
        }
    }
}

/// What a grant came to.
struct IssuedTokens: Sendable {
    /// What the client gets.
    let response: TokenResponse
    /// Whom it is about.
    let subject: String
    /// What was issued, for the audit log.
    let issuance: AuditEvent.Issuance
}
