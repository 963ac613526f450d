package import JSON

/// How the claims of a JWT (RFC 7519) deviate, or why they do not hold here and now.
package enum JWTViolation: Error, Sendable, Equatable {
    /// The payload is not JSON that can be read in one way only.
    case notJSON(JSONViolation)
    /// The payload is JSON but not an object.
    case notAnObject
    /// A claim, named here, is of another type than RFC 7519 §4.1 gives it, or out of range.
    case malformed(claim: String)
    /// A claim that was asked for, named here, is missing.
    case missing(claim: String)
    /// `iss` is another than the one that was expected.
    case wrongIssuer
    /// `aud` does not contain what was expected.
    case wrongAudience
    /// The time is at or after `exp` (RFC 7519 §4.1.4).
    case expired
    /// The time is before `nbf` (RFC 7519 §4.1.5).
    case notYetValid
    /// `iat` lies in the future.
    case issuedInTheFuture
}
