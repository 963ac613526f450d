package import HTTP
import Synchronization

/// The published key sets that are in use, one object for each URL.
package final class RemoteKeySets: Sendable {
    /// How many are remembered; beyond it the one that was asked for longest ago is forgotten.
    package static let limit = 256

    private struct Known: Sendable {
        var sets: [AbsoluteURI: (set: RemoteKeySet, lastUse: UInt64)] = [:]
        var useCount: UInt64 = 0
    }

    private let client: any OutboundClient
    private let now: RemoteKeySet.Now
    private let known = Mutex(Known())

    /// An empty registry; `now` gives the nanoseconds of a monotonic clock.
    package init(client: any OutboundClient, now: @escaping RemoteKeySet.Now) {
        self.client = client
        self.now = now
    }

    /// How many are remembered.
    package var count: Int { known.withLock { $0.sets.count } }

    /// The set that is published at the URL, the same object for as long as it is remembered.
    package func set(at url: AbsoluteURI) -> RemoteKeySet {
        known.withLock { known in
            known.useCount += 1
            if let set = known.sets[url]?.set {
                known.sets[url]?.lastUse = known.useCount
                return set
            }
            if known.sets.count >= Self.limit {
                let oldest = known.sets.min { $0.value.lastUse < $1.value.lastUse }
                if let oldest { known.sets[oldest.key] = nil }
            }
            let set = RemoteKeySet(url: url, client: client, now: now)
            known.sets[url] = (set, known.useCount)
            return set
        }
    }

    /// Forgets all sets: what may be reached, or who is believed, has changed.
    package func forgetAll() { known.withLock { $0.sets = [:] } }
}
