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

    /// Writes the line of a request to a server that is over; `now` in Unix milliseconds.
    func audit(_ exchange: Exchange, latencyMicroseconds: Int, at now: Int64) {
        guard let auditLog, exchange.notes.ruling != nil, !exchange.notes.isUnaudited else {
            return
        }
        let event = exchange.notes.isStream ? AuditEventKind.streamEnded : .decision
        var entry = entry(event, exchange, at: now)
        entry.reason = exchange.notes.reason
        entry.status = exchange.status
        entry.upstreamStatus = exchange.notes.upstreamStatus
        entry.latencyMicroseconds = latencyMicroseconds
        auditLog.record(entry)
        flushAuditSoon()
    }

    /// Writes the line of a standing stream that begins; another one follows at its end.
    func auditBegin(of exchange: Exchange) {
        guard let auditLog else { return }
        auditLog.record(entry(.decision, exchange, at: Int64(Clock.wall / 1_000_000)))
        flushAuditSoon()
    }

    @inline(__always)
    private func entry(
        _ event: AuditEventKind, _ exchange: Exchange, at now: Int64
    ) -> AuditEntry {
        var entry = AuditEntry(timeMilliseconds: now, event: event)
        entry.requestID = exchange.notes.requestID
        entry.clientAddress = exchange.peerHost
        if let token = exchange.notes.token {
            entry.principal = token.principalText
            entry.grantID = token.grantID
        }
        entry.server = exchange.notes.server?.protected.name
        entry.method = exchange.notes.method?.name ?? exchange.head?.method.name
        entry.target = exchange.notes.target.map { .bytes($0) }
        if let ruling = exchange.notes.ruling {
            entry.decision = ruling.kind.label
            entry.rule = ruling.rule?.name
            entry.scope = (ruling.neededScope ?? ruling.rule?.scope)?.text
            entry.isObserved =
                ruling.isObserved
                || exchange.notes.server?.protected.observation?.isOpen(at: now / 1000) ?? false
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
            entry.clientAddress = exchange.peerHost
            entry.subject = entry.subject ?? response.subject
            entry.clientID = response.clientID
            entry.reason = response.reason
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
