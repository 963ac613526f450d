import Cryptography
import Seals

/// The ids of clients that registered themselves: the registration itself, sealed, so that no server
/// has to keep it.
///
/// Shape: `d` and a seal; letters, digits, `-` and `_` only, at most 512 bytes. Two of equal
/// registrations differ. Bound to what it is for by the key, and to its expiry by what is sealed.
struct SelfContainedClientID: Sendable {
    /// The longest id, in bytes.
    static let lengthLimit = 512
    /// What every such id begins with.
    static let prefix = "d"
    /// How many random bytes make ids of equal registrations differ.
    static let randomCount = 8

    private let seal: Seal

    /// Ids under the keys of the ring.
    init(ring: KeyRing) {
        seal = Seal(.clientID, ring: ring)
    }

    /// An id that holds the registration, or nil if it would be too long.
    func make(_ registration: AcceptedRegistration) -> String? {
        let content = randomBytes(Self.randomCount) + registration.bytes
        guard content.count <= Self.lengthLimit else { return nil }
        let id = Self.prefix + seal.seal(content)
        return id.utf8.count <= Self.lengthLimit ? id : nil
    }

    /// The registration that the id holds, which may have expired.
    ///
    /// Nil for anything that no key of the ring has sealed.
    func registration(in id: String) -> AcceptedRegistration? {
        guard id.utf8.count <= Self.lengthLimit, id.hasPrefix(Self.prefix),
            let content = seal.open(String(id.dropFirst(Self.prefix.count))),
            content.count >= Self.randomCount
        else { return nil }
        return AcceptedRegistration(bytes: Array(content.dropFirst(Self.randomCount)))
    }
}
