import Configuration
import Cryptography
import HTTP
import HTTPClient
import JOSE
import Proxy
import ResourceServer
import Synchronization

/// One configured server with everything that serving it needs.
final class ServedServer: Sendable {
    let protected: ProtectedServer
    let upstream: HTTPClient.UpstreamOptions
    let forwarder: Forwarder
    let authorizer: Authorizer
    /// How much may be asked of it.
    let admission: ServerAdmission
    /// The largest body of a request, in bytes.
    let bodyLimit: Int
    /// The server's place in the metrics.
    let metricsIndex: Int

    private let inFlight = Atomic(0)
    private let inFlightLimit: Int

    /// - Throws: what of the options cannot be used, though the configuration was checked before.
    init(
        _ options: ServerOptions, of configuration: GatewayConfiguration, keys: OwnKeys,
        tasks: TaskTable, metricsIndex: Int, admission table: AdmissionTable
    ) throws {
        let rules = try Self.tokenRules(options, configuration, keys)
        protected = try ProtectedServer(
            name: options.name, path: options.path, publicURL: configuration.publicURL.description,
            policy: ScopePolicy(
                options.opensEverything ? [] : options.scopes, serverName: options.name),
            tokenRules: rules,
            allowedOrigins: Set(options.allowedOrigins),
            visibility: options.visibility == .granted ? .granted : .obtainable,
            jsonLimits: configuration.limits.json,
            observation: options.observesUntil.map { ObservationPeriod(endsAt: $0) })
        authorizer = Authorizer(
            sessions: keys.sessions, events: EventSeals(ring: keys.ring),
            tasks: TaskSeals(ring: keys.ring, table: tasks))
        admission = ServerAdmission(options, of: configuration, table: table)
        bodyLimit = options.limits.body
        self.metricsIndex = metricsIndex
        let target = options.upstream
        var upstream = HTTPClient.UpstreamOptions(
            host: target.url.host.unbracketed, port: UInt16(clamping: target.url.port))
        upstream.connectTimeout = target.connectTimeout.nanoseconds
        upstream.firstByteTimeout = target.firstByteTimeout.nanoseconds
        upstream.connectionLimit = configuration.limits.concurrentCount
        inFlightLimit = configuration.limits.concurrentCount
        self.upstream = upstream
        forwarder = Forwarder(
            target: UpstreamTarget(
                path: target.url.requestTarget,
                authority: target.url.authority,
                credentialLines: Self.credentialLines(target.credential)),
            callTimeout: target.callTimeout.nanoseconds,
            eventLimit: configuration.limits.event, contentLimit: options.limits.body)
    }

    /// Counts a request in, over all loops; false where as many are under way as may be.
    func enter() -> Bool {
        guard inFlight.add(1, ordering: .relaxed).newValue <= inFlightLimit else {
            leave()
            return false
        }
        return true
    }

    /// Counts a request out.
    func leave() { inFlight.subtract(1, ordering: .relaxed) }

    private static func tokenRules(
        _ options: ServerOptions, _ configuration: GatewayConfiguration, _ keys: OwnKeys
    ) throws -> TokenRules {
        switch options.tokenSource {
        case .gateway:
            return TokenRules(
                issuer: configuration.publicURL.description, audience: options.url, origin: .own,
                keys: keys.verification)
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

    private static func credentialLines(_ credential: UpstreamCredential) -> [UInt8] {
        var lines: [UInt8] = []
        switch credential {
        case .none: break
        case .bearer(let secret):
            lines += "Authorization: Bearer ".utf8
            lines += secret.bytes
            lines += "\r\n".utf8
        case .header(let name, let secret):
            lines += "\(name): ".utf8
            lines += secret.bytes
            lines += "\r\n".utf8
        }
        return lines
    }
}

extension URIHost {
    /// The host as resolvers take it: an IPv6 address without its brackets.
    fileprivate var unbracketed: String {
        text.hasPrefix("[") ? String(text.dropFirst().dropLast()) : text
    }
}

extension Duration {
    /// The duration as whole nanoseconds, at most ten years: a time that is longer has no end.
    ///
    /// Durations of the configuration are not negative.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        let tenYears: Int64 = 10 * 365 * 86_400
        return UInt64(min(max(0, seconds), tenYears)) * 1_000_000_000
            + UInt64(max(0, attoseconds) / 1_000_000_000)
    }
}
