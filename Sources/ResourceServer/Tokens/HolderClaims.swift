import JSON

/// The claims in which a foreign issuer's tokens name users and groups: `user_claim` and
/// `groups_claim` of a server.
package struct HolderClaims: Sendable, Equatable {
    /// The most groups of one user.
    package static let maximumGroups = 1000

    /// The claim with the user's name; nil where users are not told apart.
    package var user: String?
    /// The claim with the names of the user's groups; nil where groups do not count.
    package var groups: String?

    /// Claims; nil for one that is not read.
    package init(user: String? = nil, groups: String? = nil) {
        self.user = user
        self.groups = groups
    }

    /// Who acts by a token; a claim that is absent names nobody.
    ///
    /// - Throws: `malformedClaim`.
    func holder(
        in claims: JSONValue, clientID: String
    ) throws(TokenViolation) -> TokenHolder {
        var holder = TokenHolder(clientID: clientID)
        if let user, let value = claims.member(user), Self.isVouchedFor(user, claims) {
            holder.user = try Self.name(value, of: user)
        }
        if let groups, let value = claims.member(groups) {
            holder.groups = try Self.names(value, of: groups)
        }
        return holder
    }

    /// An e-mail address that its issuer has not verified is anybody's (OpenID Connect Core §5.7).
    private static func isVouchedFor(_ claim: String, _ claims: JSONValue) -> Bool {
        guard claim == "email" else { return true }
        return claims["email_verified"]?.bool == true
    }

    /// One name, or an array of names.
    private static func names(
        _ value: JSONValue, of claim: String
    ) throws(TokenViolation) -> [String] {
        guard value.kind == .array else { return [try name(value, of: claim)] }
        var names: [String] = []
        for element in value.elements {
            guard names.count < maximumGroups else { throw .malformedClaim(name: claim) }
            names.append(try name(element, of: claim))
        }
        return names
    }

    private static func name(
        _ value: JSONValue, of claim: String
    ) throws(TokenViolation) -> String {
        let lengths = 1...AccessTokenVerifier.maximumIdentifierLength
        guard let text = value.string, lengths.contains(text.utf8.count) else {
            throw .malformedClaim(name: claim)
        }
        return text
    }
}
