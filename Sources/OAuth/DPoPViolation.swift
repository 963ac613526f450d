package import JOSE

/// Why a DPoP proof is not accepted (RFC 9449 §4.3).
package enum DPoPViolation: Error, Sendable, Equatable {
    /// There is no `DPoP` field, where there must be one.
    case missing
    /// There are several `DPoP` fields.
    case repeated
    /// Not a JWS that its own key signed.
    case signature(JWSViolation)
    /// `typ` is not `dpop+jwt`.
    case wrongType
    /// The payload is no object, or a registered claim is malformed.
    case claims(JWTViolation)
    /// A claim, named here, is missing.
    case missingClaim(name: String)
    /// A claim, named here, has another type or grammar than it must.
    case malformedClaim(name: String)
    /// `htm` is another method.
    case otherMethod
    /// `htu` is another URL.
    case otherTarget
    /// There is no `nonce`, where there must be one.
    case nonceMissing
    /// The `nonce` is too old, or none of ours.
    case nonceUnknown
    /// `iat` is too far in the past, or the proof says itself that its time is over.
    case stale
    /// `iat` is in the future, or the proof says itself that its time is to come.
    case early
    /// `ath` is missing, or is that of another access token.
    case otherAccessToken
    /// The key is another than the one that the access token is bound to.
    case otherKey
    /// The proof was shown before.
    case replayed
    /// So many proofs are remembered that no other one can be.
    case crowded

    /// What becomes of the request.
    package enum Consequence: Sendable, Equatable {
        /// `invalid_dpop_proof`.
        case invalidProof
        /// `use_dpop_nonce` (RFC 9449 §8, §9).
        case useNonce
        /// `invalid_token`: the proof is good, but not for the token (RFC 9449 §7.1).
        case invalidToken
        /// The request may be made again later.
        case unavailable
    }

    /// What becomes of the request.
    package var consequence: Consequence {
        switch self {
        case .missing, .repeated, .signature, .wrongType, .claims, .missingClaim, .malformedClaim,
            .otherMethod, .otherTarget, .stale, .early, .otherAccessToken, .replayed:
            .invalidProof
        case .nonceMissing, .nonceUnknown: .useNonce
        case .otherKey: .invalidToken
        case .crowded: .unavailable
        }
    }

    /// What to tell the client, whose own doing it is: ASCII without `"` and `\`.
    package var publicDescription: String {
        switch self {
        case .missing: "A DPoP proof is required"
        case .repeated: "There is more than one DPoP field"
        case .signature(.forbiddenHeader), .signature(.missingKey), .signature(.unusableKey),
            .signature(.unsupportedAlgorithm):
            "The key or the algorithm of the DPoP proof cannot be used"
        case .signature: "The DPoP proof is not a JWT signed by its own key"
        case .wrongType: "The typ of the DPoP proof is not dpop+jwt"
        case .claims: "The claims of the DPoP proof are malformed"
        case .missingClaim(let name): "The DPoP proof has no \(name)"
        case .malformedClaim(let name): "The \(name) of the DPoP proof is malformed"
        case .otherMethod: "The DPoP proof is for another method"
        case .otherTarget: "The DPoP proof is for another URL"
        case .nonceMissing: "The DPoP proof needs the nonce of the DPoP-Nonce field"
        case .nonceUnknown: "The nonce of the DPoP proof is old: take that of the DPoP-Nonce field"
        case .stale: "The DPoP proof is too old"
        case .early: "The DPoP proof is of the future"
        case .otherAccessToken: "The DPoP proof is for another access token"
        case .otherKey: "The access token is bound to another key"
        case .replayed: "The DPoP proof was used before"
        case .crowded: "Too many DPoP proofs at a time. Try again later."
        }
    }

    /// What the log says.
    package var privateReason: String {
        switch self {
        case .signature(let violation): "DPoP proof refused: \(violation)"
        case .claims(let violation): "DPoP proof refused: \(violation)"
        case .missing, .repeated, .wrongType, .missingClaim, .malformedClaim, .otherMethod,
            .otherTarget, .nonceMissing, .nonceUnknown, .stale, .early, .otherAccessToken,
            .otherKey, .replayed, .crowded:
            "DPoP proof refused: \(publicDescription)"
        }
    }
}

extension OAuthError {
    /// The refusal of a proof at the token endpoint (RFC 9449 §5, §8).
    package init(_ violation: DPoPViolation) {
        let code: OAuthErrorCode =
            switch violation.consequence {
            case .invalidProof: .invalidDPoPProof
            case .useNonce: .useDPoPNonce
            case .invalidToken: .invalidGrant
            case .unavailable: .temporarilyUnavailable
            }
        self.init(code, violation.publicDescription, reason: violation.privateReason)
    }
}
