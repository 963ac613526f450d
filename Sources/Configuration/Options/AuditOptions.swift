/// The audit log: where its lines go, and what happens while they cannot be written.
package struct AuditOptions: Sendable, Equatable {
    /// Where lines go.
    package enum Destination: Sendable, Equatable {
        /// Descriptor 1.
        case standardOutput
        /// The socket of the system's log.
        case syslog(socket: String)
        /// The end of a file.
        case file(String)
    }

    /// What happens while lines cannot be written.
    package enum FailurePolicy: String, Sendable, CaseIterable {
        /// Nothing is forwarded or issued.
        case deny
        /// Everything goes on; lines that do not fit are counted.
        case `continue`
    }

    /// Where lines go.
    package var destination: Destination
    /// What happens while they cannot be written.
    package var onFailure: FailurePolicy
    /// How often the heads of the log are signed and kept.
    package var checkpointInterval: Duration
}
