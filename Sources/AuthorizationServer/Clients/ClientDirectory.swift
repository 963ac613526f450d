import Cryptography
package import OAuth
package import Seals
package import Storage

/// The clients, found by their ids and judged by today's policy; those that the configuration names
/// come first.
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
    let entries: [String: ClientEntry]

    /// A directory whose ring may change while the process runs; without `documents` no client is
    /// known by the URL of one.
    package init(
        store: any Store, ring: @escaping @Sendable () -> KeyRing, options: RegistrationOptions,
        documents: ClientDocuments? = nil, entries: [ClientEntry] = []
    ) {
        self.store = store
        self.ring = ring
        self.options = options
        self.documents = documents
        policy = RedirectPolicy(rules: options.redirectURIs)
        self.entries = Dictionary(entries.map { ($0.id, $0) }) { first, _ in first }
    }

    /// A directory whose ring does not change.
    package init(
        store: any Store, ring: KeyRing, options: RegistrationOptions,
        documents: ClientDocuments? = nil, entries: [ClientEntry] = []
    ) {
        self.init(
            store: store, ring: { ring }, options: options, documents: documents, entries: entries)
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
        if let entry = entries[id] {
            do {
                return try await store.client(id)?.status == .revoked ? nil : entry.client
            } catch { throw .store(error) }
        }
        if let url = ClientDocumentURL(id) {
            return try await client(describedAt: url, for: network, at: now)
        }
        let standing: Standing?
        do { standing = try await self.standing(of: id, at: now) } catch { throw .store(error) }
        guard let standing, let client = judged(standing, id: id) else { return nil }
        switch options.dynamic {
        case .off: return nil
        case .open: return client
        case .token: return standing.registration.isInvited || standing.isApproved ? client : nil
        case .approval:
            guard standing.isApproved else { throw .pending }
            return client
        }
    }

    /// What is known of a client that registered itself.
    struct Standing: Sendable {
        /// What it registered, or put in its place later.
        let registration: AcceptedRegistration
        /// Its row; nil for one whose id holds all there is.
        let row: ClientRecord?

        /// Whether an administrator has approved exactly this.
        var isApproved: Bool { row?.approval == registration.revision }
    }

    /// What is known of the client that registered itself under this id; nil for one that is
    /// unknown, has expired or was revoked.
    func standing(of id: String, at now: Int64) async throws(StoreError) -> Standing? {
        guard options.dynamic != .off, id.utf8.count <= Self.idLimit else { return nil }
        let found: AcceptedRegistration?
        let row: ClientRecord?
        if Self.isSealed(id) {
            // Opened first: what we did not seal costs the store nothing.
            guard let sealed = SelfContainedClientID(ring: ring()).registration(in: id) else {
                return nil
            }
            row = try await store.client(id)
            // A row wins over what is sealed.
            found =
                row.flatMap { $0.metadata.isEmpty ? nil : $0.metadata }
                .map { AcceptedRegistration(bytes: $0) } ?? sealed
        } else if Self.isRowID(id) {
            row = try await store.client(id)
            if let expiresAt = row?.expiresAt, expiresAt <= now { return nil }
            found = row.flatMap { AcceptedRegistration(bytes: $0.metadata) }
        } else {
            return nil
        }
        guard row?.status != .revoked, let found, now < found.expiresAt else { return nil }
        return Standing(registration: found, row: row)
    }

    func judged(_ standing: Standing, id: String) -> Client? {
        let registration = standing.registration
        let uris = policy.allowed(registration.redirectURIs)
        guard !uris.isEmpty, RedirectPolicy.mayBeNamed(registration.name, at: uris) else {
            return nil
        }
        return Client(
            id: id, name: registration.name, redirectURIs: uris,
            authenticationMethod: registration.method, keys: registration.keys?.keys,
            verification: standing.isApproved ? .named : .unverified,
            // The id of a client that never changed says it all.
            revision: standing.row?.changedAt == nil ? [] : registration.revision,
            bindsTokens: registration.bindsTokens)
    }

    static func isSealed(_ id: String) -> Bool { id.hasPrefix(SelfContainedClientID.prefix) }

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
        /// The initial access token cannot be used any more.
        case uninvited
    }

    /// Registers a client: into its id, or in a row if that would be too long or it must wait.
    ///
    /// - Parameters:
    ///   - metadata: what the client says of itself.
    ///   - invitation: the digest of its initial access token; nil where none is needed.
    ///   - now: Unix seconds.
    /// - Returns: what became of it.
    /// - Throws: `invalid_redirect_uri` if policy allows none of the redirect URIs,
    ///   `invalid_client_metadata` for the name of a product that receives codes elsewhere and for
    ///   keys that cannot be used, `temporarily_unavailable` if the store fails.
    package func register(
        _ metadata: ClientMetadata, invitedBy invitation: [UInt8]? = nil, at now: Int64
    ) async throws(OAuthError) -> Registration {
        let metadata = try accepted(metadata)
        let registration = AcceptedRegistration(
            name: metadata.name, redirectURIs: metadata.redirectURIs,
            method: metadata.authenticationMethod, keys: try RegisteredKeys.of(metadata),
            isInvited: invitation != nil, issuedAt: now, expiresAt: now + options.lifetime,
            bindsTokens: metadata.bindsTokens)
        let (id, row) = place(for: registration)
        do throws(StoreError) {
            if let invitation {
                switch try await store.useInvitation(
                    invitation, for: row, limit: Self.unusedRowLimit, at: now)
                {
                case .used: break
                case .unknown: return .uninvited
                case .full: return .full
                }
            } else if let row {
                guard try await store.register(row, limit: Self.unusedRowLimit, at: now) else {
                    return .full
                }
            }
        } catch {
            throw Self.unavailable(error)
        }
        return .accepted(answer(id, registration, metadata))
    }

    /// What policy leaves of a client's metadata.
    func accepted(_ metadata: ClientMetadata) throws(OAuthError) -> ClientMetadata {
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
        return metadata
    }

    /// What a client is told of its registration.
    func answer(
        _ id: String, _ registration: AcceptedRegistration, _ metadata: ClientMetadata
    ) -> ClientRegistration {
        let hasSecret =
            switch registration.method {
            case .clientSecretBasic, .clientSecretPost: true
            case .none, .privateKeyJWT: false
            }
        return ClientRegistration(
            clientID: id, secret: hasSecret ? secret(of: id) : nil,
            issuedAt: registration.issuedAt, expiresAt: registration.expiresAt, metadata: metadata)
    }

    /// The id of a new client, with its row if it needs one.
    private func place(for registration: AcceptedRegistration) -> (String, ClientRecord?) {
        // Who waits for an administrator must be found by them.
        if options.dynamic != .approval,
            let id = SelfContainedClientID(ring: ring()).make(registration)
        {
            return (id, nil)
        }
        let id = Self.rowPrefix + Base64URL.encode(randomBytes(Self.rowIDLength))
        let row = ClientRecord(
            id: id, name: registration.name, status: .active, metadata: registration.bytes,
            createdAt: registration.issuedAt,
            expiresAt: registration.issuedAt + Self.unusedRowLifetime)
        return (id, row)
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
        if let entry = client.entry {
            guard case .secret(let expected) = entry.credential else { return false }
            // Digests, so that not even the length shows.
            return constantTimeEqual(
                sha256(Array(secret.utf8)).bytes, sha256(expected.bytes).bytes)
        }
        switch client.authenticationMethod {
        case .none, .privateKeyJWT: return false
        case .clientSecretBasic, .clientSecretPost:
            return isDerived(secret, for: .clientSecret, client.id)
        }
    }

    /// Whether a text is what was derived for a client; takes the same time for every wrong one.
    func isDerived(_ text: String, for purpose: DerivedKeyPurpose, _ id: String) -> Bool {
        let presented = Array(text.utf8)
        var isEqual = false
        for key in ring().derivedKeys(for: purpose) {
            let expected = Array(Self.secret(of: id, key: key).utf8)
            let isThis = constantTimeEqual(presented, expected)
            isEqual = isEqual || isThis
        }
        return isEqual
    }

    private func secret(of id: String) -> String? { derived(for: .clientSecret, id) }

    /// A secret of the client, which nobody keeps: it can be derived again.
    func derived(for purpose: DerivedKeyPurpose, _ id: String) -> String? {
        ring().derivedKeys(for: purpose).first.map { Self.secret(of: id, key: $0) }
    }

    private static func secret(of id: String, key: SecretBytes) -> String {
        Base64URL.encode(hkdfSHA256(secret: key.bytes, info: Array(id.utf8), count: 32))
    }
}
