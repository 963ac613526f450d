import Configuration
import Cryptography
import HTTP
import JOSE
import ResourceServer

extension ProtectedServer {
    /// The server of a configuration; `ownKeys` verify the tokens that the gateway issued, `issuer` is
    /// asked for what judges those of another one.
    ///
    /// - Throws: what of the options cannot be used, though the configuration was checked before.
    convenience init(
        _ options: ServerOptions, of configuration: GatewayConfiguration, ownKeys: IssuerKeys,
        issuer: ForeignIssuer? = nil, toolSchemas: ToolSchemas = ToolSchemas()
    ) throws {
        try self.init(
            name: options.name, path: options.path, publicURL: configuration.publicURL.description,
            policy: ScopePolicy(
                options.opensEverything ? [] : options.scopes, serverName: options.name),
            tokenRules: try Self.tokenRules(options, configuration, ownKeys, issuer),
            allowedOrigins: Set(options.allowedOrigins),
            visibility: options.visibility == .granted ? .granted : .obtainable,
            jsonLimits: configuration.limits.json,
            transport: options.transport == .sse
                ? .sse(upstream: options.upstream.url) : .streamable,
            observation: options.observesUntil.map { ObservationPeriod(endsAt: $0) },
            toolSchemas: toolSchemas, principalText: LogEncoding.members(of:), dpop: options.dpop)
    }

    private static func tokenRules(
        _ options: ServerOptions, _ configuration: GatewayConfiguration, _ ownKeys: IssuerKeys,
        _ asked: ForeignIssuer?
    ) throws -> TokenRules {
        switch options.tokenSource {
        case .gateway:
            return TokenRules(
                issuer: configuration.publicURL.description, audience: options.url, origin: .own,
                keys: ownKeys)
        case .foreign(let issuer):
            var rules = TokenRules(
                issuer: issuer.issuer, audience: issuer.audience, origin: .foreign,
                keys: try keys(of: issuer, asked),
                algorithms: Set(
                    issuer.algorithms.compactMap { SignatureAlgorithm(rawValue: $0.rawValue) }),
                scopeClaim: ScopeClaim(rawValue: issuer.scopeClaim) ?? .scope,
                holderClaims: HolderClaims(user: issuer.userClaim, groups: issuer.groupsClaim))
            rules.fetchedKeys = asked?.keys
            rules.introspection = asked?.introspection
            return rules
        }
    }

    /// The keys of a foreign issuer; none where they are not what its tokens are judged by.
    private static func keys(
        of issuer: ForeignIssuerOptions, _ asked: ForeignIssuer?
    ) throws -> IssuerKeys {
        switch issuer.judging {
        case .keyFile(_, let keys): IssuerKeys(try JSONWebKeySet(parsing: keys))
        case .asking: try asked?.keys?.keys ?? IssuerKeys(JSONWebKeySet([]))
        }
    }
}
