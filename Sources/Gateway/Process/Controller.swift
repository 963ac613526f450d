import Configuration
import Glibc
import Logging
import ResourceServer
import Storage
import Transport

/// What the controller is given.
struct ControllerParts: Sendable {
    let path: String
    let snapshot: GatewaySnapshot
    let state: GatewayState
    let issuing: IssuingState
    let workers: [WorkerHandle]
    let share: WorkerShare
    let listeners: [ListeningSockets]
    let health: ListeningSockets?
    /// The descriptor of the control socket.
    let control: Int32?
    let logger: Logger
    let sink: LogSink
    let pool: BlockingPool

    /// What the audit logs share; nil where there is none.
    var audit: AuditShare? { share.audit }
}

/// Starts, reloads, drains and ends the gateway, on the control loop.
final class Controller {
    let context: LoopContext
    let parts: ControllerParts
    var snapshot: GatewaySnapshot
    var keys: OwnKeys
    var controlListener: Listener?
    var upkeepTimer: LoopTimer?
    var issuerTimer: LoopTimer?
    /// The audit log of the control loop.
    var auditLog: AuditLog?
    var auditTimers = AuditTimers()
    private var signals: [SignalWatcher] = []
    private var health: HealthService?
    private var healthListener: Listener?
    private var drainTimer: LoopTimer?
    private var drainDeadline: UInt64 = 0
    private var remaining: [Int] = []
    private var isReloading = false
    private var mustReloadAgain = false
    private let startedAt = Int64(Clock.wall / 1_000_000)
    private var gathering: [UInt64: Gathering] = [:]
    private var nextGathering: UInt64 = 0
    /// Who waits for the state to be read.
    var readings: [UInt64: (Bool) -> Void] = [:]
    var nextReading: UInt64 = 0

    /// Figures on their way from the workers.
    private struct Gathering {
        var sum = MetricsSnapshot()
        var missing: Int
        let completion: ([UInt8]) -> Void
    }

    init(context: LoopContext, parts: ControllerParts) {
        self.context = context
        self.parts = parts
        snapshot = parts.snapshot
        keys = parts.state.keys
    }

    // MARK: Start

    func start() {
        watchSignals()
        let service = HealthService(context: context) { [unowned self] in gather($0) }
        if let sink = parts.audit?.sink { service.isUnaudited = { sink.mustRefuse } }
        service.unknownIssuers = { [unowned self] in
            issuerFigures.filter { !$0.isKnown }.map(\.issuer)
        }
        health = service
        if let descriptor = parts.health?.descriptors.first {
            healthListener = Listener(descriptor: descriptor, context: context) {
                service.accept($0, $1)
            }
        }
        for number in parts.workers.indices { startWorker(number) }
        startControl()
        startAudit()
        startFetchingKeys()
        service.isReady = true
        announce()
    }

    private func startWorker(_ number: Int) {
        let (snapshot, share, workers) = (self.snapshot, parts.share, parts.workers)
        let ended = parts.state.endedGrants
        let descriptors = parts.listeners.map { sockets in
            number < sockets.descriptors.count ? sockets.descriptors[number] : nil
        }
        let isShared = parts.listeners.map { $0.descriptors.count < workers.count }
        let addresses = parts.listeners.map(\.address)
        do {
            try workers[number].loop.start { context in
                let worker = Worker(context: context, snapshot: snapshot, share: share)
                context.resident = worker
                worker.end(ended)
                for (index, address) in addresses.enumerated() {
                    guard let descriptor = descriptors[index] else { continue }
                    worker.listen(
                        on: descriptor, at: address,
                        sharingWith: isShared[index] ? workers : [])
                }
            }
        } catch {
            parts.logger.critical("a worker did not start", metadata: ["cause": "\(error)"])
            context.loop.stop()
        }
    }

    /// One line per listener and server, with the addresses that clients use.
    private func announce() {
        let logger = parts.logger
        for listener in parts.listeners {
            logger.info("listening", metadata: ["address": "\(listener.address)"])
        }
        if let health = parts.health {
            logger.info("health", metadata: ["address": "\(health.address)"])
        }
        for server in snapshot.configuration.servers {
            logger.info(
                "serving",
                metadata: [
                    "server": "\(server.name)", "url": "\(server.url)",
                    "upstream": "\(server.upstream.url)",
                    "credential": "\(server.upstream.credential.kind)",
                    "scopes": "\(server.scopes.map(\.name).joined(separator: " "))",
                ])
        }
        warnOfObservation()
        if snapshot.configuration.masterKey == nil {
            logger.warning("keys are kept without a master key", metadata: ["mode": "0600"])
        }
    }

    /// One line for each server whose scopes are not enforced now.
    private func warnOfObservation() {
        let now = Int64(Clock.wall / 1_000_000_000)
        for server in snapshot.servers.map(\.protected) {
            guard let period = server.observation, period.isOpen(at: now) else { continue }
            parts.logger.warning(
                "the scopes of a server are observed, not enforced",
                metadata: [
                    "server": "\(server.name)", "until": "\(UTCTime.text(period.endsAt))",
                ])
        }
    }

    private func watchSignals() {
        signals = [
            SignalWatcher(context, SIGTERM) { [unowned self] in terminate() },
            SignalWatcher(context, SIGINT) { [unowned self] in terminate() },
            SignalWatcher(context, SIGHUP) { [unowned self] in reload() },
        ]
    }

    // MARK: Metrics

    private func gather(_ completion: @escaping ([UInt8]) -> Void) {
        let ticket = nextGathering
        nextGathering += 1
        gathering[ticket] = Gathering(missing: parts.workers.count, completion: completion)
        let control = context.loop
        for worker in parts.workers {
            worker.visit { worker in
                let figures = worker.figures()
                control.execute { context in
                    (context.resident as? Controller)?.add(figures, to: ticket)
                }
            }
        }
    }

    private func add(_ figures: MetricsSnapshot, to ticket: UInt64) {
        guard var gathering = gathering[ticket] else { return }
        gathering.sum.add(figures)
        gathering.missing -= 1
        self.gathering[ticket] = gathering.missing > 0 ? gathering : nil
        guard gathering.missing == 0 else { return }
        let observed = snapshot.servers.map(\.protected).compactMap { server in
            server.observation.map { (server: server.name, endsAt: $0.endsAt) }
        }
        let text = PrometheusText.document(
            gathering.sum, observing: observed, issuers: issuerFigures,
            process: ProcessFigures.read(startTimeMilliseconds: startedAt),
            logs: [parts.sink.statistics], audit: parts.audit?.sink.statistics,
            version: Version.text)
        gathering.completion(text.bytes)
    }

    // MARK: Reload

    /// Reads the file again off the loop; a file with errors changes nothing.
    private func reload() {
        parts.sink.reopen()
        reopenAudit()
        guard !isReloading else { return mustReloadAgain = true }
        isReloading = true
        let control = context.loop
        let (path, keys, issuing, current) = (parts.path, keys, parts.issuing, snapshot)
        let isTaken = parts.pool.submit {
            let outcome = ConfigurationFile.load(path, environment: Environment.all)
            let result = Result<GatewaySnapshot?, any Error> {
                try outcome.configuration.map {
                    try GatewaySnapshot(
                        $0, keys: keys, issuing: issuing, labels: current.labels,
                        admission: current.admission)
                }
            }
            control.execute { context in
                (context.resident as? Controller)?.reloaded(result, outcome.diagnostics)
            }
        }
        if !isTaken { reloaded(.success(nil), []) }
    }

    private func reloaded(
        _ result: Result<GatewaySnapshot?, any Error>, _ diagnostics: [Diagnostic]
    ) {
        isReloading = false
        let logger = parts.logger
        for diagnostic in diagnostics {
            logger.warning("configuration", metadata: ["finding": "\(diagnostic)"])
        }
        switch result {
        case .success(let next?):
            // The keys may have been read again meanwhile.
            if next.keyNames == keys.names { adopt(next) } else { mustReloadAgain = true }
        case .success(nil):
            logger.error("the configuration was refused; the one before stays in effect")
        case .failure(let error):
            logger.error(
                "the configuration was refused; the one before stays in effect",
                metadata: ["cause": "\(error)"])
        }
        if mustReloadAgain {
            mustReloadAgain = false
            reload()
        }
    }

    private func adopt(_ next: GatewaySnapshot) {
        let keys = GatewayConfiguration.restartNeeded(
            from: snapshot.configuration, to: next.configuration)
        snapshot = next
        for worker in parts.workers { worker.visit { $0.adopt(next) } }
        parts.logger.info("the configuration was read again")
        warnOfObservation()
        if !keys.isEmpty {
            parts.logger.warning(
                "some changes take a restart",
                metadata: ["keys": "\(keys.joined(separator: " "))"])
        }
    }

    // MARK: End

    private func terminate() {
        guard drainTimer == nil else {
            parts.logger.warning("ended at once")
            return end()
        }
        parts.logger.info("draining")
        health?.isDraining = true
        drainDeadline = Clock.monotonic + snapshot.configuration.timeouts.drain.nanoseconds
        for worker in parts.workers { worker.visit { $0.drain() } }
        drainTimer = LoopTimer(context, every: 20_000_000) { [unowned self] in pollDrain() }
    }

    private func pollDrain() {
        let isOver = Clock.monotonic >= drainDeadline
        if isOver { parts.logger.warning("requests were cut at the end of the drain") }
        guard !isOver, parts.share.connections.total > 0 else { return end() }
    }

    private func end() {
        drainTimer = nil
        for worker in parts.workers {
            worker.visit { $0.end() }
            worker.loop.stop()
        }
        remaining = Array(parts.workers.indices)
        let control = context.loop
        for worker in parts.workers {
            worker.loop.ended {
                control.execute { context in
                    (context.resident as? Controller)?.workerEnded()
                }
            }
        }
    }

    private func workerEnded() {
        remaining.removeLast()
        guard remaining.isEmpty else { return }
        parts.logger.info("ended")
        closeAudit()
        signals = []
        healthListener = nil
        controlListener = nil
        upkeepTimer = nil
        issuerTimer = nil
        context.loop.stop()
    }
}
