import Synchronization

/// Counts requests across loops, without locks: their rate by the generic cell rate algorithm
/// (ITU-T I.371), and how many are under way.
///
/// Times are those of a monotonic clock, in nanoseconds.
package final class AdmissionCounter: Sendable {
    /// How long to wait for a place, which nobody knows, in nanoseconds.
    static let placeWait: UInt64 = 1_000_000_000

    /// The key in the table, 0 while the counter is nobody's.
    let key = Atomic<UInt64>(0)
    /// When the next request would be due if requests came evenly.
    private let due = Atomic<UInt64>(0)
    /// How many are under way.
    private let active = Atomic<Int>(0)

    /// A counter that has counted nothing.
    init() {}

    /// Whether the counter remembers nothing that matters.
    func isIdle(at now: UInt64) -> Bool {
        due.load(ordering: .relaxed) <= now && active.load(ordering: .relaxed) == 0
    }

    /// How long a request would have to wait, 0 if it may come now; counts nothing.
    func wait(_ limits: AdmissionLimits, at now: UInt64) -> UInt64 {
        var wait: UInt64 = 0
        if limits.interval > 0 {
            let start = max(due.load(ordering: .relaxed), now)
            wait = max(limits.tolerance, start - now) - limits.tolerance
        }
        if let concurrent = limits.concurrent, active.load(ordering: .relaxed) >= concurrent {
            wait = max(wait, Self.placeWait)
        }
        return wait
    }

    /// Counts a request; returns how long it has to wait where it may not come now, and then counts
    /// nothing.
    func take(_ limits: AdmissionLimits, at now: UInt64) -> UInt64? {
        if let concurrent = limits.concurrent {
            guard active.add(1, ordering: .relaxed).newValue <= concurrent else {
                active.subtract(1, ordering: .relaxed)
                return Self.placeWait
            }
        }
        guard let wait = takeTurn(limits, at: now) else { return nil }
        leave(limits)
        return wait
    }

    /// The request has ended.
    func leave(_ limits: AdmissionLimits) {
        if limits.concurrent != nil { active.subtract(1, ordering: .relaxed) }
    }

    /// As if the request had never been counted.
    func giveBack(_ limits: AdmissionLimits) {
        leave(limits)
        guard limits.interval > 0 else { return }
        var current = due.load(ordering: .relaxed)
        while true {
            let (exchanged, original) = due.compareExchange(
                expected: current, desired: max(current, limits.interval) - limits.interval,
                ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }

    /// Counts a request in the rate; returns how long to wait where it comes too early.
    private func takeTurn(_ limits: AdmissionLimits, at now: UInt64) -> UInt64? {
        guard limits.interval > 0 else { return nil }
        var current = due.load(ordering: .relaxed)
        while true {
            let start = max(current, now)
            guard start - now <= limits.tolerance else { return start - now - limits.tolerance }
            let (exchanged, original) = due.compareExchange(
                expected: current, desired: start + limits.interval, ordering: .relaxed)
            if exchanged { return nil }
            current = original
        }
    }
}
