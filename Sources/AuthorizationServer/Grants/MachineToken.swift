import OAuth
import Storage

/// One access token without a refresh token, and without a user at the keyboard.
struct MachineToken: Sendable {
    /// What it is issued for.
    let basis: AuditEvent.Issuance.Basis
    /// Whom it is about: a user, or the client itself.
    let user: User
    /// Who gets it.
    let client: Client
    /// The server.
    let resource: GuardedResource
    /// What it may do.
    let scopes: ScopeSet
    /// What it could do.
    let grantable: ScopeSet
    /// The key that it is bound to; nil for a bearer's.
    let key: KeyThumbprint?
    /// What it comes of; nil for nothing that may be used once only.
    var use: SingleUse?
}

extension TokenIssuing {
    /// RFC 8707 §2 — the server that is meant, of those that the client may use; without a resource the
    /// only one.
    ///
    /// - Throws: `invalid_target`.
    func resource(
        _ wanted: ResourceIndicator?, for client: Client
    ) throws(GrantRefusal) -> GuardedResource {
        let open = options.resources.filter { client.entry?.allows(server: $0.name) ?? true }
        guard let wanted else {
            guard open.count == 1, let only = open.first else {
                throw GrantRefusal(
                    OAuthError(.invalidTarget, "The request does not say which server it is for"))
            }
            return only
        }
        guard let resource = open.first(where: { $0.resource == wanted }) else {
            throw GrantRefusal(
                OAuthError(.invalidTarget, "The resource is not a server that the client may use"))
        }
        return resource
    }

    /// What a client asks for itself; nothing is given instead of what may not be granted.
    ///
    /// - Throws: `invalid_target`, `invalid_scope`, or `invalid_dpop_proof`.
    func machineOrder(
        _ client: Client, _ scope: ScopeSet?, _ wanted: ResourceIndicator?,
        basis: AuditEvent.Issuance.Basis, key: KeyThumbprint?, use: SingleUse? = nil
    ) throws(GrantRefusal) -> MachineToken {
        let machine = client.machine(issuer: options.issuer)
        let resource = try resource(wanted, for: client)
        let grantable = GrantScopes.grantable(machine: client, at: resource)
        guard !grantable.isEmpty else {
            throw GrantRefusal(
                OAuthError(.invalidScope, "No scope of this server is granted to the client"),
                subject: machine.subject)
        }
        let asked = scope ?? grantable
        guard asked.subtracting(grantable).isEmpty, !asked.isEmpty else {
            throw GrantRefusal(
                OAuthError(
                    .invalidScope,
                    "Only these scopes may be granted to the client: \(grantable.text)"),
                subject: machine.subject)
        }
        return MachineToken(
            basis: basis, user: machine, client: client, resource: resource,
            scopes: grantable.intersection(asked), grantable: grantable,
            key: try binding(key, of: client, at: resource, subject: machine.subject), use: use)
    }

    /// Issues a token and writes its grant, so that it is listed and can be revoked.
    ///
    /// - Throws: `invalid_grant` where what it comes of was used before.
    func issue(_ order: MachineToken, at now: Int64) async throws(GrantRefusal) -> IssuedTokens {
        let grantID = RefreshTokens.makeGrantID()
        let access = try accessToken(
            of: grantID, for: order.user, order.client, at: order.resource, scopes: order.scopes,
            grantable: order.grantable, boundTo: order.key, now: now)
        let grant = GrantRecord(
            id: grantID, server: order.resource.name, subject: order.user.subject,
            source: order.user.source, userName: order.user.name, client: order.client.id,
            clientName: order.client.name,
            clientMethod: order.client.authenticationMethod.rawValue, scope: order.scopes.text,
            issuedAt: now, expiresAt: access.expiresAt)
        let recording = try await fromStore { store throws(StoreError) in
            try await store.record(grant, using: order.use, at: now)
        }
        switch recording {
        case .recorded: break
        case .reused:
            throw .invalidGrant(
                "The assertion was used before: its jti is not new", subject: order.user.subject)
        case .revoked:
            throw GrantRefusal(ClientAuthentication.unproven("the client was revoked"))
        }
        return IssuedTokens(
            response: TokenResponse(
                accessToken: access.text, lifetime: access.expiresAt - now, refreshToken: nil,
                scope: order.scopes, isBound: order.key != nil),
            subject: order.user.subject,
            issuance: AuditEvent.Issuance(
                basis: order.basis, server: order.resource.name, scope: order.scopes.text,
                grantID: grantID, tokenID: access.id))
    }
}
