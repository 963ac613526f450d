import HTTP
import JOSE
import OAuth

extension Authorizer {
    /// The answer to a token that was not accepted, which is `refusal` if nothing helps; what is to be
    /// fetched, where that may change it.
    static func unaccepted(
        _ token: ArraySlice<UInt8>, _ violation: TokenViolation, _ head: RequestHead,
        _ server: ProtectedServer, refusal: () -> Refusal
    ) -> Authentication {
        switch remedy(of: violation, token, server.tokenRules) {
        case .fetch(let need):
            return .pending(
                UnjudgedToken(
                    need,
                    overloaded: Refusals.unavailable(
                        head, reason: "too many requests wait for their tokens to be checked")))
        case .later:
            return .answered(Refusals.unavailable(head, reason: violation.privateReason))
        case .none:
            return .answered(refusal())
        }
    }

    /// What may change a judgement.
    private enum Remedy {
        case none
        /// Something that can be got now.
        case fetch(UnjudgedToken.Need)
        /// Something that could not be got a moment ago.
        case later
    }

    private static func remedy(
        of violation: TokenViolation, _ token: ArraySlice<UInt8>, _ rules: TokenRules
    ) -> Remedy {
        switch violation {
        case .signature(.unknownKey):
            guard let keys = rules.fetchedKeys else { return .none }
            switch keys.standing() {
            case .due:
                let id = (try? UnverifiedJWS(token))?.header.keyID
                return .fetch(.keys(keys, id: id))
            case .unknown: return .none
            case .unavailable: return .later
            }
        case .notIntrospected:
            guard let introspection = rules.introspection else { return .none }
            return .fetch(.introspection(introspection, of: UnreadToken(token)))
        case .issuerSilent: return .later
        case .signature, .claims, .wrongType, .missingClaim, .malformedClaim, .otherKindOfToken,
            .boundToKey, .unproven, .unbound, .inactive:
            return .none
        }
    }
}
