/// How the authorization server behaves, as the operator configured it.
package struct AuthorizationServerOptions: Sendable, Equatable {
    /// The issuer identifier, byte for byte: `public_url`.
    package var issuer: String
    /// The servers for which tokens are issued; never empty.
    package var resources: [GuardedResource]
    /// The clients that the operator named.
    package var clients: [ClientEntry]
    /// Whose statements about users and programs bring tokens.
    package var assertionIssuers: [AssertionIssuer]
    /// Which clients may register themselves.
    package var registration: RegistrationOptions
    /// Whether authorization responses carry `iss` (RFC 9207), and the metadata say so.
    package var sendsIssuer: Bool
    /// How long an access token is valid, in seconds.
    package var accessLifetime: Int64
    /// How long a grant can be refreshed, in seconds.
    package var refreshLifetime: Int64
    /// How long a replaced refresh token still gets the same successor, in seconds; 0 for not at all.
    package var refreshReuseGrace: Int64
    /// The algorithm of access tokens, as JWS names it.
    package var signingAlgorithm: String

    /// Options.
    package init(
        issuer: String, resources: [GuardedResource], clients: [ClientEntry] = [],
        assertionIssuers: [AssertionIssuer] = [], registration: RegistrationOptions,
        sendsIssuer: Bool = true, accessLifetime: Int64 = 3600,
        refreshLifetime: Int64 = 30 * 86_400, refreshReuseGrace: Int64 = 30,
        signingAlgorithm: String = "ES256"
    ) {
        self.issuer = issuer
        self.resources = resources
        self.clients = clients
        self.assertionIssuers = assertionIssuers
        self.registration = registration
        self.sendsIssuer = sendsIssuer
        self.accessLifetime = accessLifetime
        self.refreshLifetime = refreshLifetime
        self.refreshReuseGrace = refreshReuseGrace
        self.signingAlgorithm = signingAlgorithm
    }
}
