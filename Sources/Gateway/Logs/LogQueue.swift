internal import Glibc
internal import Synchronization

/// The bounded queue between the loops and the writer of one sink.
final class LogQueue: Sendable {
    private let state = Mutex(State())
    private let limit: Int
    /// Both ends, so that a signal after the writer's end has a reader.
    private let wakeup: (readEnd: OwnedDescriptor, writeEnd: OwnedDescriptor)

    /// What a queued batch costs beside its bytes.
    static let batchOverhead = 64

    private struct State {
        var batches: [[UInt8]] = []
        var reopenRequested = false
        var closed = false
        /// Whether the writer was told that there is something to do and has not looked yet.
        var signalled = false
        var statistics = LogSinkStatistics()
    }

    /// What the writer shall do next.
    struct Work {
        var batches: [[UInt8]]
        var reopen: Bool
        var closed: Bool
    }

    init(limit: Int, wakeup: (readEnd: OwnedDescriptor, writeEnd: OwnedDescriptor)) {
        self.limit = limit
        self.wakeup = wakeup
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
    func wait() {
        var request = pollfd(fd: wakeup.readEnd.number, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&request, 1, -1)
        var byte: UInt8 = 0
        _ = unsafe read(wakeup.readEnd.number, &byte, 1)
    }

    /// Everything that is queued.
    ///
    /// It counts against the limit until it is reported as settled.
    func take() -> Work {
        state.withLock { state in
            defer {
                state.batches = []
                state.reopenRequested = false
                state.signalled = false
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

    /// Changes the state and wakes the writer unless it has been told already.
    private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, isNews) = state.withLock { state in
            let result = body(&state)
            let isNews = !state.signalled
            state.signalled = true
            return (result, isNews)
        }
        if isNews {
            // The pipe does not block; if it is full, the writer is about to wake anyway.
            var byte: UInt8 = 0
            _ = unsafe write(wakeup.writeEnd.number, &byte, 1)
        }
        return result
    }
}
