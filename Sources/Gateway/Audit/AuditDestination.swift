import Configuration

/// Where the audit log goes.
enum AuditDestination: Sendable, Equatable {
    /// A file, made with mode 0640 if it is missing and always appended to.
    case file(path: String)
    /// A descriptor of the caller's, such as standard output, which is not closed.
    case descriptor(Int32)
    /// A socket that takes one message for each line, as the system's log does.
    case syslog(socket: String)

    /// Where the configuration says.
    init(_ destination: AuditOptions.Destination) {
        switch destination {
        case .standardOutput: self = .descriptor(1)
        case .syslog(let socket): self = .syslog(socket: socket)
        case .file(let path): self = .file(path: path)
        }
    }
}
