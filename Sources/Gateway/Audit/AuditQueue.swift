import Storage
import Synchronization

/// The queue between the loops and the writer of the audit log.
final class AuditQueue: Sendable {
    private let state = Mutex(State())
    /// Read by every loop for each request, without a lock.
    private let failing = Atomic(false)
    private let waitingBytes = Atomic(0)
    private let bell: WriterBell

    private struct State {
        var batches: [AuditBatch] = []
        var mustReopen = false
        var isClosed = false
        var statistics = AuditSinkStatistics()
        var lastFailure: AuditSinkFailure?
        var heads: [String: AuditHead] = [:]
    }

    /// What the writer shall do next.
    struct Work {
        var batches: [AuditBatch]
        var mustReopen: Bool
        var isClosed: Bool
    }

    init(bell: WriterBell) { self.bell = bell }

    /// Whether the last attempt to write failed.
    var isFailing: Bool { failing.load(ordering: .relaxed) }

    /// Bytes that wait to be written.
    var queuedBytes: Int { waitingBytes.load(ordering: .relaxed) }

    var statistics: AuditSinkStatistics {
        var statistics = state.withLock { $0.statistics }
        statistics.isFailing = isFailing
        return statistics
    }

    /// The failure that goes on; nil while the log is written.
    var lastFailure: AuditSinkFailure? { state.withLock { $0.lastFailure } }

    /// Of each chain how far it is known to be on the disk.
    var heads: [AuditHead] { state.withLock { Array($0.heads.values) } }

    func append(_ batch: AuditBatch) {
        waitingBytes.add(batch.bytes.count, ordering: .relaxed)
        change { $0.batches.append(batch) }
    }

    func requestReopen() { change { $0.mustReopen = true } }

    func close() { change { $0.isClosed = true } }

    func countLostLine() { state.withLock { $0.statistics.lostLines += 1 } }

    func countRefusal() { state.withLock { $0.statistics.refusals += 1 } }

    /// Waits until there is something to take, or for so many milliseconds.
    func wait(atMost milliseconds: Int) { bell.wait(atMost: milliseconds) }

    /// Everything that is queued.
    func take() -> Work {
        bell.clear()
        return state.withLock { state in
            defer {
                state.batches = []
                state.mustReopen = false
            }
            return Work(
                batches: state.batches, mustReopen: state.mustReopen, isClosed: state.isClosed)
        }
    }

    /// The writer has written a batch.
    func settle(_ batch: AuditBatch) {
        waitingBytes.subtract(batch.bytes.count, ordering: .relaxed)
        failing.store(false, ordering: .relaxed)
        state.withLock { state in
            state.statistics.lines += batch.lineCount
            state.statistics.blocks += 1
            state.lastFailure = nil
        }
    }

    /// The writer could not write.
    func fail(_ failure: AuditSinkFailure) {
        failing.store(true, ordering: .relaxed)
        state.withLock { state in
            state.statistics.failedWrites += 1
            state.lastFailure = failure
        }
    }

    /// The file could not be opened again.
    func failReopen(_ failure: AuditSinkFailure) {
        state.withLock { $0.statistics.failedReopens += 1 }
    }

    /// What was written as far as these heads is on the disk.
    func publish(_ heads: [AuditHead]) {
        state.withLock { state in for head in heads { state.heads[head.chain] = head } }
    }

    /// Changes the state and wakes the writer.
    private func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
        bell.ring()
    }
}
