/// What a sink has done since it was made.
package struct LogSinkStatistics: Sendable, Equatable {
    /// Lines that were lost because the sink was slow, full, failing or closed.
    package var droppedLines = 0
    /// Writes that failed, for example because the disk is full.
    package var failedWrites = 0
    /// Requests to open the file again that failed; the old file stayed in use.
    package var failedReopens = 0
    /// Bytes that wait to be written.
    package var queuedBytes = 0

    /// Nothing has happened.
    package init() {}
}
