import Configuration
import Cryptography
import HTTP
import HTTPClient
import OAuth
import Proxy
import ResourceServer
import Synchronization
import Transport

/// One configured server with everything that serving it needs.
final class ServedServer: Sendable {
    let protected: ProtectedServer
    let upstream: HTTPClient.UpstreamOptions
    let forwarder: Forwarder
    /// The digest of what makes it the same upstream for the gateway: its URL and the credential.
    let upstreamIdentity: SHA256Digest
    let authorizer: Authorizer
    /// How much may be asked of it.
    let admission: ServerAdmission
    /// What the upstream is shown beside the request.
    let credential: UpstreamCredentialLine
    /// The largest body of a request, in bytes.
    let bodyLimit: Int
    /// The server's place in the metrics.
    let metricsIndex: Int
    /// Whom to ask before tokens can be judged; nil where nobody has to be.
    let issuer: ForeignIssuer?

    private let inFlight = Atomic(0)
    private let inFlightLimit: Int

    /// - Throws: what of the options cannot be used, though the configuration was checked before.
    init(
        _ options: ServerOptions, of configuration: GatewayConfiguration, keys: OwnKeys,
        remembering issuing: IssuingState, believing tls: TLSContext, metricsIndex: Int,
        admission table: AdmissionTable
    ) throws {
        let target = options.upstream
        credential = UpstreamCredentialLine(
            options, of: configuration, keys: keys, issuers: issuing.issuers)
        issuer = try issuing.issuers.issuer(of: options)
        upstreamIdentity = Self.identity(of: target.url.description, credential.ownLine)
        protected = try ProtectedServer(
            options, of: configuration, ownKeys: keys.verification, issuer: issuer,
            toolSchemas: issuing.toolSchemas.schemas(of: upstreamIdentity))
        authorizer = Authorizer(
            sessions: keys.sessions, events: EventSeals(ring: keys.ring),
            tasks: TaskSeals(ring: keys.ring, table: issuing.tasks),
            endpoints: SealedEndpoints(ring: keys.ring),
            proofs: options.dpop == .off
                ? nil : keys.proofs(configuration.tokens, issuing.proofs.calls))
        admission = ServerAdmission(options, of: configuration, table: table)
        bodyLimit = options.limits.body
        self.metricsIndex = metricsIndex
        var upstream = HTTPClient.UpstreamOptions(
            host: target.url.host.unbracketed, port: UInt16(clamping: target.url.port))
        switch target.url.scheme {
        case .http: break
        case .https: upstream.tls = tls
        }
        upstream.connectTimeout = target.connectTimeout.nanoseconds
        upstream.firstByteTimeout = target.firstByteTimeout.nanoseconds
        upstream.connectionLimit = configuration.limits.concurrentCount
        inFlightLimit = configuration.limits.concurrentCount
        self.upstream = upstream
        forwarder = Forwarder(
            target: UpstreamTarget(
                path: target.url.requestTarget,
                authority: target.url.authority,
                credentialField: credential.field),
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

    private static func identity(of url: String, _ credentialLine: [UInt8]) -> SHA256Digest {
        // No URL has a line end in it.
        let settings = Array("\(url)\n".utf8) + credentialLine
        return SHA256Hasher().digest(of: settings[...])
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
