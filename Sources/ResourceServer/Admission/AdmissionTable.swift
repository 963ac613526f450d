import Synchronization

/// Counts requests per key across loops, without locks: rates by the generic cell rate algorithm
/// (ITU-T I.371), and how many are under way.
///
/// A fixed table: a key is looked for in a few places behind its own. Where all of them belong to
/// busy keys, the key shares the first place, so its limit is only ever tighter.
package final class AdmissionTable: Sendable {
    /// How many keys the table holds.
    package static let capacity = 4096
    /// How many requests may come at once where the limit is small, unless it is smaller still.
    package static let smallestBurst = 10
    /// In how many places a key is looked for.
    private static let probes = 8

    /// One key's counts.
    private final class Slot: Sendable {
        /// The key, 0 while the place is free.
        let key = Atomic<UInt64>(0)
        /// When the next request would be due if requests came evenly, in nanoseconds.
        let due = Atomic<UInt64>(0)
        /// How many are under way.
        let active = Atomic<Int>(0)
    }

    private let slots: [Slot]

    /// Leave for one request; to be handed back exactly once, when the request has ended.
    package struct Permit: Sendable, Equatable {
        fileprivate let place: Int
        /// Whether it counts among those under way.
        fileprivate let isCounted: Bool
    }

    /// What the table says about a request.
    package enum Admission: Sendable, Equatable {
        /// It may go on.
        case admitted(Permit)
        /// A limit was reached; worth trying again after so many milliseconds.
        case limited(retryAfterMilliseconds: Int)
    }

    /// An empty table.
    package init() {
        slots = (0..<Self.capacity).map { _ in Slot() }
    }

    /// Admits a request, or says when to come again.
    ///
    /// Without a limit for those under way the request does not count among them.
    ///
    /// A tenth of a minute's requests may come at once, and of a small limit up to
    /// ``smallestBurst``: so no minute has more than that above the limit.
    ///
    /// - Parameters:
    ///   - key: names server and principal.
    ///   - limits: what the server allows.
    ///   - now: a monotonic clock in nanoseconds.
    /// - Returns: a permit, or the refusal.
    package func admit(
        _ key: UInt64, limits: AdmissionLimits, at now: UInt64
    ) -> Admission {
        let place = place(of: key == 0 ? 1 : key, at: now)
        let slot = slots[place]
        let isCounted = limits.concurrent != nil
        if let concurrent = limits.concurrent {
            let active = slot.active.add(1, ordering: .relaxed).newValue
            guard active <= concurrent else {
                slot.active.subtract(1, ordering: .relaxed)
                return .limited(retryAfterMilliseconds: 1000)
            }
        }
        if let requests = limits.requestsPerMinute,
            let wait = Self.wait(slot.due, requests: max(1, requests), now)
        {
            if isCounted { slot.active.subtract(1, ordering: .relaxed) }
            return .limited(retryAfterMilliseconds: Int((wait + 999_999) / 1_000_000))
        }
        return .admitted(Permit(place: place, isCounted: isCounted))
    }

    /// Takes a permit back.
    package func release(_ permit: Permit) {
        guard permit.isCounted else { return }
        slots[permit.place].active.subtract(1, ordering: .relaxed)
    }

    /// Counts a request; returns the nanoseconds to wait where it comes too early.
    private static func wait(
        _ due: borrowing Atomic<UInt64>, requests: Int, _ now: UInt64
    ) -> UInt64? {
        let interval = 60_000_000_000 / UInt64(requests)
        let burst = max(requests / 10, min(requests, smallestBurst))
        let tolerance = interval * UInt64(burst - 1)
        var current = due.load(ordering: .relaxed)
        while true {
            let start = max(current, now)
            guard start - now <= tolerance else { return start - now - tolerance }
            let (exchanged, original) = due.compareExchange(
                expected: current, desired: start + interval, ordering: .relaxed)
            if exchanged { return nil }
            current = original
        }
    }

    /// The place of the key, taken from an idle key if need be.
    private func place(of key: UInt64, at now: UInt64) -> Int {
        let home = Int(truncatingIfNeeded: (key ^ (key >> 32)) & UInt64(Self.capacity - 1))
        for probe in 0..<Self.probes {
            let place = (home + probe) & (Self.capacity - 1)
            let owner = slots[place].key.load(ordering: .relaxed)
            if owner == key { return place }
        }
        for probe in 0..<Self.probes {
            let place = (home + probe) & (Self.capacity - 1)
            let slot = slots[place]
            let owner = slot.key.load(ordering: .relaxed)
            let isIdle =
                owner == 0
                || (slot.due.load(ordering: .relaxed) <= now
                    && slot.active.load(ordering: .relaxed) == 0)
            guard isIdle else { continue }
            let (exchanged, original) = slot.key.compareExchange(
                expected: owner, desired: key, ordering: .relaxed)
            if exchanged || original == key { return place }
        }
        return home
    }
}
