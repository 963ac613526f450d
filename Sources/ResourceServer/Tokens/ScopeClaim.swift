import JSON
import OAuth

/// The claim in which an issuer's tokens carry their scopes: the `scope_claim` of a server.
package enum ScopeClaim: String, Sendable, Equatable, CaseIterable {
    /// `scope`: names in one string (RFC 9068 §2.2.3), the default.
    case scope
    /// `scp`: an array of names, or names in one string.
    case scp
    /// `permissions`: an array of names.
    case permissions

    /// The scopes that the claims hold; the empty set where the claim is absent.
    ///
    /// Members that are no scope tokens open nothing and are left out of arrays; a text that is not
    /// a list of scope tokens is refused.
    ///
    /// - Throws: `malformedClaim`.
    func scopes(in claims: JSONValue) throws(TokenViolation) -> ScopeSet {
        guard let value = claims.member(rawValue) else { return ScopeSet() }
        if self != .permissions, let text = value.string {
            guard let scopes = ScopeSet(parsing: text) else {
                throw .malformedClaim(name: rawValue)
            }
            return scopes
        }
        guard self != .scope, value.kind == .array else {
            throw .malformedClaim(name: rawValue)
        }
        var scopes = ScopeSet()
        for (index, element) in value.elements.enumerated() {
            guard index < ScopeSet.maximumCount, let text = element.string else {
                throw .malformedClaim(name: rawValue)
            }
            if let token = ScopeToken(text) { scopes.insert(token) }
        }
        return scopes
    }
}
