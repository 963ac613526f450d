/// Where log lines go.
package enum LogDestination: Sendable, Equatable {
    /// File descriptor 1.
    case standardOutput
    /// File descriptor 2.
    case standardError
    /// A file, made with mode 0640 if it is missing and always appended to.
    case file(path: String)
    /// A descriptor of the caller's, which stays open as long as the sink and is not closed by it.
    case descriptor(Int32)
}
