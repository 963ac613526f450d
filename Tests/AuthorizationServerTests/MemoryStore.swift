import Storage

/// Keys in memory, whose rows a test can alter.
actor MemoryStore: KeyStore {
    var signing: [SigningKeyRecord] = []
    var sealing: [SealKeyRecord] = []

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

    func rotate(
        to key: SigningKeyRecord, revoking: Bool
    ) async throws(StoreError) -> [SigningKeyRecord] {
        if revoking { signing.removeAll { $0.purpose == key.purpose } }
        signing.append(key)
        return try await signingKeys()
    }

    func rotate(
        to key: SealKeyRecord, revoking: Bool
    ) async throws(StoreError) -> [SealKeyRecord] {
        sealing = revoking ? [key] : [key] + sealing
        return sealing
    }
}
