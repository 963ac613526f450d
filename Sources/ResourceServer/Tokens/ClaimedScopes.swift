import OAuth

/// The scopes that a token claims, and what says which of them its holder may have.
enum ClaimedScopes: Sendable {
    /// Our own token says itself what may be granted.
    case own(held: ScopeSet, grantable: ScopeSet)
    /// With a foreign token it is worked out from who holds it.
    case foreign(held: ScopeSet, holder: TokenHolder)

    /// What they mean under a policy of the server.
    func effective(under policy: ScopePolicy) -> EffectiveScopes {
        switch self {
        case .own(let held, let grantable):
            policy.effectiveScopes(held: held, grantable: grantable)
        case .foreign(let held, let holder):
            policy.effectiveScopes(held: held, by: holder)
        }
    }
}
