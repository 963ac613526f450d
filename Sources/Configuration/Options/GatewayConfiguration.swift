package import AuthorizationServer
package import HTTP

/// A whole configuration that was found without error: an immutable snapshot.
package struct GatewayConfiguration: Sendable, Equatable {
    /// What clients type: no path, in its canonical spelling, with which issuer, resources and endpoints begin.
    package let publicURL: AbsoluteURI
    /// Where clients connect; at least one.
    package let listeners: [ListenOptions]
    /// The health listener; nil for none.
    package let health: HealthOptions?
    /// Where signing keys and grants are kept.
    package let state: StateOptions
    /// What protects the keys in the state: 64 hexadecimal digits; nil when the state protects itself.
    package let masterKey: Secret?
    /// How many event loops run.
    package let workers: WorkerCount
    /// The sources of identities.
    package let signIn: [SignInOptions]
    /// The clients that are known beforehand.
    package let clients: [ClientEntry]
    /// Who may speak for users and programs.
    package let assertionIssuers: [AssertionIssuer]
    /// Which clients may register themselves, and where users may be sent back to.
    package let registration: RegistrationOptions
    /// Whether authorization responses carry `iss` (RFC 9207), and the metadata say so.
    package let sendsIssuer: Bool
    /// The tokens that the gateway issues.
    package let tokens: TokenOptions
    /// What the gateway itself may fetch.
    package let outbound: OutboundOptions
    /// Sizes and counts.
    package let limits: LimitOptions
    /// Times.
    package let timeouts: TimeLimits
    /// What is logged.
    package let log: LogOptions
    /// The audit log; nil for none.
    package let audit: AuditOptions?
    /// The servers in the order of the file; at least one.
    package let servers: [ServerOptions]
    /// Where in the file the rules of the servers' scopes stand.
    package let rulePositions: ScopeRulePositions
}
