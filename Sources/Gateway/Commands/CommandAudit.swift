import AuthorizationServer
import Configuration
import Storage
import Transport

/// The audit lines of a command: one before it acts, one after.
///
/// To a file or the system's log they are a small chain of the command's own. Where the log is the
/// gateway's standard output the running gateway writes them; where none runs, standard error gets
/// them.
final class CommandAudit {
    private enum Place {
        case own(AuditDestination, isKept: Bool)
        case gateway(StateOptions)
    }

    private let place: Place
    private let denies: Bool
    private let store: any Store
    private let keys: AuditKeys
    private var chain: AuditChain
    private var formatter: AuditFormatter

    /// Does what a command is for, and has it in the audit log: first that it is about to happen, then
    /// what came of it.
    ///
    /// - Parameters:
    ///   - event: what is about to happen; `work` may add what is known only then.
    ///   - configuration: where the log is, and whether nothing may happen without it.
    ///   - store: where the log's keys are.
    ///   - pool: where keys are made.
    ///   - work: acts; what it throws is in the log.
    /// - Returns: what `work` returns.
    /// - Throws: what `work` throws, or why the line cannot be written where nothing may happen then.
    static func perform<Value: Sendable>(
        _ event: AdministratorEvent, _ configuration: GatewayConfiguration, _ store: any Store,
        _ pool: BlockingPool,
        _ work: (inout AdministratorEvent) async throws -> Value
    ) async throws -> Value {
        var event = event
        guard let options = configuration.audit else { return try await work(&event) }
        let atRest = try GatewayState.keysAtRest(configuration)
        let keys = try await AuditKeys.load(from: store, atRest, pool: pool)
        let audit = CommandAudit(options, configuration.state, store, keys)
        try await audit.write(event, isLast: false)
        do {
            let value = try await work(&event)
            if event.stage == .requested { event.stage = .done }
            await audit.writeOrWarn(event)
            return value
        } catch {
            event.stage = .failed
            event.reason = "\(error)"
            await audit.writeOrWarn(event)
            throw error
        }
    }

    private init(
        _ options: AuditOptions, _ state: StateOptions, _ store: any Store, _ keys: AuditKeys
    ) {
        denies = options.onFailure == .deny
        place =
            switch options.destination {
            case .standardOutput: .gateway(state)
            case .file, .syslog: .own(AuditDestination(options.destination), isKept: true)
            }
        self.store = store
        self.keys = keys
        chain = AuditChain(secret: keys.secret)
        formatter = AuditFormatter(chain: chain.id)
    }

    private func write(_ event: AdministratorEvent, isLast: Bool) async throws {
        do {
            switch place {
            case .own(let destination, let isKept):
                try await append(event, to: destination, isKept: isKept, isLast: isLast)
            case .gateway(let state):
                switch ControlSocket.tell(state, of: event) {
                case .told: return
                case .notRunning:
                    try await append(
                        event, to: .descriptor(2), isKept: false, isLast: isLast)
                case .failed(let reason): throw StartFailure(reason: reason)
                }
            }
        } catch  where !denies {
            StandardError.write("gatehouse: this is missing from the audit log: \(error)")
        }
    }

    /// What has happened cannot be prevented.
    private func writeOrWarn(_ event: AdministratorEvent) async {
        do {
            try await write(event, isLast: true)
        } catch {
            StandardError.write(
                "gatehouse: what came of it is missing from the audit log: \(error)")
        }
    }

    private func append(
        _ event: AdministratorEvent, to destination: AuditDestination, isKept: Bool, isLast: Bool
    ) async throws {
        let now = Int64(Clock.wall / 1_000_000)
        var next = chain
        var bytes: [UInt8] = []
        formatter.append(
            event.entry(at: now), sequence: next.nextSequence(), to: &bytes)
        var head = next.seal(&bytes, count: 1, timeMilliseconds: now)
        if isLast {
            bytes += try AuditCheckpoint.line(of: next, isClosed: true, at: now, keys: keys)
            head = next.head(isClosed: true, timeMilliseconds: now)
        }
        var output = try AuditOutput(destination)
        var offset = 0
        try output.write(bytes, from: &offset)
        try output.sync()
        // Only now: a line that was not written is none of the chain.
        chain = next
        if isKept { try await store.keepAudit([head]) }
    }
}
