import AuthorizationServer
import HTTP
import Logging
import MCP
import OAuth
import Proxy
import ResourceServer
import Transport

// MARK: The audit log

extension Worker {
    /// Whether what needs a line must be refused, since the audit log cannot be written; counts it.
    func mustRefuseUnaudited() -> Bool {
        guard let auditLog, auditLog.mustRefuse else { return false }
        auditLog.countRefusal()
        flushAuditSoon()
        return true
    }

    /// Answers a request that would not be in the audit log.
    func refuseUnaudited(
        _ exchange: Exchange, _ request: borrowing AuthorizedRequest, _ server: ServedServer
    ) {
        let reason = "the audit log cannot be written"
        exchange.notes.outcome = .refused
        exchange.notes.reason = reason
        exchange.notes.isUnaudited = true
        rule(exchange, Ruling(.overloaded), server)
        exchange.answer(
            .jsonRPC(
                GatewayError.unavailable(reason: reason).answer(for: request.revision.era),
                id: request.id, fields: [Refusal.Field(name: "Retry-After", value: "1")],
                reason: reason))
    }

    // MARK: Lines

    /// Writes the line of a request to a server that is over.
    func audit(_ exchange: Exchange, latencyMicroseconds: Int) {
        guard let auditLog, exchange.notes.ruling != nil, !exchange.notes.isUnaudited else {
            return
        }
        let event = exchange.notes.isStream ? AuditEventKind.streamEnded : .decision
        var entry = entry(event, exchange)
        entry.reason = exchange.notes.reason.map { .string($0) }
        entry.status = exchange.status
        entry.upstreamStatus = exchange.notes.upstreamStatus
        entry.latencyMicroseconds = latencyMicroseconds
        auditLog.record(entry)
        flushAuditSoon()
    }

    /// Writes the line of a standing stream that begins; another one follows at its end.
    func auditBegin(of exchange: Exchange) {
        guard let auditLog else { return }
        auditLog.record(entry(.decision, exchange))
        flushAuditSoon()
    }

    private func entry(_ event: AuditEventKind, _ exchange: Exchange) -> AuditEntry {
        var entry = AuditEntry(timeMilliseconds: Int64(Clock.wall / 1_000_000), event: event)
        entry.requestID = exchange.notes.requestID
        entry.clientAddress = .string(exchange.peerHost)
        if let token = exchange.notes.token {
            entry.issuer = .string(token.issuer)
            entry.subject = .string(token.subject)
            entry.clientID = .string(token.clientID)
            entry.grantID = token.grantID.map { .string($0) }
        }
        entry.server = exchange.notes.server.map { .string($0.protected.name) }
        entry.method =
            exchange.notes.method.map { .string($0.name) }
            ?? exchange.head.map { .string($0.method.name) }
        entry.target = exchange.notes.target.map { .bytes($0) }
        if let ruling = exchange.notes.ruling {
            entry.decision = ruling.kind.label
            entry.rule = ruling.rule.map { .string($0.name) }
            entry.scope = (ruling.neededScope ?? ruling.rule?.scope).map { .string($0.text) }
            let now = entry.timeMilliseconds / 1000
            entry.isObserved =
                ruling.isObserved
                || exchange.notes.server?.protected.observation?.isOpen(at: now) ?? false
        }
        return entry
    }

    /// Writes the lines of what an endpoint did.
    func audit(_ response: EndpointResponse, _ exchange: Exchange) {
        guard let auditLog, !response.events.isEmpty else { return }
        let latency = Int((Clock.monotonic - exchange.startedAt) / 1000)
        for event in response.events {
            var entry = AuditEntry(event, at: Int64(Clock.wall / 1_000_000))
            entry.requestID = exchange.notes.requestID
            entry.clientAddress = .string(exchange.peerHost)
            entry.subject = entry.subject ?? response.subject.map { .string($0) }
            entry.clientID = response.clientID.map { .string($0) }
            entry.reason = response.reason.map { .string($0) }
            entry.status = response.status
            entry.latencyMicroseconds = latency
            auditLog.record(entry)
        }
        flushAuditSoon()
    }

    // MARK: Timers

    private func flushAuditSoon() {
        guard auditTimers.flush == nil, let auditLog, !auditLog.isEmpty else { return }
        let delay = UInt64(LineBuffer.flushIntervalMilliseconds) * 1_000_000
        auditTimers.flush = LoopTimer(context, after: delay) { [unowned self] in
            auditLog.flush(at: Int64(Clock.wall / 1_000_000))
            auditTimers.flush = nil
            flushAuditSoon()
        }
    }

    /// Signs how far the chain has come, at every checkpoint.
    func signAuditNowAndThen() {
        guard let auditLog, let share = share.audit else { return }
        auditTimers.checkpoint = LoopTimer(context, every: share.checkpointInterval) {
            do {
                try auditLog.checkpoint(at: Int64(Clock.wall / 1_000_000))
            } catch {
                share.logger.error(
                    "a checkpoint of the audit log was not signed", metadata: ["cause": "\(error)"])
            }
        }
    }

    /// Ends the loop's chain.
    func closeAudit() {
        auditTimers = AuditTimers()
        guard let auditLog, let share = share.audit else { return }
        do {
            try auditLog.close(at: Int64(Clock.wall / 1_000_000))
        } catch {
            share.logger.error(
                "the end of the audit log was not signed", metadata: ["cause": "\(error)"])
        }
    }
}
