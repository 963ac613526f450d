import Synchronization

/// What was got from elsewhere, by key: remembered for a time, and got once for all who wait.
///
/// One for the process, shared by all loops. Everything is bounded: what is remembered, what is being
/// got, and who waits. What is remembered lies in two halves; when the younger is full, the older
/// goes.
package final class FetchTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// What may be remembered, got and waited for.
    package struct Limits: Sendable, Equatable {
        /// The most values that are remembered.
        package var values: Int
        /// The most keys whose values are being got at a time.
        package var fetches: Int
        /// The most requests that wait.
        package var waiters: Int

        /// Limits.
        package init(values: Int, fetches: Int, waiters: Int) {
            precondition(values > 1, "each half of a table holds at least one value")
            self.values = values
            self.fetches = fetches
            self.waiters = waiters
        }
    }

    private struct Entry {
        let value: Value
        let freshUntil: UInt64
    }

    private struct Fetch {
        var waiters: [@Sendable () -> Void]
        /// Whether what comes is no longer wanted.
        var isOutdated = false
    }

    private struct State {
        var younger: [Key: Entry] = [:]
        var older: [Key: Entry] = [:]
        var fetches: [Key: Fetch] = [:]
        var waiterCount = 0

        func value(_ key: Key, at now: UInt64) -> (value: Value, left: UInt64)? {
            guard let entry = younger[key] ?? older[key], now < entry.freshUntil else {
                return nil
            }
            return (entry.value, entry.freshUntil - now)
        }
    }

    private let state = Mutex(State())
    private let limits: Limits
    private let clock: @Sendable () -> UInt64

    /// An empty table; `clock` is a monotonic clock in nanoseconds.
    package init(limits: Limits, clock: @escaping @Sendable () -> UInt64 = ToolSchemas.steadyTime) {
        self.limits = limits
        self.clock = clock
    }

    /// How many values are remembered.
    package var count: Int { state.withLock { $0.younger.count + $0.older.count } }

    /// The value while it is fresh, and how long it still is, in nanoseconds.
    func value(for key: Key) -> (value: Value, left: UInt64)? {
        let now = clock()
        return state.withLock { $0.value(key, at: now) }
    }

    /// Has `wake` called once the value was got, or could not be; not called for
    /// ``FetchWait/settled`` and ``FetchWait/refused``.
    func wait(for key: Key, wake: @escaping @Sendable () -> Void) -> FetchWait {
        let now = clock()
        return state.withLock { state in
            guard state.value(key, at: now) == nil else { return .settled }
            guard state.waiterCount < limits.waiters else { return .refused }
            if state.fetches[key] != nil {
                state.fetches[key]?.waiters.append(wake)
                state.waiterCount += 1
                return .underWay
            }
            guard state.fetches.count < limits.fetches else { return .refused }
            state.fetches[key] = Fetch(waiters: [wake])
            state.waiterCount += 1
            return .ask
        }
    }

    /// Takes what came, remembers it for a time in nanoseconds, and wakes all who wait.
    func finish(_ key: Key, with value: Value, for lifetime: UInt64) {
        let freshUntil = clock() + lifetime
        let waiters = state.withLock { state in
            let fetch = state.fetches.removeValue(forKey: key)
            state.waiterCount -= fetch?.waiters.count ?? 0
            if let fetch, !fetch.isOutdated {
                if state.younger.count >= limits.values / 2 {
                    state.older = state.younger
                    state.younger = [:]
                }
                state.younger[key] = Entry(value: value, freshUntil: freshUntil)
            }
            return fetch?.waiters ?? []
        }
        for wake in waiters { wake() }
    }

    /// Forgets the values of some keys, those too that are on their way.
    func forget(where isForgotten: (Key) -> Bool) {
        state.withLock { state in
            state.younger = state.younger.filter { !isForgotten($0.key) }
            state.older = state.older.filter { !isForgotten($0.key) }
            for key in state.fetches.keys where isForgotten(key) {
                state.fetches[key]?.isOutdated = true
            }
        }
    }
}
