import Logging
import Storage
import Transport

/// How long heads of the audit log's chains are remembered, in seconds: 400 days.
let auditHeadRetention: Int64 = 400 * 86_400

extension Controller {
    /// Begins the control loop's chain, which says when the gateway began to write, and when it opened
    /// the file again; so a log without any line is not as the gateway left it.
    func startAudit() {
        guard let audit = parts.audit else { return }
        auditLog = AuditLog(sink: audit.sink, keys: audit.keys)
        record(.started)
        auditTimers.checkpoint = LoopTimer(context, every: audit.checkpointInterval) {
            [unowned self] in
            do {
                try auditLog?.checkpoint(at: Self.now)
            } catch {
                parts.logger.error(
                    "a checkpoint of the audit log was not signed", metadata: ["cause": "\(error)"])
            }
        }
    }

    /// Opens the log's file again; the first line of the new file says so.
    func reopenAudit() {
        guard let audit = parts.audit else { return }
        auditLog?.flush(at: Self.now)
        audit.sink.reopen()
        record(.reopened)
    }

    private func record(_ event: AuditEventKind) {
        auditLog?.record(AuditEntry(timeMilliseconds: Self.now, event: event))
        auditLog?.flush(at: Self.now)
    }

    /// Writes the line of a command that the gateway's own user gave; false where it must not be
    /// carried out, since the log cannot be written.
    func audit(_ event: AdministratorEvent) -> Bool {
        guard let auditLog else { return true }
        if event.isRequest, auditLog.mustRefuse { return false }
        auditLog.record(event.entry(at: Self.now))
        auditLog.flush(at: Self.now)
        return true
    }

    /// Ends the control loop's chain.
    func closeAudit() {
        auditTimers = AuditTimers()
        try? auditLog?.close(at: Self.now)
        auditLog = nil
    }

    private static var now: Int64 { Int64(Clock.wall / 1_000_000) }

    // MARK: What the writer tells

    /// What the writer of the audit log tells.
    func noteAudit(_ report: AuditSink.Report) {
        let logger = parts.logger
        switch report {
        case .written(let heads): keep(heads)
        case .failed(let failure):
            logger.error("the audit log cannot be written", metadata: ["cause": "\(failure)"])
        case .recovered: logger.warning("the audit log can be written again")
        case .reopenFailed(let failure):
            logger.error(
                "the audit log's file was not opened again; the one before stays in use",
                metadata: ["cause": "\(failure)"])
        case .syncFailed(let failure):
            logger.error("the audit log may not be on the disk", metadata: ["cause": "\(failure)"])
        case .abandoned(let lines):
            logger.error("lines of the audit log were given up", metadata: ["lines": "\(lines)"])
        }
    }

    private func keep(_ heads: [AuditHead]) {
        let (store, logger) = (parts.state.store, parts.logger)
        let keeping: @Sendable () async -> Void = {
            do {
                try await store.keepAudit(heads)
            } catch {
                logger.error(
                    "how far the audit log has come was not kept", metadata: ["cause": "\(error)"])
            }
        }
        Task(executorPreference: context.loop, operation: keeping)
    }
}

extension AuditStore {
    /// Keeps heads, and forgets those that are older than any log is looked at.
    func keepAudit(_ heads: [AuditHead]) async throws(StoreError) {
        let now = Int64(Clock.wall / 1_000_000_000)
        try await keep(heads, forgettingBefore: now - auditHeadRetention)
    }
}
