import HTTPClient

/// Why a provider did not tell who somebody is.
struct ProviderFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was being done.
    enum Step: String, Sendable, CaseIterable {
        /// Reading the provider's metadata.
        case discovery
        /// Fetching its keys.
        case keys
        /// Exchanging the code, or the refresh token.
        case token
        /// Reading its ID token.
        case idToken = "ID token"
        /// Asking for the groups, or for the user.
        case userInfo = "userinfo"
        /// Reading what is said of the user.
        case claims
    }

    /// What kind of failure it is.
    enum Kind: Sendable, Equatable {
        /// No answer, or none that can be used: it may be better in a while.
        case unavailable
        /// The provider answered that the code or the refresh token is good no longer
        /// (RFC 6749 §5.2, `invalid_grant`).
        case invalidGrant
        /// What it said does not hold.
        case refused
    }

    /// What was being done.
    let step: Step
    /// What kind of failure it is.
    let kind: Kind
    /// The private reason, for the log; never a token.
    let reason: String

    /// A failure.
    init(_ step: Step, _ kind: Kind, _ reason: String) {
        self.step = step
        self.kind = kind
        self.reason = reason
    }

    /// There was no answer.
    init(_ step: Step, _ failure: OutboundFailure) {
        self.init(step, .unavailable, failure.description)
    }

    var description: String { "\(step.rawValue): \(reason)" }
}
