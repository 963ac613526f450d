/// The grants that were ended before their access tokens were, as one loop knows them.
///
/// One per loop, never shared: whoever ends a grant tells every loop. An entry stays until the last
/// access token of its grant has expired by itself.
package final class EndedGrants {
    private var expiryByID: [String: Int64] = [:]

    /// How many grants are known to have ended.
    package var count: Int { expiryByID.count }

    /// No grant has ended.
    package init() {}

    /// Whether tokens of that grant are refused.
    package func contains(_ grantID: String?) -> Bool {
        guard !expiryByID.isEmpty, let grantID else { return false }
        return expiryByID[grantID] != nil
    }

    /// Refuses the tokens of a grant from now on; they all expire by `expiresAt`, in Unix seconds.
    package func insert(_ grantID: String, expiresAt: Int64) {
        expiryByID[grantID] = max(expiryByID[grantID] ?? 0, expiresAt)
    }

    /// Forgets the grants whose tokens have all expired at `now`, in Unix seconds.
    package func forgetExpired(at now: Int64) {
        let limit = now - AccessTokenVerifier.leeway
        expiryByID = expiryByID.filter { $0.value >= limit }
    }
}
