package import Cryptography
package import Storage

/// The root keys of seals as the store keeps them.
package enum SealSecrets {
    private static let rows = SecretRows(kind: "seal key")

    /// Reads the root keys, and first keeps `candidate` if there is none.
    ///
    /// - Parameters:
    ///   - store: where they are kept.
    ///   - atRest: how.
    ///   - now: Unix seconds.
    ///   - candidate: a new root key of 32 bytes.
    /// - Returns: at least one key, the newest first; the same ones in every process on this store.
    /// - Throws: `StoreError` or `KeyViolation`.
    package static func load(
        from store: any KeyStore, _ atRest: KeysAtRest, at now: Int64,
        orKeeping candidate: SecretBytes
    ) async throws -> [SecretBytes] {
        try await rows.load(
            atRest, at: now, orKeeping: candidate, from: store.sealKeys,
            orInserting: store.sealKeys(orInsert:))
    }

    /// A new root key as the store keeps it; `now` is in Unix seconds.
    package static func record(
        of secret: SecretBytes, _ atRest: KeysAtRest, at now: Int64
    ) -> SealKeyRecord {
        rows.record(of: secret, atRest, at: now)
    }
}
