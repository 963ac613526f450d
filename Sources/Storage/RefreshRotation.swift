/// A refresh token that was presented, with what may take its place (RFC 9700 §4.14.2).
///
/// The successor is derived from the presented token, so that who presents it twice gets the same
/// one twice, from any replica. It differs by the key that derived it, of which a ring has several:
/// hence several candidates, the one of the newest key first.
package struct RefreshRotation: Sendable, Equatable {
    /// The grant that the token names.
    package let grantID: String
    /// SHA-256 of the presented token, which was found to be a genuine one of that grant.
    package let presentedDigest: [UInt8]
    /// SHA-256 of each candidate for its successor; at least one.
    package let successorDigests: [[UInt8]]
    /// The time in Unix milliseconds.
    package let nowMilliseconds: Int64
    /// How long the predecessor of the current token still gets the current one, in milliseconds; 0
    /// for not at all.
    ///
    /// A call may be as much earlier than the rotation, by its clock, as later.
    package let graceMilliseconds: Int64
    /// When the access token that is issued with the successor ends, in Unix seconds.
    package let accessExpiresAt: Int64

    /// A rotation.
    package init(
        grantID: String, presentedDigest: [UInt8], successorDigests: [[UInt8]],
        nowMilliseconds: Int64, graceMilliseconds: Int64, accessExpiresAt: Int64
    ) {
        self.grantID = grantID
        self.presentedDigest = presentedDigest
        self.successorDigests = successorDigests
        self.nowMilliseconds = nowMilliseconds
        self.graceMilliseconds = graceMilliseconds
        self.accessExpiresAt = accessExpiresAt
    }
}

/// What became of a refresh token that was presented.
package enum RefreshOutcome: Sendable, Equatable {
    /// The candidate of this number is the current token now, or was made so by a call within the
    /// grace.
    case successor(index: Int)
    /// The token was replaced before the grace began: the family and its grant have ended now.
    case replayed
    /// The grant is unknown, has ended or expired, or has no refresh tokens.
    case ended
}
