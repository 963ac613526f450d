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
    /// Seconds that a set is used where the answer does not say.
    package static let defaultLifetime = 600
    /// Seconds that a set is used, whatever the answer says.
    package static let lifetimes = 60...86_400

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
        if let set, now() < expiry, set.has(id) { return set }
        if fetch == nil, mayFetch { beginFetch() }
        await fetch?.value
        guard let set else { throw failure }
        return set
    }

    private var mayFetch: Bool {
        guard let lastFetch else { return true }
        return now() >= lastFetch + Self.nanoseconds(Self.coolDown)
    }

    private func beginFetch() {
        let begin = now()
        lastFetch = begin
        let client = client
        let request = OutboundRequest.get(
            url, accept: "application/jwk-set+json, application/json",
            contentLimit: JSONWebKeySet.textLimit)
        fetch = Task {
            do throws(OutboundFailure) {
                adopt(try Self.read(try await client.send(request)), from: begin)
            } catch {
                failure = error
            }
            fetch = nil
        }
    }

    private func adopt(_ answer: (set: JSONWebKeySet, lifetime: Int), from begin: UInt64) {
        set = answer.set
        expiry = begin + Self.nanoseconds(answer.lifetime)
    }

    private static func read(
        _ response: OutboundResponse
    ) throws(OutboundFailure) -> (set: JSONWebKeySet, lifetime: Int) {
        guard response.status == 200 else {
            throw OutboundFailure(.malformed, "the key set was answered with \(response.status)")
        }
        do {
            let set = try JSONWebKeySet(parsing: response.content)
            let lifetime = Freshness.lifetime(response.fields) ?? defaultLifetime
            return (set, min(max(lifetime, lifetimes.lowerBound), lifetimes.upperBound))
        } catch {
            throw OutboundFailure(.malformed, "the key set cannot be read: \(error)")
        }
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
