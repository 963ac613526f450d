package import Cryptography

/// What a server's tokens must be: whose, for whom, signed how.
package struct TokenRules: Sendable {
    /// Who issues the tokens.
    package enum Origin: Sendable, Equatable {
        /// Our own authorization server: `typ` is `at+jwt`, all claims of RFC 9068 are there, and
        /// `grantable` says what a step-up can bring.
        case own
        /// Another authorization server, taken with the habits that providers have.
        case foreign
    }

    /// `iss`, byte for byte.
    package var issuer: String
    /// What `aud` must contain, byte for byte.
    package var audience: String
    /// Who issues.
    package var origin: Origin
    /// The algorithms that are accepted from the issuer (RFC 8725 §3.1).
    package var algorithms: Set<SignatureAlgorithm>
    /// Where the scopes are.
    package var scopeClaim: ScopeClaim
    /// Where the user and the groups are, in tokens of a foreign issuer.
    package var holderClaims: HolderClaims
    /// The issuer's keys.
    package var keys: IssuerKeys
    /// How ``keys`` are got, where they come from elsewhere; nil where they are known.
    package var fetchedKeys: FetchedKeys?
    /// What the issuer says of its tokens, where only it can read them; then no key is looked at.
    package var introspection: TokenIntrospection?

    /// Rules for tokens that are signed with keys.
    package init(
        issuer: String, audience: String, origin: Origin, keys: IssuerKeys,
        algorithms: Set<SignatureAlgorithm> = Set(SignatureAlgorithm.allCases),
        scopeClaim: ScopeClaim = .scope, holderClaims: HolderClaims = HolderClaims()
    ) {
        self.issuer = issuer
        self.audience = audience
        self.origin = origin
        self.keys = keys
        self.algorithms = algorithms
        self.scopeClaim = scopeClaim
        self.holderClaims = holderClaims
    }

    /// Rules for tokens of another issuer whose keys are got from elsewhere.
    package init(issuer: String, audience: String, fetching keys: FetchedKeys) {
        self.init(issuer: issuer, audience: audience, origin: .foreign, keys: keys.keys)
        fetchedKeys = keys
    }
}
