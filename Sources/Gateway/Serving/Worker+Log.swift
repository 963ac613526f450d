import HTTP
import MCP
import Proxy
import ResourceServer
import Transport

// Log and metrics.
extension Worker {
    /// Counts what was decided on a request, and keeps it with the exchange.
    func rule(_ exchange: Exchange, _ ruling: Ruling?, _ server: ServedServer) {
        guard let ruling else { return }
        exchange.notes.ruling = ruling
        metrics.count(ruling, server: server.metricsIndex)
    }

    func record(_ exchange: Exchange) {
        let now = Clock.monotonic
        let duration = Int((now - exchange.startedAt) / 1000)
        let server = exchange.notes.server
        if let failure = exchange.notes.failure { metrics.count(UpstreamErrorKind(failure.kind)) }
        metrics.countRequest(
            server: server?.metricsIndex ?? ServerLabels.none, outcome: exchange.notes.outcome,
            status: exchange.status, bytesIn: exchange.receivedBytes, bytesOut: exchange.sentBytes,
            durationMicroseconds: duration)
        let time = Int64(Clock.wall / 1_000_000)
        audit(exchange, latencyMicroseconds: duration, at: time)
        guard let accessLog, snapshot.logsAccess else { return }
        accessLog.record(entry(exchange, durationMicroseconds: duration, at: time))
        flushSoon(accessLog)
    }

    private func entry(
        _ exchange: Exchange, durationMicroseconds: Int, at time: Int64
    ) -> AccessLogEntry {
        var entry = AccessLogEntry(
            timeMilliseconds: time,
            requestID: exchange.notes.requestID ?? identifiers.next(),
            clientAddress: .string(exchange.peerHost),
            server: exchange.notes.server.map { .string($0.protected.name) },
            method: exchange.head.map { .string($0.method.name) },
            path: exchange.head.map { .bytes($0.pathBytes) },
            mcpMethod: exchange.notes.method.map { .string($0.name) },
            mcpTarget: exchange.notes.target.map { .bytes($0) },
            subject: (exchange.notes.token?.subject ?? exchange.notes.endpointSubject)
                .map { .string($0) },
            clientID: (exchange.notes.token?.clientID ?? exchange.notes.endpointClient)
                .map { .string($0) },
            reason: exchange.notes.reason.map { .string($0) })
        entry.decision = exchange.notes.outcome
        entry.status = exchange.status
        entry.upstreamStatus = exchange.notes.upstreamStatus
        entry.bytesIn = exchange.receivedBytes
        entry.bytesOut = exchange.sentBytes
        entry.durationMicroseconds = durationMicroseconds
        return entry
    }

    private func flushSoon(_ log: AccessLog) {
        guard logTimer == nil, !log.isEmpty else { return }
        let delay = UInt64(LineBuffer.flushIntervalMilliseconds) * 1_000_000
        logTimer = LoopTimer(context, after: delay) { [unowned self] in
            accessLog?.flush()
            logTimer = nil
        }
    }
}
