/// What the store knows of registration beside the clients themselves: who may register, what was
/// approved, and what clients have changed.
///
/// Each function is one whole transaction, as all of ``Store``.
package protocol RegistrationStore: Sendable {
    /// Keeps a new invitation, unless `limit` are kept that can still be used; those that cannot are
    /// deleted first.
    ///
    /// - Returns: whether there was room.
    func invite(
        _ invitation: InvitationRecord, limit: Int, at now: Int64
    ) async throws(StoreError) -> Bool

    /// Whether the token of this digest may be used once more.
    func isInvitation(_ digest: [UInt8], at now: Int64) async throws(StoreError) -> Bool

    /// The invitations that can still be used, the latest first.
    func invitations(at now: Int64) async throws(StoreError) -> [InvitationRecord]

    /// Takes an invitation back.
    ///
    /// - Returns: whether there was one with this id.
    func withdrawInvitation(_ id: String) async throws(StoreError) -> Bool

    /// Uses an invitation once, and keeps the row of its client if it needs one; of `limit` rows as
    /// in ``Store/register(_:limit:at:)``.
    func useInvitation(
        _ digest: [UInt8], for client: ClientRecord?, limit: Int, at now: Int64
    ) async throws(StoreError) -> InvitationUse

    /// Keeps the approval of a client, whose row is written if it has none.
    ///
    /// - Returns: false if the row has other metadata by now, or is revoked.
    func approve(_ client: ClientRecord) async throws(StoreError) -> Bool

    /// Puts other metadata in the place of a client's, and takes back its approval; the row is
    /// written if it has none and fewer than `limit` clients have changed.
    func change(
        _ client: ClientRecord, limit: Int, at now: Int64
    ) async throws(StoreError) -> ClientChange

    /// Ends a client at its own wish, and its grants.
    ///
    /// A client that `hasSealedID` keeps a row that says so until `endsAt`, if fewer than `limit`
    /// clients have changed; the row of another goes.
    func remove(
        _ client: ClientRecord, hasSealedID: Bool, limit: Int, at now: Int64
    ) async throws(StoreError) -> ClientRemoval
}

/// What became of an invitation that was presented.
package enum InvitationUse: Sendable, Equatable {
    /// It was used, and the row is kept.
    case used
    /// It is unknown, used up, expired or withdrawn.
    case unknown
    /// There is no room for the row; the invitation is as it was.
    case full
}

/// What became of a client's wish to be described anew.
package enum ClientChange: Sendable, Equatable {
    /// It is.
    case changed
    /// It was revoked.
    case revoked
    /// There is no room for the row.
    case full
}

/// What became of a client's wish to end.
package enum ClientRemoval: Sendable, Equatable {
    /// It has ended, and these grants with it.
    case removed(endedGrants: [String])
    /// There is no room for the row.
    case full
}
