import Cryptography
package import OAuth
package import Seals
package import Storage

/// The clients, found by their ids and judged by today's policy.
package struct ClientDirectory: Sendable {
    /// How many clients with a row that were never used are kept at most; only metadata too large
    /// for an id need one.
    package static let unusedRowLimit = 1000
    /// How long a row stays if the client is never used, in seconds.
    package static let unusedRowLifetime: Int64 = 24 * 3600
    /// What the ids of clients with a row begin with.
    static let rowPrefix = "r"
    /// The longest id that is looked up, in bytes.
    static let idLimit = SelfContainedClientID.lengthLimit

    let store: any Store
    let ring: @Sendable () -> KeyRing
    let options: RegistrationOptions
    let policy: RedirectPolicy
    let documents: ClientDocuments?

    /// A directory whose ring may change while the process runs; without `documents` no client is
    /// known by the URL of one.
    package init(
        store: any Store, ring: @escaping @Sendable () -> KeyRing, options: RegistrationOptions,
        documents: ClientDocuments? = nil
    ) {
        self.store = store
        self.ring = ring
        self.options = options
        self.documents = documents
        policy = RedirectPolicy(rules: options.redirectURIs)
    }

    /// A directory whose ring does not change.
    package init(
        store: any Store, ring: KeyRing, options: RegistrationOptions,
        documents: ClientDocuments? = nil
    ) {
        self.init(store: store, ring: { ring }, options: options, documents: documents)
    }
}

extension ClientDirectory {
    /// `func client(_ id: String, for network: ClientNetwork? = nil, at now: Int64)`: the client with
    /// this id.
    ///
    /// Nil for one that is unknown, has expired or was revoked, or that today's policy would not let
    /// register. `network` is whom the fetch of a document is counted for, nil for nobody; `now` is
    /// in Unix seconds.
    package func client(
        _ id: String, for network: ClientNetwork? = nil, at now: Int64
    ) async throws(ClientLookupFailure) -> Client? {
        if let url = ClientDocumentURL(id) {
            return try await client(describedAt: url, for: network, at: now)
        }
        do throws(StoreError) { return try await registered(id, at: now) } catch {
            throw .store(error)
        }
    }

    /// The client that registered itself under this id.
    private func registered(_ id: String, at now: Int64) async throws(StoreError) -> Client? {
        guard options.dynamic == .open, id.utf8.count <= Self.idLimit else { return nil }
        let found: AcceptedRegistration?
        if id.hasPrefix(SelfContainedClientID.prefix) {
            // Opened first: what we did not seal costs the store nothing.
            found = SelfContainedClientID(ring: ring()).registration(in: id)
            guard found != nil, try await store.client(id)?.status != .revoked else { return nil }
        } else if Self.isRowID(id) {
            found = try await registration(inRowOf: id, at: now)
        } else {
            found = nil
        }
        guard let found, now < found.expiresAt else { return nil }
        return judged(found, id: id)
    }

    private func registration(
        inRowOf id: String, at now: Int64
    ) async throws(StoreError) -> AcceptedRegistration? {
        guard let row = try await store.client(id), row.status == .active else { return nil }
        if let expiresAt = row.expiresAt, expiresAt <= now { return nil }
        return AcceptedRegistration(bytes: row.metadata)
    }

    private func judged(_ registration: AcceptedRegistration, id: String) -> Client? {
        let uris = policy.allowed(registration.redirectURIs)
        guard !uris.isEmpty, RedirectPolicy.mayBeNamed(registration.name, at: uris) else {
            return nil
        }
        return Client(
            id: id, name: registration.name, redirectURIs: uris,
            authenticationMethod: registration.method, verification: .unverified)
    }

    private static func isRowID(_ id: String) -> Bool {
        id.hasPrefix(rowPrefix) && Base64URL.decode(String(id.dropFirst()))?.count == rowIDLength
    }

    private static let rowIDLength = 16
}

extension ClientDirectory {
    /// What became of a registration.
    package enum Registration: Sendable {
        /// The client is registered.
        case accepted(ClientRegistration)
        /// It takes a row, and there are too many rows of clients that were never used.
        case full
    }

    /// Registers a client: into its id, or in a row if that would be too long.
    ///
    /// - Throws: `invalid_redirect_uri` if policy allows none of the redirect URIs,
    ///   `invalid_client_metadata` for the name of a product that receives codes elsewhere,
    ///   `temporarily_unavailable` if the store fails.
    package func register(
        _ metadata: ClientMetadata, at now: Int64
    ) async throws(OAuthError) -> Registration {
        var metadata = metadata
        metadata.redirectURIs = policy.allowed(metadata.redirectURIs)
        // RFC 7591 §3.2.2
        guard !metadata.redirectURIs.isEmpty else {
            throw OAuthError(.invalidRedirectURI, "None of the redirect URIs is allowed here")
        }
        guard RedirectPolicy.mayBeNamed(metadata.name, at: metadata.redirectURIs) else {
            throw OAuthError(
                .invalidClientMetadata,
                "The client_name belongs to a product that has other redirect URIs")
        }
        let accepted = AcceptedRegistration(
            name: metadata.name, redirectURIs: metadata.redirectURIs,
            method: metadata.authenticationMethod, issuedAt: now,
            expiresAt: now + options.lifetime)
        guard let id = try await id(for: accepted) else { return .full }
        return .accepted(
            ClientRegistration(
                clientID: id, secret: metadata.authenticationMethod == .none ? nil : secret(of: id),
                issuedAt: now, expiresAt: accepted.expiresAt, metadata: metadata))
    }

    private func id(for accepted: AcceptedRegistration) async throws(OAuthError) -> String? {
        if let id = SelfContainedClientID(ring: ring()).make(accepted) { return id }
        let id = Self.rowPrefix + Base64URL.encode(randomBytes(Self.rowIDLength))
        let row = ClientRecord(
            id: id, name: accepted.name, status: .active, metadata: accepted.bytes,
            createdAt: accepted.issuedAt, expiresAt: accepted.issuedAt + Self.unusedRowLifetime)
        do {
            let isKept = try await store.register(
                row, limit: Self.unusedRowLimit, at: accepted.issuedAt)
            return isKept ? id : nil
        } catch {
            throw Self.unavailable(error)
        }
    }

    /// A failure of the store in OAuth's words.
    static func unavailable(_ failure: StoreError) -> OAuthError {
        OAuthError(
            .temporarilyUnavailable, "The server cannot answer now. Try again later.",
            reason: failure.description)
    }
}

extension ClientDirectory {
    /// Whether a client that has a secret has this one; takes the same time for every wrong one.
    package func isSecret(_ secret: String, of client: Client) -> Bool {
        guard client.authenticationMethod != .none else { return false }
        let presented = Array(secret.utf8)
        var isEqual = false
        for key in ring().derivedKeys(for: .clientSecret) {
            let expected = Array(Self.secret(of: client.id, key: key).utf8)
            let isThis = constantTimeEqual(presented, expected)
            isEqual = isEqual || isThis
        }
        return isEqual
    }

    private func secret(of id: String) -> String? {
        ring().derivedKeys(for: .clientSecret).first.map { Self.secret(of: id, key: $0) }
    }

    private static func secret(of id: String, key: SecretBytes) -> String {
        Base64URL.encode(hkdfSHA256(secret: key.bytes, info: Array(id.utf8), count: 32))
    }
}
