/// Whether access tokens are bound to a key of the client's (RFC 9449), as the operator wants it.
package enum DPoPUse: String, Sendable, Equatable, CaseIterable {
    /// They are not: proofs are not read, and bound tokens are refused.
    case off
    /// The client decides, with a proof or without.
    case allowed
    /// They are, for every client; other tokens are refused.
    case required
}
