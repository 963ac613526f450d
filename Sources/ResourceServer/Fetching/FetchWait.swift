/// What becomes of a request that needs something fetched.
package enum FetchWait: Sendable, Equatable {
    /// It was got meanwhile.
    case settled
    /// The caller gets it, for all who wait.
    case ask
    /// Somebody gets it already.
    case underWay
    /// Too many wait, or too much is being got.
    case refused
}
