import AuthorizationServer
import HTTP
import HTTPClient
import MCP
import Proxy
import ResourceServer
import Storage
import Transport

/// One event loop's part of the gateway: its connections, its pools, its caches.
final class Worker {
    let context: LoopContext
    let metrics: LoopMetrics

    let share: WorkerShare
    let accessLog: AccessLog?
    /// The loop's audit log; nil where there is none.
    let auditLog: AuditLog?
    var auditTimers = AuditTimers()
    private let tokens = TokenCache()
    private let sessions = SessionCache()
    let identities = IdentityTokenCache()
    private let endedGrants = EndedGrants()
    let endpointQueue = EndpointQueue()
    let waitingQueue = WaitingQueue()
    private let resolver: HostResolver
    private let crowd = CrowdedService()
    var snapshot: GatewaySnapshot
    private var pools: [HTTPClient.UpstreamOptions: UpstreamPool] = [:]
    /// The pool of a server of the present configuration, found without hashing its options.
    private var poolsOfServers: [ObjectIdentifier: UpstreamPool] = [:]
    private var connections: [ObjectIdentifier: ServerConnection] = [:]
    private(set) var streams: [ObjectIdentifier: ResponseRelay] = [:]
    private var listeners: [Listener] = []
    /// TLS of the listeners that have it.
    private var listenerTLS: [Transport.SocketAddress: TLSContext] = [:]
    var identifiers = RequestIdentifierGenerator()
    var logTimer: LoopTimer?
    private(set) var isDraining = false

    init(context: LoopContext, snapshot: GatewaySnapshot, share: WorkerShare) {
        self.context = context
        self.snapshot = snapshot
        self.share = share
        metrics = LoopMetrics(servers: snapshot.labels)
        accessLog = share.accessLog.map { AccessLog(sink: $0) }
        auditLog = share.audit.map { AuditLog(sink: $0.sink, keys: $0.keys) }
        resolver = HostResolver(context)
        adoptTLS(snapshot)
        signAuditNowAndThen()
    }

    // MARK: Life

    /// Refuses the tokens of these grants from now on, and ends what is under way by them.
    func end(_ grants: [EndedGrant]) {
        for grant in grants { endedGrants.insert(grant.id, expiresAt: grant.expiresAt) }
        let ids = Set(grants.map(\.id))
        identities.forget(ids)
        share.issuers.forget(ids)
        endedGrants.forgetExpired(at: Int64(Clock.wall / 1_000_000_000))
        for connection in Array(connections.values) {
            guard let exchange = connection.currentExchange,
                endedGrants.contains(exchange.notes.token?.grantID)
            else { continue }
            (exchange.producer as? ResponseRelay)?.revoke()
        }
    }

    /// Ends what is under way by tokens that one of these keys of our own signed, which are refused now.
    func endExchanges(signedBy revoked: Set<String>) {
        for connection in Array(connections.values) {
            // Only tokens of our own have a grant.
            guard let exchange = connection.currentExchange, let token = exchange.notes.token,
                token.grantID != nil, revoked.contains(token.keyID)
            else { continue }
            (exchange.producer as? ResponseRelay)?.revoke()
        }
    }

    /// Accepts connections from a descriptor that listens at the address.
    ///
    /// `workers` is empty, or all of them where there is one descriptor for all, as with socket
    /// activation: then this one accepts and the connections go round.
    func listen(
        on descriptor: Int32, at address: Transport.SocketAddress,
        sharingWith workers: [WorkerHandle]
    ) {
        var turn = 0
        let listener = Listener(descriptor: descriptor, context: context) {
            [unowned self] connection, peer in
            guard !workers.isEmpty, !isDraining else { return accept(connection, peer, address) }
            turn = (turn + 1) % workers.count
            guard !workers[turn].loop.isCurrent else { return accept(connection, peer, address) }
            workers[turn].visit { $0.accept(connection, peer, address) }
        }
        listeners.append(listener)
    }

    /// Serves a connection of the listener at `address`; one too many is told so and closed.
    func accept(
        _ descriptor: Int32, _ peer: Transport.SocketAddress, _ address: Transport.SocketAddress
    ) {
        let host = peer.host
        let isAdmitted = share.connections.enter(
            host, totalLimit: snapshot.connectionLimits.total,
            hostLimit: snapshot.connectionLimits.perAddress)
        let connection = ServerConnection(
            descriptor: descriptor, peerHost: host, context: context,
            service: isAdmitted ? self : crowd,
            limits: snapshot.messageLimits, times: snapshot.times,
            tls: listenerTLS.isEmpty ? nil : listenerTLS[address])
        guard isAdmitted else { return crowd.turnAway(connection) }
        connections[ObjectIdentifier(connection)] = connection
        metrics.increase(.clientConnections)
    }

    /// Serves by another configuration from now on; exchanges keep the one they began with.
    func adopt(_ snapshot: GatewaySnapshot) {
        self.snapshot = snapshot
        metrics.adopt(snapshot.labels)
        poolsOfServers = [:]
        adoptTLS(snapshot)
        adoptStreams(snapshot)
        let wanted = Set(snapshot.servers.map(\.upstream))
        for (options, pool) in pools where !wanted.contains(options) {
            pool.closeIdle()
            if pool.openCount == 0 { pools[options] = nil }
        }
    }

    /// A listener that is gone from the file speaks as before until the restart that its end takes.
    private func adoptTLS(_ snapshot: GatewaySnapshot) {
        for (address, tls) in snapshot.listenerTLS { listenerTLS[address] = tls }
    }

    /// Streams that last go by the new rules of their server, and end where it is gone.
    private func adoptStreams(_ snapshot: GatewaySnapshot) {
        let now = Int64(Clock.wall / 1_000_000_000)
        for stream in Array(streams.values) {
            let server = snapshot.servers.first { $0.protected.name == stream.serverName }
            guard let server else {
                stream.endStanding()
                continue
            }
            stream.adopt(server.protected, at: now)
        }
    }

    /// Takes what waits in the queues, accepts no more, and ends what has no end of its own.
    func drain() {
        guard !isDraining else { return }
        isDraining = true
        for listener in listeners { listener.drainAndClose() }
        listeners = []
        for stream in Array(streams.values) { stream.endStanding() }
        for connection in Array(connections.values) { connection.drain() }
    }

    /// The connections that are open.
    var connectionCount: Int { connections.count }

    /// Cuts what is left.
    func end() {
        for connection in Array(connections.values) { connection.close() }
        for pool in pools.values { pool.closeIdle() }
        accessLog?.flush()
        logTimer = nil
        closeAudit()
    }

    /// The figures as they are now.
    func figures() -> MetricsSnapshot {
        metrics.snapshot()
    }

    // MARK: Requests

    private func route(_ exchange: Exchange, _ head: RequestHead) -> Intake {
        switch snapshot.route(head.pathBytes) {
        case .server(let index): return authenticate(exchange, head, snapshot.servers[index])
        case .document(let body): return .answer(PublicDocument.answer(head, body))
        case .endpoint(let endpoint):
            exchange.notes.endpoint = endpoint
            return .collect(limit: PublicEndpoint.bodyLimit)
        case nil:
            // RFC 9110 §9.3.7: `*` asks about the server as a whole.
            if head.method == .options, head.targetBytes.elementsEqual([0x2A]) {
                return .answer(PublicDocument.options)
            }
            exchange.notes.outcome = .refused
            return .answer(.text(404, "nothing is served at this path", reason: "no route"))
        }
    }

    /// Judges the head of a request, also one that had to wait for what its token is judged by.
    func authenticate(
        _ exchange: Exchange, _ head: RequestHead, _ server: ServedServer
    ) -> Intake {
        exchange.notes.server = server
        let now = Int64(Clock.wall / 1_000_000_000)
        let verdict = server.authorizer.authenticate(
            head, for: server.protected, cache: tokens, ended: endedGrants, at: now)
        switch verdict {
        case .answered(let refusal):
            exchange.notes.outcome = head.method == .options ? .answered : .refused
            rule(exchange, refusal.ruling, server)
            return .answer(LocalAnswer(refusal))
        case .pending(let token): return wait(for: token, exchange, server)
        case .accepted(let token):
            exchange.notes.token = token
            if let origin = head.fields.bytes(of: .origin) {
                for field in CORSFields.answer(to: origin) {
                    exchange.extraFieldLines += "\(field.name): \(field.value)\r\n".utf8
                }
            }
            // RFC 9449 §8.2 — with every answer, so that the next proof need not be refused first.
            if let nonce = server.authorizer.nonce(for: token, at: now) {
                exchange.extraFieldLines += "DPoP-Nonce: \(nonce)\r\n".utf8
            }
            return .collect(limit: server.bodyLimit)
        }
    }

    /// Judges a request, also one that had to wait.
    func authorize(_ exchange: Exchange) {
        guard let head = exchange.head, let server = exchange.notes.server,
            let token = exchange.notes.token
        else { return exchange.answer(.text(500, "the request was not understood")) }
        let body = exchange.body
        exchange.body = []
        let now = Int64(Clock.wall / 1_000_000_000)
        let verdict = server.authorizer.authorize(
            head, body: body, token: token, for: server.protected, ended: endedGrants, at: now,
            opened: sessions)
        switch consume verdict {
        case .refuse(let refusal):
            server.admission.count(token, at: context.now)
            exchange.notes.outcome = .refused
            exchange.notes.reason = refusal.reason
            exchange.notes.method = refusal.method
            exchange.notes.target = refusal.target.loggedName
            rule(exchange, refusal.ruling, server)
            exchange.extraFieldLines = []
            exchange.answer(refusal)
            share.endpointStreams.deliver(refusal)
        case .needsDefinition(let definition): park(definition, exchange, body)
        case .forward(let request):
            exchange.notes.method = request.method
            exchange.notes.target = request.target.loggedName
            guard !mustRefuseUnaudited() else {
                return refuseUnaudited(exchange, request, server)
            }
            let exchanged = exchangedCredential(exchange, request, server, body)
            if case .notNow = exchanged { return }
            guard admit(exchange, request, to: server),
                let credential = credential(
                    of: server, for: request, exchange, at: now, exchanged)
            else { return }
            rule(exchange, request.ruling, server)
            if request.ruling.isObserved { share.observations.count(request, at: now) }
            forward(exchange, request, server, showing: credential)
        }
    }

    private func forward(
        _ exchange: Exchange, _ request: consuming AuthorizedRequest, _ server: ServedServer,
        showing credential: [UInt8]
    ) {
        exchange.notes.outcome = .forwarded
        expectResponse(to: request)
        server.forwarder.forward(
            request, showing: credential, over: pool(of: server), to: exchange,
            authorizer: server.authorizer
        ) { relay in
            exchange.producer = relay
            guard relay.isStandingStream else { return }
            exchange.notes.isStream = true
            followEndpoint(of: relay, exchange)
            auditBegin(of: exchange)
            streams[ObjectIdentifier(exchange)] = relay
            metrics.increase(.streams)
        }
    }

    /// This loop's connections to the server.
    func pool(of server: ServedServer) -> UpstreamPool {
        if let pool = poolsOfServers[ObjectIdentifier(server)] { return pool }
        let options = server.upstream
        let pool =
            pools[options]
            ?? UpstreamPool(options: options, context: context, resolver: resolver)
        pools[options] = pool
        // A server of an earlier configuration may be gone before its object's place is used anew.
        if snapshot.servers.contains(where: { $0 === server }) {
            poolsOfServers[ObjectIdentifier(server)] = pool
        }
        return pool
    }
}

extension Worker: Service {
    func receivedHead(_ exchange: Exchange) -> Intake {
        exchange.notes.requestID = identifiers.next()
        guard let head = exchange.head else { return .answer(.text(400, "bad request")) }
        return route(exchange, head)
    }

    func receivedAll(_ exchange: Exchange) {
        guard let endpoint = exchange.notes.endpoint else { return authorize(exchange) }
        respond(exchange, endpoint)
    }

    func refused(_ refusal: RequestRefusal, from peerHost: String) -> LocalAnswer {
        .text(refusal.status, refusal.text, reason: refusal.text)
    }

    func closed(_ connection: ServerConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        share.connections.leave(connection.peerHost)
        metrics.decrease(.clientConnections)
    }

    func finished(_ exchange: Exchange) {
        guard !exchange.notes.isLogged else { return }
        exchange.notes.isLogged = true
        if let ticket = exchange.notes.ticket { _ = waitingQueue.take(ticket) }
        if let permit = exchange.notes.permit.take() { permit.release() }
        if exchange.notes.isInFlight { exchange.notes.server?.leave() }
        if exchange.notes.isStream {
            streams[ObjectIdentifier(exchange)] = nil
            forgetEndpoint(of: exchange)
            metrics.decrease(.streams)
        }
        record(exchange)
    }
}
