import Configuration
import Logging
import Transport

/// What the audit logs of all loops share.
struct AuditShare: Sendable {
    let sink: AuditSink
    let keys: AuditKeys
    /// How often each chain is signed, in nanoseconds.
    let checkpointInterval: UInt64
    let logger: Logger
}

/// The timers of one loop's audit log.
struct AuditTimers {
    /// Hands over what was collected.
    var flush: LoopTimer?
    /// Signs how far the chain has come.
    var checkpoint: LoopTimer?
}
