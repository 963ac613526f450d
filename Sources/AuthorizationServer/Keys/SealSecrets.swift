package import Cryptography
package import Storage

/// The root keys of seals as the store keeps them.
package enum SealSecrets {
    private static let kind = "seal key"

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
        var records = try await store.sealKeys()
        if records.isEmpty {
            records = try await store.sealKeys(orInsert: record(of: candidate, atRest, at: now))
        }
        return try records.map { record throws(KeyViolation) in
            let secret = try atRest.secret(record.secret, kind: kind, row: record.id)
            guard id(of: secret) == record.id else { throw .damaged(id: record.id) }
            return secret
        }
    }

    /// A new root key as the store keeps it; `now` is in Unix seconds.
    package static func record(
        of secret: SecretBytes, _ atRest: KeysAtRest, at now: Int64
    ) -> SealKeyRecord {
        let id = id(of: secret)
        return SealKeyRecord(
            id: id, secret: atRest.stored(secret, kind: kind, row: id), createdAt: now)
    }

    /// Names a key by a digest of it, so that a damaged row cannot pass for another key.
    private static func id(of secret: SecretBytes) -> String {
        let info = Array("gatehouse seal key row".utf8)
        return Base64URL.encode(hkdfSHA256(secret: secret.bytes, info: info, count: 12))
    }
}
