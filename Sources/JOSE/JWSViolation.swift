package import JSON

/// How a compact JWS (RFC 7515 §7.1) deviates, or why its signature proves nothing.
///
/// `unknownKey` is the one case that a newer key set may cure.
package enum JWSViolation: Error, Sendable, Equatable {
    /// Longer than 16 KiB.
    case tooLarge
    /// Not exactly three parts with two dots.
    case notThreeParts
    /// A part is not base64url in its canonical form (RFC 7515 §2).
    case notBase64URL
    /// The header is not JSON that can be read in one way only.
    case headerNotJSON(JSONViolation)
    /// The header is JSON but not an object.
    case headerNotAnObject
    /// `alg` is missing.
    case missingAlgorithm
    /// A member of the header, named here, is not a string or is out of range.
    case malformedHeader(member: String)
    /// `alg` is one that is not spoken here: `none`, the HMAC family and everything unknown, in any
    /// casing.
    case unsupportedAlgorithm
    /// The header has a member, named here, that would bring its own key or change the processing
    /// (`jwk`, `jku`, `x5u`, `x5c`, `crit`, `b64`).
    case forbiddenHeader(member: String)
    /// `alg` is none of those that the verifier allows (RFC 8725 §3.1).
    case algorithmNotAllowed
    /// No key has that `kid`, or no key has that algorithm and there is no `kid`.
    case unknownKey
    /// Without a `kid`, more than one key would do.
    case ambiguousKey
    /// The key of that `kid` is for another algorithm.
    case algorithmMismatch
    /// The signature is not the key's.
    case badSignature
    /// The header brings no key, where it must.
    case missingKey
    /// The key that the header brings is not one that is used here.
    case unusableKey(JWKViolation)
}
