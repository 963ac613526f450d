package import Seals

/// Session ids sealed with the gateway's own keys.
package struct SealedSessions: SessionSealing {
    private let seal: Seal

    /// Seals for session ids with the keys of the ring.
    package init(ring: KeyRing) {
        seal = Seal(.sessionID, ring: ring)
    }

    /// The sealed text of visible ASCII for these bytes in this context; nil for too many bytes.
    package func seal(_ bytes: ArraySlice<UInt8>, context: [UInt8]) -> [UInt8]? {
        guard bytes.count <= Seal.bytesLimit else { return nil }
        return Array(seal.seal(Array(bytes), context: context).utf8)
    }

    /// The bytes that were sealed in this context; nil for anything else.
    package func open(_ sealed: ArraySlice<UInt8>, context: [UInt8]) -> [UInt8]? {
        seal.open(sealed, context: context)
    }
}
