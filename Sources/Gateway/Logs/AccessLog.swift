/// The access log of one event loop: one line of JSON for each request; confined to the loop.
package final class AccessLog {
    private let lines: LineBuffer
    private var formatter = AccessLogFormatter()

    /// An access log that writes to `sink`.
    package init(sink: LogSink) {
        lines = LineBuffer(sink: sink)
    }

    /// Whether there is nothing to flush.
    package var isEmpty: Bool { lines.isEmpty }

    /// Appends the line for `entry`.
    package func record(_ entry: consuming AccessLogEntry) {
        lines.append(entry, by: &formatter)
    }

    /// Hands collected lines to the sink; to be called every
    /// ``LineBuffer/flushIntervalMilliseconds`` and before the loop ends.
    package func flush() {
        lines.flush()
    }
}
