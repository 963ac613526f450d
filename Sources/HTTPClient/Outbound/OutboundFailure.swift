/// Why the gateway got no whole answer from elsewhere.
package struct OutboundFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Kind: Sendable, Equatable {
        /// The operator's address policy forbids to reach it.
        case forbidden
        /// There is no such name, no connection, or its certificate is not trusted.
        case unreachable
        /// It took too long.
        case timeout
        /// The answer is larger than allowed.
        case tooLarge
        /// The answer is not HTTP.
        case malformed
        /// Too much is being fetched already.
        case overloaded
    }

    /// What kind of failure it is.
    package let kind: Kind
    /// The private reason, for the log: never shown to who asked.
    package let detail: String

    /// A failure.
    package init(_ kind: Kind, _ detail: String) {
        self.kind = kind
        self.detail = detail
    }

    package var description: String { "\(kind): \(detail)" }
}
