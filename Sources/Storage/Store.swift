/// What outlives a process: keys and grants.
///
/// Each function is one whole transaction: it is done and on the disk when it returns, or nothing
/// of it is. All may be called at once, from several processes too.
package protocol Store: Sendable {
    /// All signing keys, the newest first.
    func signingKeys() async throws(StoreError) -> [SigningKeyRecord]

    /// All signing keys, the newest first; `candidate` is among them if there was none of its
    /// purpose and algorithm.
    ///
    /// Of several processes that begin at once, one puts its candidate in and all get that one.
    func signingKeys(
        orInsert candidate: SigningKeyRecord
    ) async throws(StoreError) -> [SigningKeyRecord]

    /// All root keys for seals, the newest first.
    func sealKeys() async throws(StoreError) -> [SealKeyRecord]

    /// All root keys for seals, the newest first; `candidate` is among them if there was none at
    /// all.
    func sealKeys(orInsert candidate: SealKeyRecord) async throws(StoreError) -> [SealKeyRecord]

    /// Writes a new grant.
    ///
    /// - Throws: `conflict` if its id is taken.
    func record(_ grant: GrantRecord) async throws(StoreError)

    /// The latest grants, the newest first.
    func grants(limit: Int) async throws(StoreError) -> [GrantRecord]

    /// Ends what was begun and closes the store; later calls fail with `closed`.
    func close() async
}
