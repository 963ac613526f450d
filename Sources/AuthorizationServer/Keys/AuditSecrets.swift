package import Cryptography
package import Storage

/// The secrets of the audit log's codes as the store keeps them.
package enum AuditSecrets {
    private static let kind = "audit secret"

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
        var records = try await store.auditSecrets()
        if records.isEmpty {
            let id = id(of: candidate)
            let record = SealKeyRecord(
                id: id, secret: atRest.stored(candidate, kind: kind, row: id), createdAt: now)
            records = try await store.auditSecrets(orInsert: record)
        }
        return try records.map { record throws(KeyViolation) in
            let secret = try atRest.secret(record.secret, kind: kind, row: record.id)
            guard id(of: secret) == record.id else { throw .damaged(id: record.id) }
            return secret
        }
    }

    /// Names a secret by a digest of it, so that a damaged row cannot pass for another one.
    private static func id(of secret: SecretBytes) -> String {
        let info = Array("gatehouse audit secret row".utf8)
        return Base64URL.encode(hkdfSHA256(secret: secret.bytes, info: info, count: 12))
    }
}
