import Synchronization

/// How often something may be done: so many times a minute for one key, such as a network, and in
/// total.
///
/// The generic cell rate algorithm: a minute's worth at once, then one at a time as the minute goes
/// by. What is refused is not counted.
package final class MinuteRates<Key: Hashable & Sendable>: Sendable {
    /// How many keys are remembered at most; the ones that were quiet longest are forgotten first.
    package static var keyLimit: Int { 65_536 }

    private let state: Mutex<State>
    private let perKey: Cells
    private let total: Cells

    /// Rates; a number of 0 or less refuses everything.
    package init(perMinute: Int, totalPerMinute: Int) {
        perKey = Cells(perMinute: perMinute)
        total = Cells(perMinute: totalPerMinute)
        state = Mutex(State())
    }

    /// How many keys are remembered.
    package var keyCount: Int {
        state.withLock { $0.recent.count + $0.earlier.count }
    }

    /// Counts one that is about to be done.
    ///
    /// - Returns: nil if it may go on, else after how many seconds it might.
    package func take(_ key: Key, atMilliseconds now: Int64) -> Int64? {
        state.withLock { state in
            let now = now * 1000
            let theirs = perKey.next(after: state.arrival(of: key), at: now)
            let all = total.next(after: state.total, at: now)
            guard case .arrival(let ofKey) = theirs, case .arrival(let ofAll) = all else {
                let wait = max(theirs.wait, all.wait)
                return max(1, (wait + 999_999) / 1_000_000)
            }
            state.total = ofAll
            state.set(ofKey, of: key)
            return nil
        }
    }

    /// When the next one would be due if they came evenly, by key.
    ///
    /// An entry that was not touched for a minute says nothing any more, so that the older of two
    /// tables can be dropped whole.
    private struct State: Sendable {
        var total: Int64 = .min
        var recent: [Key: Int64] = [:]
        var earlier: [Key: Int64] = [:]

        func arrival(of key: Key) -> Int64 {
            recent[key] ?? earlier[key] ?? .min
        }

        mutating func set(_ arrival: Int64, of key: Key) {
            earlier[key] = nil
            recent[key] = arrival
            guard recent.count >= MinuteRates<Key>.keyLimit / 2 else { return }
            earlier = recent
            recent = [:]
        }
    }
}

/// One rate, by the generic cell rate algorithm; times are in microseconds.
private struct Cells: Sendable {
    private static let period: Int64 = 60_000_000
    private let limit: Int64

    enum Outcome {
        /// It conforms: the theoretical arrival time to remember.
        case arrival(Int64)
        /// It does not, before so many microseconds have passed.
        case wait(Int64)

        var wait: Int64 {
            switch self {
            case .arrival: 0
            case .wait(let microseconds): microseconds
            }
        }
    }

    init(perMinute: Int) {
        limit = Int64(clamping: perMinute)
    }

    func next(after arrival: Int64, at now: Int64) -> Outcome {
        guard limit > 0 else { return .wait(Self.period) }
        // More than one in a microsecond is not told apart.
        let interval = max(1, Self.period / limit)
        // A clock that was set back must not make anybody wait longer than a minute.
        let due = min(max(arrival, now), now + Self.period)
        let wait = due + interval - Self.period - now
        return wait > 0 ? .wait(wait) : .arrival(due + interval)
    }
}
