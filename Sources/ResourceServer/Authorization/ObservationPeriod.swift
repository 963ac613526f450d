/// The time in which a server is in observe mode: what scopes would refuse is forwarded and said.
///
/// Nothing but step-up, unknown names and failed argument conditions is relaxed, and nothing after
/// the end. Source: the `mode` and `observe_until` of a server.
package struct ObservationPeriod: Sendable, Equatable {
    /// The longest time that may lie ahead, in seconds.
    package static let longest: Int64 = 14 * 86_400

    /// When it ends, in Unix seconds.
    package let endsAt: Int64

    /// A period that ends at that time, in Unix seconds.
    package init(endsAt: Int64) {
        self.endsAt = endsAt
    }

    /// Whether the time, in Unix seconds, is within the period.
    package func isOpen(at now: Int64) -> Bool { now < endsAt }

    /// The proof that a refusal may be relaxed at `now`, in Unix seconds; nil once the period ended.
    func pass(at now: Int64) -> ObservationPass? { isOpen(at: now) ? ObservationPass() : nil }
}

/// The configuration's proof that a server is in observe mode now; made by ``ObservationPeriod``
/// alone.
struct ObservationPass: Sendable {
    fileprivate init() {}
}
