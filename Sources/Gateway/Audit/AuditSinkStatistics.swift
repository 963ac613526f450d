/// What the sink of the audit log has done since it was made.
package struct AuditSinkStatistics: Sendable, Equatable {
    /// Lines of events that were written.
    package var lines = 0
    /// Blocks that were written.
    package var blocks = 0
    /// Lines that were lost, since the log could not be written and no more could wait.
    package var lostLines = 0
    /// Requests that were refused, since the log could not be written.
    package var refusals = 0
    /// Whether the log cannot be written at the moment.
    package var isFailing = false
    /// Attempts to write that failed.
    package var failedWrites = 0
    /// Requests to open the file again that failed; the old file stayed in use.
    package var failedReopens = 0

    /// Nothing has happened.
    package init() {}
}
