import Cryptography
import OAuth
import Storage

/// Redeems authorization codes (RFC 6749 §4.1.3, RFC 7636 §4.5).
///
/// A code is touched only after client, redirect URI, verifier and resource were found right: what
/// is wrong never burns it. One that is right and was used before ends what came of it.
struct CodeGrant: Sendable {
    let issuing: TokenIssuing

    /// What a client presents.
    struct Presented: Sendable {
        let client: Client
        let code: SecretBytes
        let redirectURI: String?
        let verifier: CodeVerifier?
        let resource: ResourceIndicator?
        /// The key of the proof that came along; nil without one.
        let key: KeyThumbprint?
    }

    /// The tokens for a code.
    ///
    /// - Parameters:
    ///   - presented: what the client shows; the client has authenticated.
    ///   - nowMilliseconds: the time in Unix milliseconds.
    /// - Returns: what the client gets.
    /// - Throws: why it gets nothing.
    func tokens(
        for presented: Presented, atMilliseconds nowMilliseconds: Int64
    ) async throws(GrantRefusal) -> IssuedTokens {
        let digest = sha256(presented.code.bytes).bytes
        let found = try await issuing.fromStore { store throws(StoreError) in
            try await store.code(digest)
        }
        guard let record = found else { throw Self.unusable("the code is unknown") }
        for check in CodeCheck.all { try check.apply(to: record, presented) }
        guard let resource = issuing.resource(named: record.server) else {
            throw Self.unusable("the server of the code is no longer configured", record)
        }
        // RFC 8707 §2.2
        guard presented.resource == nil || presented.resource == resource.resource else {
            throw GrantRefusal(
                OAuthError(.invalidTarget, "The code is for another resource"),
                subject: record.subject)
        }
        let key = try issuing.binding(
            presented.key, of: presented.client, at: resource, subject: record.subject)
        if let grantID = record.grantID {
            try await end(grantID, at: nowMilliseconds / 1000)
            throw Self.replayed(record, grantID)
        }
        return try await redeem(record, presented.client, resource, key, nowMilliseconds)
    }

    private func redeem(
        _ record: CodeRecord, _ client: Client, _ resource: GuardedResource,
        _ key: KeyThumbprint?, _ nowMilliseconds: Int64
    ) async throws(GrantRefusal) -> IssuedTokens {
        let now = nowMilliseconds / 1000
        let (user, end) = try await user(of: record, at: now)
        let grantable = GrantScopes.grantable(user: user, client: client, at: resource)
        let agreed = ScopeSet(parsing: record.scope) ?? ScopeSet()
        let scopes = grantable.intersection(agreed)
        guard !scopes.isEmpty else {
            throw Self.unusable("nothing of what was agreed may be granted now", record)
        }
        let grantID = RefreshTokens.makeGrantID()
        let access = try issuing.accessToken(
            of: grantID, for: user, client, at: resource, scopes: scopes, grantable: grantable,
            boundTo: key, now: now, endingBy: end)
        let refresh =
            client.mayUse(.refreshToken) ? issuing.refreshTokens().first(of: grantID) : nil
        let grant = GrantRecord(
            id: grantID, server: resource.name, subject: user.subject, source: user.source,
            userName: user.name, client: client.id, clientRevision: client.revision,
            clientName: client.name, clientMethod: client.authenticationMethod.rawValue,
            scope: scopes.text,
            declinedScope: record.declinedScope, issuedAt: now, expiresAt: access.expiresAt,
            refresh: refresh.map { token in
                GrantRecord.RefreshFamily(
                    generation: 0, currentDigest: token.digest, previousDigest: nil,
                    rotatedAtMilliseconds: nowMilliseconds,
                    expiresAt: now + issuing.options.refreshLifetime)
            },
            // RFC 9449 §5 — a client with a secret proves by it that the token is its own.
            keyThumbprint: client.authenticationMethod == .none ? key?.text : nil)
        let redemption = try await issuing.fromStore { store throws(StoreError) in
            try await store.redeem(record.digest, as: grant, at: now)
        }
        switch redemption {
        case .redeemed:
            let response = TokenResponse(
                accessToken: access.text, lifetime: access.expiresAt - now,
                refreshToken: refresh?.text, scope: scopes, isBound: key != nil)
            return IssuedTokens(
                response: response, subject: user.subject,
                issuance: AuditEvent.Issuance(
                    basis: .authorizationCode, server: resource.name, scope: scopes.text,
                    grantID: grantID, tokenID: access.id))
        case .replayed(let grantID): throw Self.replayed(record, grantID)
        case .unknown: throw Self.unusable("the code has expired", record)
        }
    }

    /// The user as of now, and when an access token must end at the latest, in Unix seconds.
    private func user(
        of record: CodeRecord, at now: Int64
    ) async throws(GrantRefusal) -> (user: User, end: Int64) {
        let reference = UserReference(
            source: record.source, name: record.userName, subject: record.subject)
        return try await issuing.user(reference, at: now) { endedGrants in
            .invalidGrant(
                CodeCheck.description, reason: "the user of the code is gone",
                subject: record.subject, endedGrants: endedGrants)
        }
    }

    private func end(_ grantID: String, at now: Int64) async throws(GrantRefusal) {
        _ = try await issuing.fromStore { store throws(StoreError) in
            try await store.endGrant(grantID, at: now)
        }
    }

    /// RFC 6749 §4.1.2 — what was issued by a code that comes twice is revoked.
    private static func replayed(_ record: CodeRecord, _ grantID: String) -> GrantRefusal {
        .invalidGrant(
            CodeCheck.description, reason: "the code was redeemed before: its grant has ended",
            subject: record.subject, endedGrants: [grantID])
    }

    private static func unusable(_ reason: String, _ record: CodeRecord? = nil) -> GrantRefusal {
        .invalidGrant(CodeCheck.description, reason: reason, subject: record?.subject)
    }
}
