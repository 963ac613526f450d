package import HTTP
package import JOSE

/// The keys that somebody publishes at a URL (RFC 7517 §5), fetched when they are needed.
///
/// One fetch at a time, and one per ``coolDown`` however many keys are asked for that nobody has. While a
/// fetch fails, the last good set stays in use.
package actor RemoteKeySet: KeySetSource {
    /// Nanoseconds of a monotonic clock.
    package typealias Now = @Sendable () -> UInt64

    /// Seconds between the beginnings of two fetches.
    package static let coolDown = 30

    /// Where the set is published.
    package nonisolated let url: AbsoluteURI

    private let client: any OutboundClient
    private let now: Now
    private var set: JSONWebKeySet?
    private var expiry: UInt64 = 0
    private var lastFetch: UInt64?
    private var failure = OutboundFailure(.unreachable, "never fetched")
    private var fetch: Task<Void, Never>?

    /// A set that is not fetched yet.
    package init(url: AbsoluteURI, client: any OutboundClient, now: @escaping Now) {
        self.url = url
        self.client = client
        self.now = now
    }

    package func keys(for id: String?) async throws(OutboundFailure) -> JSONWebKeySet {
        try await keys(for: id) { true }
    }

    /// The same for a set that anybody may have named.
    ///
    /// `mayFetch` is asked before each fetch that is begun, but for that of a set that was good and is
    /// over: so nobody can use up the limits of a client that people use.
    ///
    /// - Throws: ``OutboundFailure`` if no set was ever got, or may be fetched now.
    package func keys(
        for id: String?, fetchingIf mayFetch: @Sendable () -> Bool
    ) async throws(OutboundFailure) -> JSONWebKeySet {
        let isOver = now() >= expiry
        if let set, !isOver, set.has(id) { return set }
        if fetch == nil, isDue {
            if set != nil && isOver || mayFetch() {
                beginFetch()
            } else if set == nil {
                throw OutboundFailure(.overloaded, "\(url): too many sets are fetched")
            }
        }
        await fetch?.value
        guard let set else { throw failure }
        return set
    }

    private var isDue: Bool {
        guard let lastFetch else { return true }
        return now() >= lastFetch + Self.nanoseconds(Self.coolDown)
    }

    private func beginFetch() {
        let begin = now()
        lastFetch = begin
        let (client, url) = (client, url)
        fetch = Task {
            do throws(OutboundFailure) {
                adopt(try await client.keySet(at: url), from: begin)
            } catch {
                failure = error
            }
            fetch = nil
        }
    }

    private func adopt(_ fetched: FetchedKeySet, from begin: UInt64) {
        set = fetched.set
        expiry = begin + Self.nanoseconds(Int(fetched.lifetime))
    }

    private static func nanoseconds(_ seconds: Int) -> UInt64 { UInt64(seconds) * 1_000_000_000 }
}

extension JSONWebKeySet {
    /// Whether a key has this id; any set has what nobody named.
    fileprivate func has(_ id: String?) -> Bool {
        guard let id else { return true }
        return keys.contains { $0.id.utf8.elementsEqual(id.utf8) }
    }
}
