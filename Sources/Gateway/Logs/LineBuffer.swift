/// The lines of one event loop on their way to the sink; confined to that loop.
///
/// Lines are collected and handed over when there is enough of them for one write, or when the loop
/// says so: every 250 ms while the buffer is not empty, and before it ends.
package final class LineBuffer {
    private let sink: LogSink
    private var bytes: [UInt8] = []
    private var lineCount = 0

    /// The buffer is handed over when it holds this many bytes.
    package static let batchSize = 32 * 1024
    /// How often the loop should call ``flush()``, in milliseconds.
    package static let flushIntervalMilliseconds = 250

    /// A buffer that hands its lines to `sink`.
    package init(sink: LogSink) {
        self.sink = sink
    }

    /// Whether there is nothing to flush.
    package var isEmpty: Bool { lineCount == 0 }

    /// Appends the line that `write` appends, which ends in a line feed.
    @inline(__always)
    package func appendLine(_ write: (inout [UInt8]) -> Void) {
        beginLine()
        write(&bytes)
        endLine()
    }

    /// Appends the access log's line for `entry`, without a copy of it for a closure.
    func append(_ entry: consuming AccessLogEntry, by formatter: inout AccessLogFormatter) {
        beginLine()
        formatter.append(entry, to: &bytes)
        endLine()
    }

    @inline(__always)
    private func beginLine() {
        if bytes.capacity == 0 { bytes.reserveCapacity(Self.batchSize + Self.headroom) }
    }

    @inline(__always)
    private func endLine() {
        lineCount += 1
        if bytes.count >= Self.batchSize { flush() }
    }

    /// Hands over what there is.
    ///
    /// Returns at once: a sink that cannot keep up drops lines.
    package func flush() {
        guard !isEmpty else { return }
        var batch: [UInt8] = []
        swap(&batch, &bytes)
        sink.submit(batch, lineCount: lineCount)
        lineCount = 0
    }

    /// Room behind the batch size, so that the last line of a batch does not make it grow.
    private static let headroom = AccessLogFormatter.lineLimit
}
