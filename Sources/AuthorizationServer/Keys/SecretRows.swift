import Cryptography
import Storage

/// Secrets of one kind as rows of the store, sealed there where a master key is configured.
struct SecretRows: Sendable {
    /// What the secrets are for; it goes into their seals and their names.
    let kind: String

    /// Reads the secrets, and first keeps `candidate` if there is none.
    ///
    /// - Parameters:
    ///   - atRest: how they are kept.
    ///   - now: Unix seconds.
    ///   - candidate: a new secret.
    ///   - read: the rows, the newest first.
    ///   - insert: the rows, among them the given one if there was none.
    /// - Returns: at least one secret, the newest first; the same ones in every process on this store.
    /// - Throws: `StoreError` or `KeyViolation`.
    func load(
        _ atRest: KeysAtRest, at now: Int64, orKeeping candidate: SecretBytes,
        from read: () async throws(StoreError) -> [SealKeyRecord],
        orInserting insert: (SealKeyRecord) async throws(StoreError) -> [SealKeyRecord]
    ) async throws -> [SecretBytes] {
        var records = try await read()
        if records.isEmpty { records = try await insert(record(of: candidate, atRest, at: now)) }
        return try records.map { record throws(KeyViolation) in
            let secret = try atRest.secret(record.secret, kind: kind, row: record.id)
            guard id(of: secret) == record.id else { throw .damaged(id: record.id) }
            return secret
        }
    }

    /// A secret as the store keeps it; `now` is in Unix seconds.
    func record(of secret: SecretBytes, _ atRest: KeysAtRest, at now: Int64) -> SealKeyRecord {
        let id = id(of: secret)
        return SealKeyRecord(
            id: id, secret: atRest.stored(secret, kind: kind, row: id), createdAt: now)
    }

    /// Names a secret by a digest of it, so that a damaged row cannot pass for another one.
    private func id(of secret: SecretBytes) -> String {
        let info = Array("gatehouse \(kind) row".utf8)
        return Base64URL.encode(hkdfSHA256(secret: secret.bytes, info: info, count: 12))
    }
}
