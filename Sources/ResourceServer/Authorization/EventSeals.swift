package import Seals

/// The ids of server-sent events on their way out and back, where the upstream has no session that
/// binds them: sealed with server and principal, so that nobody resumes another's stream.
package struct EventSeals: Sendable {
    private let seal: Seal

    /// Seals with the keys of the ring.
    package init(ring: KeyRing) {
        seal = Seal(.eventID, ring: ring)
    }

    /// The sealed id; nil for one that is too long.
    func seal(_ id: String, for token: VerifiedAccessToken) -> String? {
        guard id.utf8.count <= Seal.bytesLimit else { return nil }
        return seal.seal(Array(id.utf8), context: token.sealContext)
    }

    /// The upstream's id; nil for what was not sealed for this principal, and for what no field can
    /// carry.
    func open(_ sealed: ArraySlice<UInt8>, for token: VerifiedAccessToken) -> [UInt8]? {
        guard let id = seal.open(sealed, context: token.sealContext),
            id.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { return nil }
        return id
    }
}
