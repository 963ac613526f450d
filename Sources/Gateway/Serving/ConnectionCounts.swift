import Synchronization
import Transport

/// How many connections clients have, over all loops; asked once per connection, never per request.
final class ConnectionCounts: Sendable {
    private struct Counts: Sendable {
        var total = 0
        var byHost: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())

    /// Counts a connection in; false when the total or its address has as many as it may have.
    func enter(_ host: String, totalLimit: Int, hostLimit: Int) -> Bool {
        counts.withLock { counts in
            let ofHost = counts.byHost[host, default: 0]
            guard counts.total < totalLimit, ofHost < hostLimit else { return false }
            counts.total += 1
            counts.byHost[host] = ofHost + 1
            return true
        }
    }

    /// Counts a connection out.
    func leave(_ host: String) {
        counts.withLock { counts in
            counts.total -= 1
            let left = counts.byHost[host, default: 1] - 1
            counts.byHost[host] = left > 0 ? left : nil
        }
    }

    /// The connections that are open.
    var total: Int { counts.withLock { $0.total } }
}
