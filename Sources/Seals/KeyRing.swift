package import Cryptography

/// The root keys of all seals: the first one seals, and every one opens what it sealed.
///
/// Replicas share a ring. A root key stays in it for as long as the longest lifetime of what it
/// sealed.
package struct KeyRing: Sendable {
    let keys: [RingKey]

    /// How many keys a ring may hold.
    package static let limit = 64
    /// The length of a root key in bytes.
    package static let secretLength = 32

    /// A ring of 1...64 root keys of 32 bytes each, the newest first.
    ///
    /// - Precondition: the numbers are those, and no two keys are equal.
    package init(_ secrets: [SecretBytes]) {
        precondition((1...Self.limit).contains(secrets.count), "a ring has 1...64 keys")
        keys = secrets.map(RingKey.init)
        precondition(Set(secrets.map(\.bytes)).count == secrets.count, "keys of a ring differ")
    }

    /// A new root key.
    package static func makeSecret() -> SecretBytes {
        SecretBytes(randomBytes(secretLength))
    }
}

/// One root key and its name in the seals.
struct RingKey: Sendable {
    /// Three bytes, so that they become the first four letters of a seal.
    let id: [UInt8]
    private let secret: SecretBytes

    static let idLength = 3

    init(_ secret: SecretBytes) {
        precondition(secret.bytes.count == KeyRing.secretLength, "a root key has 32 bytes")
        self.secret = secret
        id = hkdfSHA256(
            secret: secret.bytes, info: Array("gatehouse seal key id".utf8), count: Self.idLength)
    }

    /// The key for one purpose; from it neither the root key nor the key of another purpose can be
    /// had.
    func cipher(for purpose: SealPurpose) -> AESSIV {
        let info = Array("gatehouse seal v1 \(purpose.rawValue)".utf8)
        return AESSIV(key: SecretBytes(hkdfSHA256(secret: secret.bytes, info: info, count: 64)))
    }

    /// The key for one purpose that is no seal.
    func derivedKey(for purpose: DerivedKeyPurpose) -> SecretBytes {
        let info = Array("gatehouse derived key v1 \(purpose.rawValue)".utf8)
        return SecretBytes(hkdfSHA256(secret: secret.bytes, info: info, count: 32))
    }
}
