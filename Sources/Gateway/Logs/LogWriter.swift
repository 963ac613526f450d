internal import Glibc

/// The thread behind a sink: takes batches from the queue and writes them, until the queue is closed
/// and empty.
final class LogWriter {
    private var output: LogOutput
    private let queue: LogQueue
    /// Closed when the writer goes away, which is how the sink learns of it.
    private let endMarker: OwnedDescriptor
    private var timestamp = LogTimestamp()
    private var reportedDrops = 0

    /// The thread's stack, in bytes; the writer needs little.
    private static let stackSize = 256 * 1024

    init(
        output: consuming LogOutput, queue: LogQueue, endMarker: OwnedDescriptor
    ) {
        self.output = output
        self.queue = queue
        self.endMarker = endMarker
    }

    /// Starts the thread, which owns the writer from then on.
    func start() throws(LogSinkError) {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        defer { unsafe attributes.deallocate() }
        unsafe pthread_attr_init(attributes)
        defer { unsafe pthread_attr_destroy(attributes) }
        unsafe pthread_attr_setstacksize(attributes, Self.stackSize)
        unsafe pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))

        let writer = unsafe Unmanaged.passRetained(self)
        var thread = pthread_t()
        let code = unsafe pthread_create(&thread, attributes, Self.main, writer.toOpaque())
        guard code == 0 else {
            unsafe writer.release()
            throw .startFailed(code: code)
        }
    }

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? =
        { argument in
            guard let argument = unsafe argument else { return nil }
            // Signals are for the loops, and a reader that went away is an error of `write`.
            var signals = sigset_t()
            unsafe sigfillset(&signals)
            unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
            unsafe Unmanaged<LogWriter>.fromOpaque(argument).takeRetainedValue().run()
            return nil
        }

    private func run() {
        while true {
            let work = queue.take()
            if work.reopen { reopen() }
            guard !work.batches.isEmpty else {
                if work.closed { return }
                queue.wait()
                continue
            }
            var isWriting = false
            for batch in work.batches { isWriting = write(batch) }
            if isWriting { reportDrops() }
        }
    }

    private func reopen() {
        do {
            try output.reopen()
        } catch {
            queue.countFailedReopen()
        }
    }

    /// Writes one batch; false if it could not be written whole.
    private func write(_ batch: [UInt8]) -> Bool {
        let written = output.write(batch)
        let isWhole = written == batch.count
        queue.settle(batch, lostLines: Self.lineEnds(in: batch[written...]), failed: !isWhole)
        return isWhole
    }

    private static func lineEnds(in bytes: ArraySlice<UInt8>) -> Int {
        bytes.count { $0 == UInt8(ascii: "\n") }
    }

    /// Says in the log that lines are missing, once the log takes lines again.
    private func reportDrops() {
        let drops = queue.statistics.droppedLines
        guard drops > reportedDrops else { return }
        var line: [UInt8] = []
        LogEncoding.append("{\"time\":\"", to: &line)
        timestamp.append(timeMilliseconds: LogTimestamp.now(), to: &line)
        LogEncoding.append(
            "\",\"level\":\"warning\",\"message\":\"log lines were dropped\",\"fields\":{\"lines\":",
            to: &line)
        LogEncoding.append(drops - reportedDrops, to: &line)
        LogEncoding.append("}}\n", to: &line)
        if output.write(line) == line.count { reportedDrops = drops }
    }
}
