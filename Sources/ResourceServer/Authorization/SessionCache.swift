import Cryptography

/// Sessions that were opened, so that a seal is opened once per loop.
///
/// One per loop, never shared. Bounded: what came first goes first. An id is found only by the same
/// server and principal for which it was opened.
package final class SessionCache {
    private struct Key: Hashable {
        let owner: SHA256Digest
        let sealed: ArraySlice<UInt8>
    }

    /// The most ids that are remembered.
    package let capacity: Int

    private var opened: [Key: UpstreamSession] = [:]
    /// The keys in the order in which they came; a ring once it is full.
    private var order: [Key] = []
    private var oldest = 0

    /// How many ids are remembered.
    package var count: Int { opened.count }

    /// An empty cache.
    package init(capacity: Int = 10_000) {
        precondition(capacity > 0, "a cache holds at least one id")
        self.capacity = capacity
    }

    /// The session behind the seal, remembered or opened now; nil for what does not open for the
    /// token.
    func session(
        _ sealed: ArraySlice<UInt8>, for token: VerifiedAccessToken,
        with sessions: any SessionSealing
    ) -> UpstreamSession? {
        if let session = opened[Key(owner: token.ownerDigest, sealed: sealed)] { return session }
        guard let session = sessions.open(sealed, context: token.sealContext) else { return nil }
        // A copy, so that the storage of the request's head is not kept.
        let key = Key(owner: token.ownerDigest, sealed: Array(sealed)[...])
        opened[key] = session
        guard order.count == capacity else {
            order.append(key)
            return session
        }
        opened[order[oldest]] = nil
        order[oldest] = key
        oldest = (oldest + 1) % capacity
        return session
    }
}
