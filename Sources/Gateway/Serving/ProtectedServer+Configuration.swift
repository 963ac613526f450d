import Configuration
import Cryptography
import HTTP
import JOSE
import ResourceServer

extension ProtectedServer {
    /// The server of a configuration; `ownKeys` verify the tokens that the gateway issued.
    ///
    /// - Throws: what of the options cannot be used, though the configuration was checked before.
    convenience init(
        _ options: ServerOptions, of configuration: GatewayConfiguration, ownKeys: IssuerKeys,
        toolSchemas: ToolSchemas = ToolSchemas()
    ) throws {
        try self.init(
            name: options.name, path: options.path, publicURL: configuration.publicURL.description,
            policy: ScopePolicy(
                options.opensEverything ? [] : options.scopes, serverName: options.name),
            tokenRules: try Self.tokenRules(options, configuration, ownKeys),
            allowedOrigins: Set(options.allowedOrigins),
            visibility: options.visibility == .granted ? .granted : .obtainable,
            jsonLimits: configuration.limits.json,
            transport: options.transport == .sse
                ? .sse(upstream: options.upstream.url) : .streamable,
            observation: options.observesUntil.map { ObservationPeriod(endsAt: $0) },
            toolSchemas: toolSchemas, principalText: LogEncoding.members(of:))
    }

    private static func tokenRules(
        _ options: ServerOptions, _ configuration: GatewayConfiguration, _ ownKeys: IssuerKeys
    ) throws -> TokenRules {
        switch options.tokenSource {
        case .gateway:
            return TokenRules(
                issuer: configuration.publicURL.description, audience: options.url, origin: .own,
                keys: ownKeys)
        case .foreign(let issuer):
            return TokenRules(
                issuer: issuer.issuer, audience: issuer.audience, origin: .foreign,
                keys: IssuerKeys(try JSONWebKeySet(parsing: issuer.keys)),
                algorithms: Set(
                    issuer.algorithms.compactMap { SignatureAlgorithm(rawValue: $0.rawValue) }),
                scopeClaim: ScopeClaim(rawValue: issuer.scopeClaim) ?? .scope,
                holderClaims: HolderClaims(user: issuer.userClaim, groups: issuer.groupsClaim))
        }
    }
}
