/// Users of identity providers.
///
/// Each function is one whole transaction, as all of ``Store``. All times are Unix seconds.
package protocol ProviderUserStore: Sendable {
    /// Keeps a user who has signed in; the mark of a row that is there stays, and so does its token
    /// where the new one has none.
    ///
    /// - Returns: the row as it is now.
    func keepSignIn(_ user: ProviderUserRecord) async throws(StoreError) -> ProviderUserRecord

    /// The user with this `sub` of ours.
    func providerUser(_ subject: String) async throws(StoreError) -> ProviderUserRecord?

    /// Finds out whether the provider is to be asked about a user, and claims the question.
    ///
    /// An answer may be `interval` seconds old; others are told `busy` for `lease` seconds.
    func claimCheck(
        of subject: String, every interval: Int64, lease: Int64, at now: Int64
    ) async throws(StoreError) -> ProviderCheck

    /// Keeps what the provider told now; nothing where the row was written since `user.version`.
    func finishCheck(_ user: ProviderUserRecord) async throws(StoreError)

    /// Gives a claimed question up; it can be asked again from `retryAt` on.
    func abandonCheck(_ user: ProviderUserRecord, retryAt: Int64) async throws(StoreError)

    /// Deletes a user whom the provider no longer knows, and ends all grants; nothing where the row
    /// was written since `user.version`.
    ///
    /// - Returns: the ids of the grants that were ended; nil where nothing was done.
    func removeProviderUser(
        _ user: ProviderUserRecord, at now: Int64
    ) async throws(StoreError) -> [String]?
}
