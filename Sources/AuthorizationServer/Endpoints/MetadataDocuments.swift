import OAuth

/// The two documents that describe the authorization server, as bytes.
package struct MetadataDocuments: Sendable, Equatable {
    /// The path of ``authorizationServer`` (RFC 8414 §3).
    package static let authorizationServerPath = "/.well-known/oauth-authorization-server"
    /// The path of ``openID`` (OpenID Connect Discovery §4).
    package static let openIDPath = "/.well-known/openid-configuration"

    /// The body at `/.well-known/oauth-authorization-server`.
    package let authorizationServer: [UInt8]
    /// The body at `/.well-known/openid-configuration`.
    package let openID: [UInt8]

    /// The documents of an authorization server with these options.
    package init(_ options: AuthorizationServerOptions) {
        let metadata = AuthorizationServerMetadata(
            issuer: options.issuer, scopesSupported: Self.initialScopes(options.resources),
            hasRegistration: options.registration.dynamic != .off,
            takesClientDocuments: options.registration.takesDocuments,
            sendsIssuer: options.sendsIssuer, signingAlgorithm: options.signingAlgorithm,
            grantTypes: Self.grantTypes(options.clients),
            hasIntrospection: IntrospectionEndpoint.isServed(options),
            bindsTokens: options.resources.contains { $0.dpop != .off })
        authorizationServer = metadata.body
        openID = metadata.openIDBody
    }

    /// What everybody may use, and what some client that the operator named may.
    private static func grantTypes(_ clients: [ClientEntry]) -> [GrantType] {
        let named = clients.reduce(into: Set<GrantType>()) { $0.formUnion($1.grants) }
        return GrantType.allCases.filter { type in
            [.authorizationCode, .refreshToken].contains(type) || named.contains(type)
        }
    }

    /// What clients begin with at any server: some ask for all scopes that the document lists.
    private static func initialScopes(_ resources: [GuardedResource]) -> ScopeSet {
        ScopeSet(resources.flatMap { $0.scopes.filter(\.isInitial).map(\.name) })
    }
}
