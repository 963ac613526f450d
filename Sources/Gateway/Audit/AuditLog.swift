import Storage

/// The audit log of one event loop: one line of JSON for each event, in blocks of a chain of its own;
/// confined to the loop.
///
/// Lines wait in the loop's memory for at most ``LineBuffer/flushIntervalMilliseconds``: what a
/// process that is killed had not handed over is not in the log.
final class AuditLog {
    private let sink: AuditSink
    private let keys: AuditKeys
    private var chain: AuditChain
    private var formatter: AuditFormatter
    private var bytes: [UInt8] = []
    private var lineCount = 0
    private var refusedCount = 0
    private var lostCount = 0
    /// Whether blocks were made since the last checkpoint.
    private var hasNews = false
    private var isClosed = false

    /// A log that writes a new chain to `sink`.
    init(sink: AuditSink, keys: AuditKeys) {
        self.sink = sink
        self.keys = keys
        chain = AuditChain(secret: keys.secret)
        formatter = AuditFormatter(chain: chain.id)
    }

    /// Whether there is nothing to flush.
    var isEmpty: Bool { lineCount == 0 && refusedCount == 0 && lostCount == 0 }

    /// Whether requests must be refused, since what is decided about them could not be written.
    var mustRefuse: Bool { sink.mustRefuse }

    /// Counts a request that was refused since the log cannot be written; it has no line.
    func countRefusal() {
        refusedCount += 1
        sink.countRefusal()
    }

    /// Appends the line for `entry`, or counts it where there is no room.
    func record(_ entry: borrowing AuditEntry) {
        guard sink.hasRoom else {
            lostCount += 1
            return sink.countLostLine()
        }
        append(entry)
        if bytes.count >= LineBuffer.batchSize { seal(at: entry.timeMilliseconds) }
    }

    private func append(_ entry: borrowing AuditEntry) {
        if bytes.capacity == 0 {
            bytes.reserveCapacity(LineBuffer.batchSize + AuditFormatter.lineLimit)
        }
        formatter.append(entry, sequence: chain.nextSequence(), to: &bytes)
        lineCount += 1
    }

    /// Hands over what there is, as a block; `now` is in Unix milliseconds.
    func flush(at now: Int64) {
        appendGap(at: now)
        seal(at: now)
    }

    /// What was missing is said once the log is written again.
    private func appendGap(at now: Int64) {
        guard refusedCount > 0 || lostCount > 0, !sink.isFailing, sink.hasRoom else { return }
        var entry = AuditEntry(timeMilliseconds: now, event: .gap)
        entry.refusedCount = refusedCount
        entry.lostCount = lostCount
        append(entry)
        refusedCount = 0
        lostCount = 0
    }

    private func seal(at now: Int64) {
        guard lineCount > 0 else { return }
        let head = chain.seal(&bytes, count: lineCount, timeMilliseconds: now)
        submit(head, lineCount: lineCount)
        hasNews = true
    }

    private func submit(_ head: AuditHead, lineCount: Int) {
        var batch: [UInt8] = []
        swap(&batch, &bytes)
        self.lineCount = 0
        sink.submit(AuditBatch(bytes: batch, lineCount: lineCount, head: head))
    }

    /// Signs how far the chain has come, if it has come further since the last time.
    ///
    /// - Throws: why it could not be signed.
    func checkpoint(at now: Int64) throws {
        flush(at: now)
        guard hasNews, !isClosed else { return }
        bytes += try checkpointLine(isClosed: false, at: now)
        _ = chain.nextSequence()
        lineCount = 1
        seal(at: now)
        hasNews = false
    }

    /// Ends the chain with a signed line; nothing may be recorded afterwards.
    ///
    /// - Throws: why it could not be signed.
    func close(at now: Int64) throws {
        guard !isClosed else { return }
        flush(at: now)
        isClosed = true
        guard chain.block > 0 else { return }
        bytes = try checkpointLine(isClosed: true, at: now)
        submit(chain.head(isClosed: true, timeMilliseconds: now), lineCount: 1)
    }

    private func checkpointLine(isClosed: Bool, at now: Int64) throws -> [UInt8] {
        try AuditCheckpoint.line(of: chain, isClosed: isClosed, at: now, keys: keys)
    }
}

extension AuditCheckpoint {
    /// The signed line of a chain at a time in Unix milliseconds; all lines of the chain are in
    /// blocks.
    ///
    /// - Throws: why it could not be signed.
    static func line(
        of chain: AuditChain, isClosed: Bool, at now: Int64, keys: AuditKeys
    ) throws -> [UInt8] {
        var time: [UInt8] = []
        var timestamp = LogTimestamp()
        timestamp.append(timeMilliseconds: now, to: &time)
        let checkpoint = AuditCheckpoint(
            chain: chain.id, block: chain.block, sequence: chain.sequence, code: chain.code,
            time: String(decoding: time, as: UTF8.self), isClosed: isClosed)
        return checkpoint.line(
            signature: try checkpoint.signed(by: keys.signingKey, keyID: keys.signingKeyID))
    }
}
