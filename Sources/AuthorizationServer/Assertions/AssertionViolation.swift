import JOSE

/// Why a signed statement proves nothing here and now.
enum AssertionViolation: Error, Sendable, Equatable {
    /// It is no JWT, or no key that may sign it did.
    case signature(JWSViolation)
    /// Its `typ` is that of another kind of JWT (RFC 8725 §3.11).
    case wrongType
    /// Its `cty` says that another JWT is in it.
    case nested
    /// A registered claim does not hold.
    case claims(JWTViolation)
    /// It has a claim, named here, that only another kind of JWT has.
    case otherKind(claim: String)
    /// It is meant for others too.
    case sharedAudience
    /// It is good for longer than it may be.
    case expiresTooLate
    /// A claim, named here, is missing, of another type, or too long.
    case unusable(claim: String)

    /// What is wrong, in words that whoever made it may be told.
    var explanation: String {
        switch self {
        case .signature: "The assertion is not signed by a key that may sign it"
        case .wrongType: "The typ of the assertion is that of another kind of JWT"
        case .nested: "The assertion must not hold another JWT"
        case .claims(let violation): violation.explanation
        case .otherKind(let claim): "The assertion has a \(claim) and is another kind of JWT"
        case .sharedAudience: "The aud of the assertion must be this server alone"
        case .expiresTooLate: "The exp of the assertion is too far ahead"
        case .unusable(let claim): "The \(claim) of the assertion is missing or cannot be used"
        }
    }
}

extension JWTViolation {
    fileprivate var explanation: String {
        switch self {
        case .notJSON, .notAnObject: "The claims of the assertion are not one JSON object"
        case .malformed(let claim): "The \(claim) of the assertion is malformed"
        case .missing(let claim): "The \(claim) of the assertion is missing"
        case .wrongIssuer: "The iss of the assertion is another"
        case .wrongAudience: "The aud of the assertion is not this server"
        case .expired: "The assertion has expired"
        case .notYetValid: "The assertion is not valid yet"
        case .issuedInTheFuture: "The iat of the assertion lies in the future"
        }
    }
}
