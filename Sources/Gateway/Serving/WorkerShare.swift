import ResourceServer
import Storage
import Transport

/// What all workers share.
struct WorkerShare: Sendable {
    let accessLog: LogSink?
    let connections: ConnectionCounts
    let workers: [WorkerHandle]
    let observations: ObservationLedger
    let issuers: ForeignIssuers
    let endpointStreams = EndpointStreams()
    /// What the loops' audit logs share; nil where there is none.
    let audit: AuditShare?

    /// Refuses the tokens of these grants on every loop; returns when all of them know.
    ///
    /// `lifetime` is how long an access token lasts at the most, in seconds.
    func end(_ grants: [String], lifetime: Int64) async {
        guard !grants.isEmpty else { return }
        let expiresAt = Int64(Clock.wall / 1_000_000_000) + lifetime
        await end(grants.map { EndedGrant(id: $0, expiresAt: expiresAt) })
    }

    /// Refuses the tokens of these grants on every loop; returns when all of them know.
    func end(_ grants: [EndedGrant]) async {
        for worker in workers {
            await worker.loop.visit { ($0.resident as? Worker)?.end(grants) }
        }
    }
}
