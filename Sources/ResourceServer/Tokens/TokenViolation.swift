package import JOSE

/// Why a bearer token is not accepted.
package enum TokenViolation: Error, Sendable, Equatable {
    /// Not a signed JWT, or a signature that proves nothing.
    case signature(JWSViolation)
    /// `iss`, `aud` or a time claim does not hold here and now.
    case claims(JWTViolation)
    /// `typ` is that of another kind of token (RFC 9068 §4, RFC 8725 §3.11).
    case wrongType
    /// A claim that the token must have is missing or empty.
    case missingClaim(name: String)
    /// A claim has another type or grammar than it must.
    case malformedClaim(name: String)
    /// A claim that an access token does not have, but an ID token or event token does.
    case otherKindOfToken(claim: String)
    /// The token is bound in a way that is not checked here: to a certificate (RFC 8705 §3), or to a
    /// key at a server that takes no such tokens.
    case boundToKey
    /// The token is bound to a key, and no proof of it was shown: the scheme was `Bearer` (RFC 9449
    /// §7.2).
    case unproven
    /// The token is bound to no key, where it must be (RFC 9449 §7.1).
    case unbound
    /// Only the issuer can read the token, and has not been asked about it.
    case notIntrospected
    /// The issuer says that the token is not active (RFC 7662 §2.2).
    case inactive
    /// Only the issuer can read the token, and it gives no answer.
    case issuerSilent

    /// What to tell the caller: nothing that helps to forge.
    package var publicDescription: String {
        switch self {
        case .claims(.expired): "The access token expired"
        case .claims(.wrongAudience): "The access token is for another resource"
        case .claims(.wrongIssuer): "The access token is from another issuer"
        case .claims(.notYetValid), .claims(.issuedInTheFuture):
            "The access token is not valid yet"
        case .unproven: "The access token is bound to a key: the scheme must be DPoP"
        case .unbound: "The access token is bound to no key"
        case .signature, .claims, .wrongType, .missingClaim, .malformedClaim, .otherKindOfToken,
            .boundToKey, .notIntrospected, .inactive, .issuerSilent:
            "The access token is invalid"
        }
    }

    /// What the log says.
    package var privateReason: String {
        switch self {
        case .signature(let violation): "token refused: \(violation)"
        case .claims(let violation): "token refused: \(violation)"
        case .wrongType: "token refused: typ is not that of an access token"
        case .missingClaim(let name): "token refused: no \(name)"
        case .malformedClaim(let name): "token refused: \(name) is malformed"
        case .otherKindOfToken(let claim): "token refused: \(claim) makes it another kind of token"
        case .boundToKey: "token refused: how it is bound is not checked here"
        case .unproven: "token refused: it is bound to a key, and came under the Bearer scheme"
        case .unbound: "token refused: it is bound to no key"
        case .notIntrospected: "token refused: its issuer has not been asked about it"
        case .inactive: "token refused: its issuer says that it is not active"
        case .issuerSilent: "token refused: its issuer gives no answer about it"
        }
    }
}
