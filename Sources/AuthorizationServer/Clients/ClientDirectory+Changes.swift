import OAuth
import Seals
package import Storage

/// What becomes of a registration later: its client changes or ends it (RFC 7592), an administrator
/// approves it.
extension ClientDirectory {
    /// How many clients are remembered at most that changed or ended themselves.
    package static let changedRowLimit = 10_000

    /// What became of a change.
    enum Change: Sendable {
        /// It is in effect.
        case changed(ClientRegistration)
        /// There is no room for it.
        case full
        /// The client is no more.
        case gone
    }

    /// Whether a text is the token with which a client manages its registration; takes the same time
    /// for every wrong one.
    func isRegistrationToken(_ text: String, of id: String) -> Bool {
        isDerived(text, for: .registrationToken, id)
    }

    /// The token with which a client manages its registration.
    func registrationToken(of id: String) -> String? { derived(for: .registrationToken, id) }

    /// What a client is told of its registration as it is.
    func description(_ id: String, _ standing: Standing) -> ClientRegistration {
        let registration = standing.registration
        var metadata = ClientMetadata(
            redirectURIs: policy.allowed(registration.redirectURIs), name: registration.name,
            authenticationMethod: registration.method, bindsTokens: registration.bindsTokens)
        switch registration.keys?.keys {
        case .set: metadata.keySet = registration.keys?.text
        case .url(let uri): metadata.keySetURI = uri
        case nil: break
        }
        return answer(id, registration, metadata)
    }

    /// Puts other metadata in the place of a client's, judged by today's policy (RFC 7592 §2.2).
    ///
    /// - Throws: as for a registration.
    func change(
        _ id: String, _ standing: Standing, to metadata: ClientMetadata, at now: Int64
    ) async throws(OAuthError) -> Change {
        let metadata = try accepted(metadata)
        let old = standing.registration
        let new = AcceptedRegistration(
            name: metadata.name, redirectURIs: metadata.redirectURIs,
            method: metadata.authenticationMethod, keys: try RegisteredKeys.of(metadata),
            isInvited: old.isInvited, issuedAt: old.issuedAt, expiresAt: old.expiresAt,
            bindsTokens: metadata.bindsTokens)
        // Who says the same again keeps what was approved and agreed.
        guard new != old else { return .changed(answer(id, new, metadata)) }
        let row = ClientRecord(
            id: id, name: new.name, status: .active, metadata: new.bytes, createdAt: now,
            expiresAt: nil, changedAt: now, endsAt: new.expiresAt)
        do throws(StoreError) {
            switch try await store.change(row, limit: Self.changedRowLimit, at: now) {
            case .changed: return .changed(answer(id, new, metadata))
            case .full: return .full
            case .revoked: return .gone
            }
        } catch {
            throw Self.unavailable(error)
        }
    }

    /// Ends a client at its own wish (RFC 7592 §2.3).
    func remove(
        _ id: String, _ standing: Standing, at now: Int64
    ) async throws(StoreError) -> ClientRemoval {
        let row = ClientRecord(
            id: id, name: standing.registration.name, status: .revoked, metadata: [],
            createdAt: now, expiresAt: nil, changedAt: now,
            endsAt: standing.registration.expiresAt)
        return try await store.remove(
            row, hasSealedID: Self.isSealed(id), limit: Self.changedRowLimit, at: now)
    }
}

/// What an administrator sees of a client that registered itself.
package struct RegisteredClient: Sendable {
    /// The client as it would be; nil where today's policy would not let it register.
    package let client: Client?
    /// Whether an administrator has approved it as it is.
    package let isApproved: Bool
}

extension ClientDirectory {
    /// What is known of a client that registered itself, whether or not it waits, or that has an
    /// entry in the configuration, which is an approval.
    package func registered(
        _ id: String, at now: Int64
    ) async throws(StoreError) -> RegisteredClient? {
        if let entry = entries[id] {
            return RegisteredClient(client: entry.client, isApproved: true)
        }
        guard let standing = try await standing(of: id, at: now) else { return nil }
        return RegisteredClient(
            client: judged(standing, id: id), isApproved: standing.isApproved)
    }

    /// Approves a client as it is: its name, redirect URIs, method and keys.
    ///
    /// - Returns: false for one that is unknown, or changed at this moment.
    package func approve(_ id: String, at now: Int64) async throws(StoreError) -> Bool {
        guard let standing = try await standing(of: id, at: now) else { return false }
        let registration = standing.registration
        return try await store.approve(
            ClientRecord(
                id: id, name: registration.name, status: .active,
                metadata: standing.row?.metadata ?? [], createdAt: now, expiresAt: nil,
                approval: registration.revision, endsAt: registration.expiresAt))
    }
}
