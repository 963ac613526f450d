/// What outlives a process: keys, clients, authorization codes and grants.
///
/// Each function is one whole transaction: it is done and on the disk when it returns, or nothing
/// of it is. All may be called at once, from several processes too. All times are Unix seconds.
package protocol Store: AuditStore, RegistrationStore, SingleUseStore, ProviderUserStore {
    // MARK: Clients

    /// The row of a client; nil for a client that has none, as most self-contained ones.
    func client(_ id: String) async throws(StoreError) -> ClientRecord?

    /// Keeps a new client, unless `limit` clients that were never used are kept already.
    ///
    /// Clients that expired before `now` are deleted first.
    ///
    /// - Returns: whether there was room.
    /// - Throws: `conflict` if its id is taken.
    func register(
        _ client: ClientRecord, limit: Int, at now: Int64
    ) async throws(StoreError) -> Bool

    /// Marks a client as revoked, writing a row if it has none, and ends its grants.
    ///
    /// - Returns: the ids of the grants that were ended.
    func revokeClient(
        _ id: String, name: String, at now: Int64
    ) async throws(StoreError) -> [String]

    /// The clients that have a row, and those that have a grant, the latest first.
    func clients(limit: Int) async throws(StoreError) -> [ClientSummary]

    // MARK: Authorization codes

    /// Keeps a new code; `false` if one was issued already for the same request of the user
    /// (``CodeRecord/requestID``).
    ///
    /// Codes that expired before `now` are deleted first, one minute after the end of their request.
    func issue(_ code: CodeRecord, at now: Int64) async throws(StoreError) -> Bool

    /// The code with this digest, redeemed or not; nil for one that is unknown or was deleted.
    func code(_ digest: [UInt8]) async throws(StoreError) -> CodeRecord?

    /// Redeems a code: the first time the grant is written, every later time it is ended.
    ///
    /// Who calls has checked client, redirect URI and code verifier. Of any number of calls at once,
    /// in any number of processes, one is told `redeemed`.
    func redeem(
        _ digest: [UInt8], as grant: GrantRecord, at now: Int64
    ) async throws(StoreError) -> CodeRedemption

    // MARK: Grants

    /// Writes a new grant.
    ///
    /// - Throws: `conflict` if its id is taken.
    func record(_ grant: GrantRecord) async throws(StoreError)

    /// The grant with this id, ended or not.
    func grant(_ id: String) async throws(StoreError) -> GrantRecord?

    /// The latest grants, the newest first; with a subject only those of that user.
    func grants(of subject: String?, limit: Int) async throws(StoreError) -> [GrantRecord]

    /// Puts the successor of a refresh token in its place, or finds that the token was replaced.
    func rotate(_ rotation: RefreshRotation) async throws(StoreError) -> RefreshOutcome

    /// Ends a grant for good; its row stays until its last token has expired.
    ///
    /// - Returns: whether it had not ended before.
    func endGrant(_ id: String, at now: Int64) async throws(StoreError) -> Bool

    /// Ends all grants of a user.
    ///
    /// - Returns: the ids of those that were ended.
    func endGrants(of subject: String, at now: Int64) async throws(StoreError) -> [String]

    /// The grants that were ended while access tokens of theirs may still be valid at `now`.
    func endedGrants(at now: Int64) async throws(StoreError) -> [EndedGrant]

    // MARK: Observations

    /// Adds to what observe mode has let pass.
    func add(_ observations: [ObservationRecord]) async throws(StoreError)

    /// What observe mode has let pass, by server, the most frequent first.
    func observations() async throws(StoreError) -> [ObservationRecord]

    // MARK: Upkeep

    /// Deletes what expired before `now`: codes, clients, grants without a valid token, notes
    /// of what was used once, and observations that are old.
    func expire(at now: Int64) async throws(StoreError)

    /// Ends what was begun and closes the store; later calls fail with `closed`.
    func close() async
}
