package import Cryptography
package import Storage

/// The secrets of the audit log's codes as the store keeps them.
package enum AuditSecrets {
    private static let rows = SecretRows(kind: "audit secret")

    /// Reads the secrets, and first keeps `candidate` if there is none.
    ///
    /// - Parameters:
    ///   - store: where they are kept.
    ///   - atRest: how.
    ///   - now: Unix seconds.
    ///   - candidate: a new secret of 32 bytes.
    /// - Returns: at least one secret, the newest first; the same ones in every process on this store.
    /// - Throws: `StoreError` or `KeyViolation`.
    package static func load(
        from store: any AuditStore, _ atRest: KeysAtRest, at now: Int64,
        orKeeping candidate: SecretBytes
    ) async throws -> [SecretBytes] {
        try await rows.load(
            atRest, at: now, orKeeping: candidate, from: store.auditSecrets,
            orInserting: store.auditSecrets(orInsert:))
    }
}
