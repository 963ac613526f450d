import Storage

/// A store in memory, whose rows a test can alter.
actor MemoryStore: Store {
    var signing: [SigningKeyRecord] = []
    var sealing: [SealKeyRecord] = []
    var recorded: [GrantRecord] = []

    func set(signing: [SigningKeyRecord]) {
        self.signing = signing
    }

    func set(sealing: [SealKeyRecord]) {
        self.sealing = sealing
    }

    func signingKeys() async throws(StoreError) -> [SigningKeyRecord] {
        signing.sorted { ($1.createdAt, $0.id) < ($0.createdAt, $1.id) }
    }

    func signingKeys(
        orInsert candidate: SigningKeyRecord
    ) async throws(StoreError) -> [SigningKeyRecord] {
        let isPresent = signing.contains {
            $0.purpose == candidate.purpose && $0.algorithm == candidate.algorithm
        }
        if !isPresent { signing.append(candidate) }
        return try await signingKeys()
    }

    func sealKeys() async throws(StoreError) -> [SealKeyRecord] {
        sealing
    }

    func sealKeys(
        orInsert candidate: SealKeyRecord
    ) async throws(StoreError) -> [SealKeyRecord] {
        if sealing.isEmpty { sealing.append(candidate) }
        return sealing
    }

    func record(_ grant: GrantRecord) async throws(StoreError) {
        recorded.append(grant)
    }

    func grants(limit: Int) async throws(StoreError) -> [GrantRecord] {
        Array(recorded.prefix(limit))
    }

    func close() async {}
}
