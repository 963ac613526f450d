package import OAuth

/// What one token's scopes mean at one server, worked out once and kept with the token.
package struct EffectiveScopes: Sendable {
    /// The scopes of the token in its order, also those that the server does not know.
    package let held: ScopeSet
    /// The server's scopes that are held, with all that they include.
    let granted: ScopeMask
    /// The server's scopes that are not held and may be granted to this user and client.
    let obtainable: ScopeMask
    /// What would be open if all of these were granted too.
    let reachable: ScopeMask

    /// The scopes whose items a list shows.
    func shown(by visibility: Visibility) -> ScopeMask {
        switch visibility {
        case .granted: granted
        case .obtainable: reachable
        }
    }
}
