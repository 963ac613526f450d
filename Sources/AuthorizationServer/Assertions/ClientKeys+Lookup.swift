package import HTTP
package import HTTPClient
import JOSE

/// Finds the keys that are at a URL.
package typealias KeySetLookup = @Sendable (AbsoluteURI) -> any KeySetSource

/// Finds the keys that a client says are at a URL; see ``ClientKeySets/set(at:for:at:)``.
package typealias ClientKeySetLookup =
    @Sendable (AbsoluteURI, ClientNetwork?, Int64) -> any KeySetSource

extension ClientKeys {
    /// The keys as they are now, fetched anew if that is due and none is known by that `kid`.
    ///
    /// - Throws: ``OutboundFailure`` where they are elsewhere and were never got.
    func keys(
        for id: String?, _ lookUp: KeySetLookup
    ) async throws(OutboundFailure) -> JSONWebKeySet {
        switch self {
        case .set(let set): set
        case .url(let url): try await lookUp(url).keys(for: id)
        }
    }
}
