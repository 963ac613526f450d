/// How often a duration fell into each of a fixed row of ranges.
package struct LatencyHistogram: Sendable, Equatable {
    /// The upper edges of the ranges in microseconds, each inclusive; behind the last is a range
    /// without one.
    package static let edgesMicroseconds: [UInt64] = [
        500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000, 2_500_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000,
    ]

    /// Observations in each range, not cumulative.
    package private(set) var counts = [UInt64](repeating: 0, count: edgesMicroseconds.count + 1)
    /// The sum of all observations, in microseconds.
    package private(set) var sumMicroseconds: UInt64 = 0

    /// A histogram without observations.
    package init() {}

    /// The number of observations.
    package var count: UInt64 { counts.reduce(0, &+) }

    /// Counts one duration; a negative one, which a clock that was set back can give, counts as 0.
    package mutating func observe(microseconds: Int) {
        let duration = UInt64(max(microseconds, 0))
        counts[Self.range(of: duration)] &+= 1
        sumMicroseconds &+= duration
    }

    /// Adds the observations of `other`.
    package mutating func add(_ other: LatencyHistogram) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        sumMicroseconds &+= other.sumMicroseconds
    }

    private static func range(of duration: UInt64) -> Int {
        edgesMicroseconds.firstIndex { duration <= $0 } ?? edgesMicroseconds.count
    }
}
