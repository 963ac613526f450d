/// The audit log's secret and heads; each a transaction.
extension SQLiteStore {
    package func auditSecrets() async throws(StoreError) -> [SealKeyRecord] {
        try await perform("list the secrets of the audit log") { connection throws(StoreError) in
            try connection.secrets(in: .auditSecrets)
        }
    }

    package func auditSecrets(
        orInsert candidate: SealKeyRecord
    ) async throws(StoreError) -> [SealKeyRecord] {
        try await transaction("keep a secret of the audit log") { connection throws(StoreError) in
            try connection.secrets(in: .auditSecrets, orInsert: candidate)
        }
    }

    package func keep(
        _ heads: [AuditHead], forgettingBefore oldest: Int64
    ) async throws(StoreError) {
        try await transaction("keep heads of the audit log") { connection throws(StoreError) in
            try connection.deleteAuditHeads(before: oldest)
            for head in heads { try connection.keep(head) }
        }
    }

    package func auditHeads() async throws(StoreError) -> [AuditHead] {
        try await perform("list the heads of the audit log") { connection throws(StoreError) in
            try connection.auditHeads()
        }
    }
}
