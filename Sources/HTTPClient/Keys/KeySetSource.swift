package import JOSE

/// Keys of somebody else that check signatures, wherever they come from.
package protocol KeySetSource: Sendable {
    /// The keys as they are known; fetched anew, if that is due, where none is known by that id.
    ///
    /// - Parameter id: the `kid` that is looked for; nil for any.
    /// - Returns: the last good set, which need not have that key.
    /// - Throws: ``OutboundFailure`` if no set was ever got.
    func keys(for id: String?) async throws(OutboundFailure) -> JSONWebKeySet
}
