/// How often something may happen, and how often at a time.
package struct AdmissionLimits: Sendable, Equatable {
    /// How many requests may come at once where a limit is small, unless it is smaller still.
    package static let smallestBurst = 10

    /// How many requests may be under way; nil for no limit.
    package var concurrent: Int?
    /// The time between requests that come evenly, in nanoseconds; 0 for no limit.
    let interval: UInt64
    /// How much earlier than evenly a request may come, in nanoseconds.
    let tolerance: UInt64

    /// No limit.
    package static let none = AdmissionLimits()

    /// Whether nothing is limited.
    package var isEmpty: Bool { concurrent == nil && interval == 0 }

    /// So many requests under way; nil for no limit.
    package init(concurrent: Int? = nil) {
        self.concurrent = concurrent
        interval = 0
        tolerance = 0
    }

    /// So many requests in a span of time, and so many under way.
    ///
    /// A tenth of the span's requests may come at once, and of a small limit up to
    /// ``smallestBurst``: so no span has more than that above the limit.
    ///
    /// - Parameters:
    ///   - requests: at least 1.
    ///   - seconds: the span, at least 1.
    ///   - concurrent: nil for no limit.
    package init(requests: Int, perSeconds seconds: Int, concurrent: Int? = nil) {
        precondition(requests >= 1 && seconds >= 1, "a rate is above zero")
        self.concurrent = concurrent
        let burst = UInt64(max(requests / 10, min(requests, Self.smallestBurst)))
        interval = max(1, UInt64(seconds) * 1_000_000_000 / UInt64(requests))
        tolerance = interval * (burst - 1)
    }

    /// The same limits without that of requests under way.
    var ofRate: AdmissionLimits {
        var limits = self
        limits.concurrent = nil
        return limits
    }
}
