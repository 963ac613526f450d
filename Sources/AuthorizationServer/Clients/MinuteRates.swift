import Synchronization

/// How often clients may register: so many times a minute from one network, and in total.
///
/// The generic cell rate algorithm: a minute's worth at once, then one at a time as the minute goes
/// by. What is refused is not counted.
package final class RegistrationRates: Sendable {
    /// How many networks are remembered at most; the ones that were quiet longest are forgotten
    /// first.
    package static let networkLimit = 65_536

    private let state: Mutex<State>
    private let perNetwork: Cells
    private let total: Cells

    /// Rates; a number of 0 or less refuses everything.
    package init(perMinute: Int, totalPerMinute: Int) {
        perNetwork = Cells(perMinute: perMinute)
        total = Cells(perMinute: totalPerMinute)
        state = Mutex(State())
    }

    /// How many networks are remembered.
    package var networkCount: Int {
        state.withLock { $0.recent.count + $0.earlier.count }
    }

    /// Counts one registration.
    ///
    /// - Returns: nil if it may go on, else after how many seconds it might.
    package func take(_ network: ClientNetwork, atMilliseconds now: Int64) -> Int64? {
        state.withLock { state in
            let now = now * 1000
            let theirs = perNetwork.next(after: state.arrival(of: network), at: now)
            let all = total.next(after: state.total, at: now)
            guard case .arrival(let ofNetwork) = theirs, case .arrival(let ofAll) = all else {
                let wait = max(theirs.wait, all.wait)
                return max(1, (wait + 999_999) / 1_000_000)
            }
            state.total = ofAll
            state.set(ofNetwork, of: network)
            return nil
        }
    }

    /// When the next registration would be due if they came evenly, by network.
    ///
    /// An entry that was not touched for a minute says nothing any more, so that the older of two
    /// tables can be dropped whole.
    private struct State: Sendable {
        var total: Int64 = .min
        var recent: [ClientNetwork: Int64] = [:]
        var earlier: [ClientNetwork: Int64] = [:]

        func arrival(of network: ClientNetwork) -> Int64 {
            recent[network] ?? earlier[network] ?? .min
        }

        mutating func set(_ arrival: Int64, of network: ClientNetwork) {
            earlier[network] = nil
            recent[network] = arrival
            guard recent.count >= RegistrationRates.networkLimit / 2 else { return }
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
