/// What was used and may not be used again, whichever process is asked.
///
/// Each function is one whole transaction, as all of ``Store``.
package protocol SingleUseStore: Sendable {
    /// Notes that something is used; false if it was before.
    ///
    /// Of any number of calls at once, in any number of processes, one is told `true`. Uses that no
    /// longer matter at `now`, in Unix seconds, are deleted first.
    func use(_ use: SingleUse, at now: Int64) async throws(StoreError) -> Bool

    /// Writes a grant of a client that is not revoked, and notes that what it came of is used, or does
    /// neither; `use` is nil for a grant that came of nothing of the kind.
    ///
    /// - Throws: `conflict` if the grant's id is taken.
    func record(
        _ grant: GrantRecord, using use: SingleUse?, at now: Int64
    ) async throws(StoreError) -> GrantRecording
}
