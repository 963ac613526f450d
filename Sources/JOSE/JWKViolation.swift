package import Cryptography
package import JSON

/// Why one member of a JWK set is not used.
///
/// RFC 7517 §5 tells to ignore keys that are not understood; they are listed so that an operator
/// can see them.
package enum JWKViolation: Error, Sendable, Equatable {
    /// The member is not an object.
    case notAnObject
    /// A member that was needed, named here, is missing or of another type than a string.
    case malformed(member: String)
    /// `kty` or `crv` is one that is not spoken here, symmetric keys among them.
    case unsupportedType
    /// `alg` is not a signature algorithm that is spoken here, or does not fit the type.
    case unsupportedAlgorithm
    /// The key holds its private half: whoever reads the set can sign, so its signatures prove
    /// nothing.
    case privateMember
    /// `use` is other than `sig` (RFC 7517 §4.2).
    case notForSignatures
    /// `key_ops` does not list `verify` (RFC 7517 §4.3).
    case notForVerification
    /// `kid` is empty or longer than 256 bytes.
    case keyIDOutOfRange
    /// The numbers do not make a usable key.
    case unusable(PublicKeyViolation)
}

/// Why a text is not a JWK set at all (RFC 7517 §5).
package enum JWKSetViolation: Error, Sendable, Equatable {
    /// The text is longer than 256 KiB.
    case tooLarge
    /// The text is not JSON.
    case notJSON(JSONViolation)
    /// The text is not an object with an array `keys`.
    case noKeys
    /// There are more than 100 keys.
    case tooManyKeys
    /// Two different keys have the same `kid` and the same algorithm: a token would not tell which
    /// is meant.
    case duplicateKeyID(String)
}
