import AuthorizationServer
import OAuth
import ResourceServer

/// Who calls, as far as the decision depends on it.
enum ExplainedCaller: Sendable {
    /// Whoever has this token, which is good.
    case bearer(VerifiedAccessToken)
    /// Whoever has a token that is not; what the caller is told, and why.
    case refused(description: String, reason: String)
    /// Somebody with these scopes; the named user through a client, or nobody in particular.
    case scopes(EffectiveScopes, ExplainedGrant?, withheld: ScopeSet)

    /// Verifies a token as a request with it would be, at `now` in Unix seconds.
    init(
        token: [UInt8], at server: ProtectedServer, ended: Set<String>, _ now: Int64
    ) {
        do throws(TokenViolation) {
            let verified = try TokenCache(capacity: 1).verifiedToken(
                token[...], for: server, at: now)
            let isEnded = verified.grantID.map(ended.contains) ?? false
            self =
                isEnded
                ? .refused(
                    description: "The access token was revoked",
                    reason: "the grant of the token was ended")
                : .bearer(verified)
        } catch {
            self = .refused(
                description: error.publicDescription, reason: error.privateReason)
        }
    }

    /// A caller with scopes; with a grant, with those of them that may be granted.
    init(scopes: ScopeSet, at server: ProtectedServer, _ grant: ExplainedGrant?) {
        var held = scopes
        var withheld = ScopeSet()
        if let grant {
            held = ScopeSet(scopes.tokens.filter(grant.scopes.contains))
            withheld = ScopeSet(
                scopes.tokens.filter {
                    !grant.scopes.contains($0) && server.policy.allScopes.contains($0)
                })
        }
        self = .scopes(
            server.policy.effectiveScopes(held: held, grantable: grant?.scopes), grant,
            withheld: withheld)
    }

    /// What the caller's scopes mean at the server; nil without a good token.
    var effectiveScopes: EffectiveScopes? {
        switch self {
        case .bearer(let token): token.effectiveScopes
        case .refused: nil
        case .scopes(let scopes, _, _): scopes
        }
    }
}
