import Configuration
import Glibc
import Logging
import Storage
import Transport

/// The running gateway: one control loop on the main thread, and one worker loop per core.
package enum GatewayProcess {
    /// Serves by the file until the process is told to end.
    ///
    /// - Returns: the exit status: 0 after a drain, 1 when the gateway cannot start.
    package static func serve(configurationFile path: String) -> Int32 {
        raiseDescriptorLimit()
        signal(SIGPIPE, SIG_IGN)
        let outcome = ConfigurationFile.load(path, environment: Environment.all)
        for diagnostic in outcome.diagnostics { StandardError.write("\(diagnostic)") }
        guard let configuration = outcome.configuration else { return 1 }
        do {
            let start = try Start(configuration)
            return try start.run(path: path)
        } catch {
            StandardError.write("gatehouse: \(error)")
            return 1
        }
    }

    /// Each relayed stream takes two descriptors.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(resource, &limit)
    }
}

/// What is made before the loops run, in the order in which things can fail.
private struct Start {
    let configuration: GatewayConfiguration
    let sink: LogSink
    let logger: Logger
    let state: GatewayState
    let auditKeys: AuditKeys?
    let issuing: IssuingState
    let snapshot: GatewaySnapshot
    let listeners: [ListeningSockets]
    let health: ListeningSockets?
    let workerCount: Int
    let pool: BlockingPool

    init(_ configuration: GatewayConfiguration) throws {
        self.configuration = configuration
        sink = try LogSink(LogDestination(configuration.log.destination))
        let handler = JSONLogHandler(sink: sink, level: Logger.Level(configuration.log.level))
        logger = Logger(label: "gatehouse") { _ in handler }
        try UsersCheck.requireReadable(configuration)
        let pool = try BlockingPool(name: "blocking", threads: 2, queueLimit: 64)
        self.pool = pool
        state = try Waiter.wait { try await GatewayState.open(configuration, pool: pool) }
        let store = state.store
        auditKeys = try configuration.audit.map { _ in
            let atRest = try GatewayState.keysAtRest(configuration)
            return try Waiter.wait { try await AuditKeys.load(from: store, atRest, pool: pool) }
        }
        issuing = IssuingState(
            store: state.store, pool: pool, logger: logger,
            atRest: try GatewayState.keysAtRest(configuration))
        snapshot = try GatewaySnapshot(
            configuration, keys: state.keys, issuing: issuing, labels: ServerLabels())
        workerCount = Self.workerCount(configuration.workers)
        let inherited = ListeningSockets.inherited { Environment.all[$0] }
        var listeners: [ListeningSockets] = []
        for listener in configuration.listeners {
            let address = try Self.address(listener.address)
            let adopted = inherited.first { $0.address == address }
            listeners.append(
                try adopted ?? ListeningSockets(binding: address, count: workerCount))
        }
        self.listeners = listeners
        health = try configuration.health.map {
            let address = try Self.address($0.address)
            return try inherited.first { $0.address == address }
                ?? ListeningSockets(binding: address, count: 1)
        }
    }

    private static func workerCount(_ count: WorkerCount) -> Int {
        switch count {
        case .auto: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        case .count(let count): count
        }
    }

    /// The socket for commands; without it they still work, and take effect within a minute.
    private func controlSocket() -> Int32? {
        let path = ControlSocket.path(of: configuration.state)
        do throws(TransportFailure) {
            return try UnixSocket.listen(at: path)
        } catch {
            logger.warning(
                "commands cannot reach this process at once", metadata: ["cause": "\(error)"])
            return nil
        }
    }

    private static func address(
        _ address: Configuration.SocketAddress
    ) throws -> Transport.SocketAddress {
        guard let found = Transport.SocketAddress(literal: address.host, port: address.port) else {
            throw StartFailure(reason: "cannot listen on \(address)")
        }
        return found
    }

    /// The audit log, whose writer tells the controller what happens.
    private func audit(_ control: EventLoop) throws -> AuditShare? {
        guard let options = configuration.audit, let keys = auditKeys else { return nil }
        let interval = options.checkpointInterval.nanoseconds
        let sink = try AuditSink(
            AuditDestination(options.destination), deniesOnFailure: options.onFailure == .deny,
            checkpointInterval: interval
        ) { report in
            control.execute { ($0.resident as? Controller)?.noteAudit(report) }
        }
        return AuditShare(
            sink: sink, keys: keys, checkpointInterval: interval, logger: logger)
    }

    /// Writes what is left of the audit log, and keeps how far it came.
    private func closeAudit(_ audit: AuditShare?) {
        guard let audit else { return }
        let heads = audit.sink.close(withinMilliseconds: 2000)
        if let failure = audit.sink.lastFailure {
            logger.error("the end of the audit log is missing", metadata: ["cause": "\(failure)"])
        }
        let store = state.store
        do {
            try Waiter.wait { try await store.keepAudit(heads) }
        } catch {
            logger.error(
                "how far the audit log has come was not kept", metadata: ["cause": "\(error)"])
        }
    }

    func run(path: String) throws -> Int32 {
        let control = try EventLoop(name: "control")
        let workers = try (0..<workerCount).map { try WorkerHandle(number: $0) }
        let share = WorkerShare(
            accessLog: configuration.log.access ? sink : nil, connections: ConnectionCounts(),
            workers: workers, observations: issuing.observations,
            issuers: issuing.issuers, audit: try audit(control))
        let parts = ControllerParts(
            path: path, snapshot: snapshot, state: state, issuing: issuing, workers: workers,
            share: share, listeners: listeners, health: health, control: controlSocket(),
            logger: logger, sink: sink, pool: pool)
        control.run { context in
            let controller = Controller(context: context, parts: parts)
            context.resident = controller
            controller.start()
        }
        closeAudit(share.audit)
        let store = state.store
        let observations = issuing.observations
        do {
            try Waiter.wait { try await observations.flush(to: store) }
        } catch {
            logger.error("observations could not be written", metadata: ["cause": "\(error)"])
        }
        try? Waiter.wait { await store.close() }
        _ = sink.close(withinMilliseconds: 2000)
        return 0
    }
}

extension LogDestination {
    fileprivate init(_ destination: LogOptions.Destination) {
        switch destination {
        case .standardOutput: self = .standardOutput
        case .standardError: self = .standardError
        case .file(let path): self = .file(path: path)
        }
    }
}

extension Logger.Level {
    fileprivate init(_ level: LogOptions.Level) {
        switch level {
        case .debug: self = .debug
        case .info: self = .info
        case .warning: self = .warning
        case .error: self = .error
        }
    }
}
