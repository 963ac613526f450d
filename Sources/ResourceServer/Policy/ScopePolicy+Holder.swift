package import OAuth

extension ScopePolicy {
    /// What the scopes of a foreign issuer's token mean here, where that issuer does not know who may
    /// have them.
    ///
    /// A scope of the server that its holder may not be granted is as if the token did not have it;
    /// every scope that may be granted can be obtained.
    ///
    /// - Parameters:
    ///   - held: the scopes of the token.
    ///   - holder: who acts by it.
    /// - Returns: what to keep with the token and hand to `decide`.
    package func effectiveScopes(held: ScopeSet, by holder: TokenHolder) -> EffectiveScopes {
        let grantable = grantable(to: holder)
        let own = Set(names)
        let kept = held.tokens.filter { grantable.contains($0) || !own.contains($0) }
        return effectiveScopes(held: ScopeSet(kept), grantable: grantable)
    }

    /// The scopes that may be granted to a holder: with all that they include, so that none smuggles
    /// in what the operator keeps from this user or this client.
    private func grantable(to holder: TokenHolder) -> ScopeSet {
        var closed = ScopeMask.none
        for (scope, definition) in definitions.enumerated() {
            let isOpen =
                holder.isMeant(by: definition.grantedTo) && holder.isMeant(by: definition.clients)
            if !isOpen { closed.insert(scope) }
        }
        return ScopeSet(
            names.indices.filter { !closures[$0].intersects(closed) }.map { names[$0] })
    }
}
