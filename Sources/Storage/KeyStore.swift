/// The keys that outlive a process.
///
/// Each function is one whole transaction: it is done and on the disk when it returns, or nothing
/// of it is. All may be called at once, from several processes too.
package protocol KeyStore: Sendable {
    /// All signing keys, the newest first.
    func signingKeys() async throws(StoreError) -> [SigningKeyRecord]

    /// All signing keys, the newest first; `candidate` is among them if there was none of its
    /// purpose and algorithm.
    ///
    /// Of several processes that begin at once, one puts its candidate in and all get that one.
    func signingKeys(
        orInsert candidate: SigningKeyRecord
    ) async throws(StoreError) -> [SigningKeyRecord]

    /// Puts a new signing key in, which from now on is the newest; with `revoking` all others of its
    /// purpose are deleted.
    ///
    /// - Returns: all signing keys, the newest first.
    func rotate(
        to key: SigningKeyRecord, revoking: Bool
    ) async throws(StoreError) -> [SigningKeyRecord]

    /// All root keys for seals, the newest first.
    func sealKeys() async throws(StoreError) -> [SealKeyRecord]

    /// All root keys for seals, the newest first; `candidate` is among them if there was none at
    /// all.
    func sealKeys(orInsert candidate: SealKeyRecord) async throws(StoreError) -> [SealKeyRecord]

    /// Puts a new root key for seals in, which from now on is the newest; with `revoking` all others
    /// are deleted.
    ///
    /// - Returns: all root keys, the newest first.
    func rotate(
        to key: SealKeyRecord, revoking: Bool
    ) async throws(StoreError) -> [SealKeyRecord]
}
