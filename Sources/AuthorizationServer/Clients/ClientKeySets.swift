package import HTTP
package import HTTPClient
import JOSE

/// The key sets that clients name which the operator did not: anybody may name any place, so they are
/// fetched within limits, and apart from those that the operator named.
package final class ClientKeySets: Sendable {
    private let sets: RemoteKeySets
    private let networkRates = MinuteRates<ClientNetwork>(
        perMinute: ClientDocuments.perMinuteOfNetwork, totalPerMinute: ClientDocuments.perMinute)
    private let hostRates = MinuteRates<String>(
        perMinute: ClientDocuments.perMinuteOfHost, totalPerMinute: ClientDocuments.perMinute)

    /// An empty registry over what may be reached; `now` gives the nanoseconds of a monotonic clock.
    package init(outbound: any OutboundClient, now: @escaping RemoteKeySet.Now) {
        sets = RemoteKeySets(client: outbound, now: now)
    }

    /// Forgets all sets: what may be reached, or who is believed, has changed.
    package func forgetAll() { sets.forgetAll() }

    /// The set that is published at a URL.
    ///
    /// - Parameters:
    ///   - url: where a client says that its keys are.
    ///   - network: who wants to be that client, which is what fetches are counted by; nil for the
    ///     operator.
    ///   - now: Unix seconds.
    /// - Returns: the set, whose fetches are counted.
    package func set(
        at url: AbsoluteURI, for network: ClientNetwork?, at now: Int64
    ) -> any KeySetSource {
        CountedKeySet(set: sets.set(at: url)) { [self] in
            guard let network else { return true }
            let milliseconds = now * 1000
            return networkRates.take(network, atMilliseconds: milliseconds) == nil
                && hostRates.take(url.authority, atMilliseconds: milliseconds) == nil
        }
    }
}

private struct CountedKeySet: KeySetSource {
    let set: RemoteKeySet
    let mayFetch: @Sendable () -> Bool

    func keys(for id: String?) async throws(OutboundFailure) -> JSONWebKeySet {
        try await set.keys(for: id, fetchingIf: mayFetch)
    }
}
