/// What the audit log keeps apart from itself: the secret of its codes, and how far it came.
///
/// Each function is one whole transaction, as all of ``Store``.
package protocol AuditStore: KeyStore {
    /// The secrets of the audit log's codes, the newest first.
    func auditSecrets() async throws(StoreError) -> [SealKeyRecord]

    /// The secrets of the audit log's codes, the newest first; `candidate` is among them if there was
    /// none at all.
    func auditSecrets(
        orInsert candidate: SealKeyRecord
    ) async throws(StoreError) -> [SealKeyRecord]

    /// Keeps heads of chains; a chain never goes back, and a closed one stays closed.
    ///
    /// Heads that were written before `oldest`, in Unix seconds, are deleted first.
    func keep(_ heads: [AuditHead], forgettingBefore oldest: Int64) async throws(StoreError)

    /// All heads, the latest first.
    func auditHeads() async throws(StoreError) -> [AuditHead]
}
