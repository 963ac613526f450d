import Cryptography
package import JOSE
import Synchronization

/// The keys of an issuer that are got from elsewhere, and when they are to be got again.
///
/// One for the process and the issuer. The last good set is kept whatever becomes of later fetches; a
/// key that is not in it causes one fetch per cool-down, however many tokens name such keys. Nothing
/// here is touched while tokens are verified with keys that are known.
package final class FetchedKeys: Sendable {
    /// How long after a fetch an unknown key causes none, in nanoseconds.
    package static let coolDown: UInt64 = 30_000_000_000
    /// The same after a fetch that failed.
    package static let failureCoolDown: UInt64 = 5_000_000_000
    /// The age at which the keys are got again without being asked, in nanoseconds: a key that the
    /// issuer took back is refused from then on.
    package static let refreshAge: UInt64 = 300_000_000_000
    /// Requests that wait for one fetch at the most.
    package static let waiterLimit = 4096

    /// What becomes of a token whose key is not known.
    enum Standing: Equatable {
        /// The keys are to be got first.
        case due
        /// The issuer does not have the key.
        case unknown
        /// The issuer could not be asked.
        case unavailable
    }

    private struct State {
        var isKnown = false
        var isFetching = false
        var hasFailed = false
        var endedAt: UInt64?
        var waiters: [@Sendable () -> Void] = []
        var successes = 0
        var failures = 0

        func standing(at now: UInt64) -> Standing {
            guard !isFetching, let endedAt else { return .due }
            let wait = hasFailed ? FetchedKeys.failureCoolDown : FetchedKeys.coolDown
            if now >= endedAt + wait { return .due }
            return hasFailed ? .unavailable : .unknown
        }
    }

    /// The keys; none before they were got the first time.
    package let keys: IssuerKeys
    private let state = Mutex(State())
    private let clock: @Sendable () -> UInt64

    /// Nothing was got yet.
    ///
    /// - Parameter clock: a monotonic clock in nanoseconds.
    /// - Throws: nothing in practice; an empty set has no two keys of one name.
    package init(
        clock: @escaping @Sendable () -> UInt64 = ToolSchemas.steadyTime
    ) throws(JWKSetViolation) {
        keys = IssuerKeys(try JSONWebKeySet([]))
        self.clock = clock
    }

    /// Whether the keys were ever got.
    package var isKnown: Bool { state.withLock { $0.isKnown } }

    /// How many fetches gave keys, and how many did not.
    package var fetches: (successes: Int, failures: Int) {
        state.withLock { ($0.successes, $0.failures) }
    }

    /// What becomes of a token whose key is not among ``keys``.
    func standing() -> Standing {
        let now = clock()
        return state.withLock { $0.standing(at: now) }
    }

    /// Has `wake` called once a fetch is over; not called for ``FetchWait/settled`` and
    /// ``FetchWait/refused``.
    package func wait(wake: @escaping @Sendable () -> Void) -> FetchWait {
        let now = clock()
        return state.withLock { state in
            guard state.standing(at: now) == .due else { return .settled }
            guard state.waiters.count < Self.waiterLimit else { return .refused }
            state.waiters.append(wake)
            guard !state.isFetching else { return .underWay }
            state.isFetching = true
            return .ask
        }
    }

    /// Whether the caller is to get the keys now since they are old, or were not got yet; nobody
    /// else does then.
    package func beginRefresh() -> Bool {
        let now = clock()
        return state.withLock { state in
            guard !state.isFetching else { return false }
            if let endedAt = state.endedAt {
                let age = state.hasFailed ? Self.failureCoolDown : Self.refreshAge
                guard now >= endedAt + age else { return false }
            }
            state.isFetching = true
            return true
        }
    }

    /// Takes the keys, or nil where they could not be got, and wakes all who wait.
    package func finish(_ set: JSONWebKeySet?) {
        let now = clock()
        // With the same keys nothing that was verified is forgotten.
        if let set, !set.verifiesAs(keys.snapshot().keys) { keys.replace(with: set) }
        let waiters = state.withLock { state in
            state.isFetching = false
            state.endedAt = now
            state.hasFailed = set == nil
            if set == nil {
                state.failures += 1
            } else {
                state.successes += 1
                state.isKnown = true
            }
            defer { state.waiters = [] }
            return state.waiters
        }
        for wake in waiters { wake() }
    }
}
