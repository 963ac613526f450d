internal import Synchronization

/// The bounded queue between the loops and the writer of one sink.
final class LogQueue: Sendable {
    private let state = Mutex(State())
    private let limit: Int
    private let bell: WriterBell

    /// What a queued batch costs beside its bytes.
    static let batchOverhead = 64

    private struct State {
        var batches: [[UInt8]] = []
        var reopenRequested = false
        var closed = false
        var statistics = LogSinkStatistics()
    }

    /// What the writer shall do next.
    struct Work {
        var batches: [[UInt8]]
        var reopen: Bool
        var closed: Bool
    }

    init(limit: Int, bell: WriterBell) {
        self.limit = limit
        self.bell = bell
    }

    var statistics: LogSinkStatistics { state.withLock { $0.statistics } }

    func append(_ batch: [UInt8], lineCount: Int) -> Bool {
        let cost = Self.cost(of: batch)
        return change { state in
            guard !state.closed, state.statistics.queuedBytes + cost <= limit else {
                state.statistics.droppedLines += lineCount
                return false
            }
            state.batches.append(batch)
            state.statistics.queuedBytes += cost
            return true
        }
    }

    func requestReopen() {
        change { $0.reopenRequested = true }
    }

    func close() {
        change { $0.closed = true }
    }

    /// Waits until there is something to take.
    func wait() { bell.wait() }

    /// Everything that is queued.
    ///
    /// It counts against the limit until it is reported as settled.
    func take() -> Work {
        bell.clear()
        return state.withLock { state in
            defer {
                state.batches = []
                state.reopenRequested = false
            }
            return Work(
                batches: state.batches, reopen: state.reopenRequested, closed: state.closed)
        }
    }

    /// The writer is done with `batch`; `lostLines` of it were not written.
    func settle(_ batch: [UInt8], lostLines: Int, failed: Bool) {
        state.withLock { state in
            state.statistics.queuedBytes -= Self.cost(of: batch)
            state.statistics.droppedLines += lostLines
            if failed { state.statistics.failedWrites += 1 }
        }
    }

    func countFailedReopen() {
        state.withLock { $0.statistics.failedReopens += 1 }
    }

    private static func cost(of batch: [UInt8]) -> Int {
        batch.count + batchOverhead
    }

    /// Changes the state and wakes the writer.
    private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let result = state.withLock { body(&$0) }
        bell.ring()
        return result
    }
}
