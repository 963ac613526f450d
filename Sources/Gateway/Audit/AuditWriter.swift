import Storage
import Transport

/// The thread behind the audit log: writes batches in their order, tries again what failed, and says
/// how far the log is on the disk.
final class AuditWriter {
    private var output: AuditOutput
    private let queue: AuditQueue
    private let report: AuditSink.Reporter
    private let checkpointInterval: UInt64
    /// Closed when the writer goes away, which is how the sink learns of it.
    private let endMarker: OwnedDescriptor
    private var batches: [AuditBatch] = []
    private var next = 0
    private var offset = 0
    private var isFailing = false
    private var retryAt: UInt64 = 0
    /// Heads that were written and are not known to be on the disk.
    private var unsynced: [String: AuditHead] = [:]
    private var syncAt: UInt64 = 0

    /// How long after a failure the next attempt is made, in nanoseconds.
    static let retryInterval: UInt64 = 1_000_000_000
    /// How long the writer sleeps at most when nothing happens, in milliseconds.
    private static let longestSleep = 60_000

    init(
        output: consuming AuditOutput, queue: AuditQueue, checkpointInterval: UInt64,
        report: @escaping AuditSink.Reporter, endMarker: OwnedDescriptor
    ) {
        self.output = output
        self.queue = queue
        self.checkpointInterval = checkpointInterval
        self.report = report
        self.endMarker = endMarker
    }

    func run() {
        while true {
            let work = queue.take()
            if next == batches.count {
                batches = work.batches
                next = 0
            } else {
                batches += work.batches
            }
            if work.mustReopen { reopen() }
            if !isFailing || Clock.monotonic >= retryAt || work.isClosed { writeAll() }
            if work.isClosed { return end() }
            syncIfDue()
            queue.wait(atMost: sleep)
        }
    }

    private var sleep: Int {
        let now = Clock.monotonic
        var until = unsynced.isEmpty ? UInt64.max : syncAt
        if isFailing { until = min(until, retryAt) }
        guard until > now else { return 0 }
        return min(Int(min(until - now, 1 << 60) / 1_000_000) + 1, Self.longestSleep)
    }

    private func reopen() {
        // What is in the old file is on the disk before it is left.
        sync()
        do throws(AuditSinkFailure) {
            try output.reopen()
            // A file on another disk may take what the old one did not.
            retryAt = 0
        } catch {
            queue.failReopen(error)
            report(.reopenFailed(error))
        }
    }

    private func writeAll() {
        while next < batches.count {
            let batch = batches[next]
            do throws(AuditSinkFailure) {
                try output.write(batch.bytes, from: &offset)
            } catch {
                return fail(error)
            }
            offset = 0
            next += 1
            settle(batch)
        }
        batches = []
        next = 0
    }

    private func settle(_ batch: AuditBatch) {
        queue.settle(batch)
        if isFailing {
            isFailing = false
            report(.recovered)
        }
        if unsynced.isEmpty { syncAt = Clock.monotonic + checkpointInterval }
        unsynced[batch.head.chain] = batch.head
    }

    private func fail(_ failure: AuditSinkFailure) {
        queue.fail(failure)
        if !isFailing { report(.failed(failure)) }
        isFailing = true
        retryAt = Clock.monotonic + Self.retryInterval
    }

    private func syncIfDue() {
        guard !unsynced.isEmpty, Clock.monotonic >= syncAt else { return }
        sync()
    }

    private func sync() {
        guard !unsynced.isEmpty else { return }
        do throws(AuditSinkFailure) {
            try output.sync()
        } catch {
            syncAt = Clock.monotonic + Self.retryInterval
            return report(.syncFailed(error))
        }
        let now = Int64(Clock.wall / 1_000_000_000)
        let heads = unsynced.values.map { head in
            var head = head
            head.writtenAt = now
            return head
        }
        unsynced = [:]
        queue.publish(heads)
        report(.written(heads))
    }

    private func end() {
        sync()
        let left = batches[next...].reduce(0) { $0 + $1.lineCount }
        if left > 0 { report(.abandoned(lines: left)) }
    }
}
