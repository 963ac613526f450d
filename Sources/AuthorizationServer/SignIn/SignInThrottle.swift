import Synchronization

/// Slows down who guesses passwords: after some failures each further attempt must wait, twice as
/// long every time, for one user and from one address.
///
/// Never for ever: the longest wait is ``longestDelay``, and failures are forgotten after
/// ``memory``. A success forgets the failures of its user, and one of its address, which others may
/// share.
package final class SignInThrottle: Sendable {
    /// Failures before the first delay.
    package static let freeAttempts = 5
    /// The longest delay, in milliseconds.
    package static let longestDelay: Int64 = 15 * 60_000
    /// How long a failure is remembered after the last one, in milliseconds.
    package static let memory: Int64 = 60 * 60_000
    /// Users, and addresses, that are remembered at the most.
    package static let capacity = 65_536

    /// What is said to an attempt.
    package enum Verdict: Sendable, Equatable {
        /// The password may be looked at; the attempt counts as failed until it is told otherwise.
        case admitted
        /// The password is not looked at; come again after so many milliseconds.
        case wait(milliseconds: Int64)
    }

    private struct Count: Sendable {
        var failures = 0
        var lastAt: Int64 = 0

        /// When the next attempt may come.
        var freeAt: Int64 {
            let over = failures - SignInThrottle.freeAttempts
            guard over >= 0 else { return 0 }
            return lastAt + min(1000 << Int64(min(over, 20)), SignInThrottle.longestDelay)
        }

        func isForgotten(at now: Int64) -> Bool { now - lastAt >= SignInThrottle.memory }
    }

    private struct Counts: Sendable {
        var users: [String: Count] = [:]
        var networks: [ClientNetwork: Count] = [:]
    }

    private let counts = Mutex(Counts())
    private let capacity: Int

    /// A throttle that has seen nothing.
    package init(capacity: Int = SignInThrottle.capacity) { self.capacity = capacity }

    /// Asks for leave to look at a password, and counts the attempt as failed.
    ///
    /// Counting first keeps attempts that come together from all being the fifth.
    package func admit(user: String, address: String, at now: Int64) -> Verdict {
        let network = ClientNetwork(ofAddress: address)
        return counts.withLock { counts in
            let freeAt = max(
                Self.freeAt(counts.users[user], now), Self.freeAt(counts.networks[network], now))
            guard freeAt <= now else { return .wait(milliseconds: freeAt - now) }
            Self.count(&counts.users, user, now, capacity)
            Self.count(&counts.networks, network, now, capacity)
            return .admitted
        }
    }

    /// The attempt was no failure: the password was right.
    package func succeeded(user: String, address: String) {
        counts.withLock { counts in
            counts.users[user] = nil
            Self.takeBack(&counts.networks, ClientNetwork(ofAddress: address))
        }
    }

    /// The attempt was none: the password was not looked at after all.
    package func withdrawn(user: String, address: String) {
        counts.withLock { counts in
            Self.takeBack(&counts.users, user)
            Self.takeBack(&counts.networks, ClientNetwork(ofAddress: address))
        }
    }

    private static func freeAt(_ count: Count?, _ now: Int64) -> Int64 {
        guard let count, !count.isForgotten(at: now) else { return 0 }
        // After the clock was set back nobody waits longer than the delay.
        return count.freeAt - max(0, count.lastAt - now)
    }

    private static func count<Key: Hashable>(
        _ table: inout [Key: Count], _ key: Key, _ now: Int64, _ capacity: Int
    ) {
        var count = table[key] ?? Count()
        if count.isForgotten(at: now) { count.failures = 0 }
        if table[key] == nil, table.count >= capacity { makeRoom(&table, now) }
        count.failures += 1
        count.lastAt = now
        table[key] = count
    }

    private static func takeBack<Key: Hashable>(_ table: inout [Key: Count], _ key: Key) {
        guard var count = table[key] else { return }
        count.failures -= 1
        table[key] = count.failures > 0 ? count : nil
    }

    /// Forgets what is old, and then a quarter of the table, those with the fewest failures first:
    /// to have somebody forgotten who is attacked, most of a table must be attacked as much.
    ///
    /// A quarter at once, since going through the table takes long.
    private static func makeRoom<Key: Hashable>(_ table: inout [Key: Count], _ now: Int64) {
        let capacity = table.count
        table = table.filter { !$0.value.isForgotten(at: now) }
        let surplus = table.count - capacity / 4 * 3
        guard surplus > 0 else { return }
        let order = table.sorted {
            ($0.value.failures, $0.value.lastAt) < ($1.value.failures, $1.value.lastAt)
        }
        for entry in order.prefix(surplus) { table[entry.key] = nil }
    }
}
