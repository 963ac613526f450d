internal import Glibc

/// The one destination of a log, shared by all loops: whole lines go in, whole lines come out.
///
/// A thread of the sink's own does the writing, one `write` for each batch. The queue in front of it
/// is bounded: what does not fit is dropped and counted, so that neither a full disk nor a reader
/// that sleeps can hold up a loop. When lines were lost, the log says so as soon as it can.
package final class LogSink: Sendable {
    private let queue: LogQueue
    private let writerEnded: OwnedDescriptor

    /// Bytes that may wait to be written.
    package static let queueLimit = 4 * 1024 * 1024

    /// Opens the destination and starts the writer.
    ///
    /// - Parameters:
    ///   - destination: Where the lines go.
    ///   - queueLimit: Bytes that may wait to be written.
    /// - Throws: `LogSinkError` if the file cannot be opened or no thread be started.
    package init(
        _ destination: LogDestination, queueLimit: Int = LogSink.queueLimit
    ) throws(LogSinkError) {
        guard let bell = WriterBell(), let ended = OwnedDescriptor.pipe() else {
            throw .startFailed(code: errno)
        }
        queue = LogQueue(limit: queueLimit, bell: bell)
        writerEnded = ended.readEnd
        let writer = LogWriter(
            output: try LogOutput(destination), queue: queue, endMarker: ended.writeEnd)
        try writer.start()
    }

    deinit {
        queue.close()
    }

    /// Queues whole lines; returns at once.
    ///
    /// - Parameters:
    ///   - batch: One or more lines, each ending in a line feed.
    ///   - lineCount: How many they are.
    /// - Returns: False if the queue was full or closed and the lines were dropped.
    @discardableResult
    package func submit(_ batch: [UInt8], lineCount: Int) -> Bool {
        precondition(batch.last == UInt8(ascii: "\n"), "a batch of log lines is whole lines")
        return queue.append(batch, lineCount: lineCount)
    }

    /// Asks the writer to open its file again before the next batch, after the file was renamed.
    package func reopen() {
        queue.requestReopen()
    }

    /// Takes no more lines and waits until the queued ones are written, but not for ever.
    ///
    /// Blocks the calling thread; meant for the end of the process.
    ///
    /// - Returns: Whether everything was written, or failed, in time.
    @discardableResult
    package func close(withinMilliseconds patience: Int) -> Bool {
        queue.close()
        // The writer holds the other end of this pipe as long as it lives.
        var request = pollfd(fd: writerEnded.number, events: 0, revents: 0)
        return unsafe poll(&request, 1, Int32(clamping: patience)) == 1
    }

    /// What happened so far.
    package var statistics: LogSinkStatistics { queue.statistics }
}
