import Glibc
import Storage
import Synchronization
import Transport

/// The one destination of the audit log, shared by all loops, which loses nothing that it took.
///
/// A thread of its own writes. What cannot be written waits and is tried again every second; loops
/// ask ``mustRefuse`` and ``hasRoom`` before they take on what must have a line.
final class AuditSink: Sendable {
    /// What happened to the log, told on the writer's thread.
    enum Report: Sendable {
        /// The chains have come so far on the disk.
        case written([AuditHead])
        /// The log cannot be written.
        case failed(AuditSinkFailure)
        /// It can again, and nothing that it took is missing.
        case recovered
        /// The file could not be opened again.
        case reopenFailed(AuditSinkFailure)
        /// What was written may not be on the disk.
        case syncFailed(AuditSinkFailure)
        /// Lines were given up at the end.
        case abandoned(lines: Int)
    }

    /// Who is told.
    typealias Reporter = @Sendable (Report) -> Void

    private let queue: AuditQueue
    private let writerEnded: OwnedDescriptor
    private let deniesOnFailure: Bool

    /// Bytes that may wait before what needs a line is refused, or has none.
    static let queueLimit = 4 << 20
    /// Bytes that may wait of what was under way when refusing began.
    static let reserveLimit = 4 * queueLimit

    /// Opens the destination and starts the writer.
    ///
    /// - Parameters:
    ///   - destination: where the lines go.
    ///   - deniesOnFailure: whether nothing may happen while lines cannot be written.
    ///   - checkpointInterval: how often it is told how far the log is on the disk, in nanoseconds.
    ///   - report: told what happens, on the writer's thread.
    /// - Throws: ``AuditSinkFailure`` if the destination cannot be opened or no thread be started.
    init(
        _ destination: AuditDestination, deniesOnFailure: Bool, checkpointInterval: UInt64,
        report: @escaping Reporter
    ) throws(AuditSinkFailure) {
        guard let bell = WriterBell(), let ended = OwnedDescriptor.pipe() else {
            throw AuditSinkFailure("make a pipe for its writer", code: errno)
        }
        self.deniesOnFailure = deniesOnFailure
        let queue = AuditQueue(bell: bell)
        self.queue = queue
        writerEnded = ended.readEnd
        let handover = AuditHandover(try AuditOutput(destination))
        let marker = ended.writeEnd
        do {
            try startThread(name: "audit") {
                guard let output = handover.take() else { return }
                AuditWriter(
                    output: output, queue: queue, checkpointInterval: checkpointInterval,
                    report: report, endMarker: marker
                ).run()
            }
        } catch {
            throw AuditSinkFailure("start its writer", code: error.code)
        }
    }

    deinit { queue.close() }

    /// Whether the last attempt to write failed.
    var isFailing: Bool { queue.isFailing }

    /// Whether what needs a line must be refused.
    var mustRefuse: Bool {
        deniesOnFailure && (queue.isFailing || queue.queuedBytes >= Self.queueLimit)
    }

    /// Whether another line can wait.
    var hasRoom: Bool {
        queue.queuedBytes < (deniesOnFailure ? Self.reserveLimit : Self.queueLimit)
    }

    /// Queues whole lines; returns at once.
    func submit(_ batch: AuditBatch) {
        precondition(batch.bytes.last == UInt8(ascii: "\n"), "a batch is whole lines")
        queue.append(batch)
    }

    /// Counts a line for which there was no room.
    func countLostLine() { queue.countLostLine() }

    /// Counts a request that was refused.
    func countRefusal() { queue.countRefusal() }

    /// Asks the writer to open its file again before the next batch, after the file was renamed.
    func reopen() { queue.requestReopen() }

    /// Takes no more and waits until what is queued is written, but not for ever.
    ///
    /// Blocks the calling thread; meant for the end of the process.
    ///
    /// - Returns: of each chain how far it is on the disk.
    func close(withinMilliseconds patience: Int) -> [AuditHead] {
        queue.close()
        // The writer holds the other end of this pipe as long as it lives.
        var request = pollfd(fd: writerEnded.number, events: 0, revents: 0)
        _ = unsafe poll(&request, 1, Int32(clamping: patience))
        return queue.heads
    }

    /// What happened so far.
    var statistics: AuditSinkStatistics { queue.statistics }

    /// The failure that goes on; nil while the log is written.
    var lastFailure: AuditSinkFailure? { queue.lastFailure }
}

/// Carries what was opened to the writer's thread.
private final class AuditHandover: Sendable {
    private let output: Mutex<AuditOutput?>

    init(_ output: consuming sending AuditOutput) {
        self.output = Mutex(output)
    }

    func take() -> AuditOutput? { output.withLock { $0.take() } }
}
