/// One thing that is wrong, or doubtful, in a configuration file.
package struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
    /// Whether the file can still be used.
    package enum Severity: Sendable, Hashable {
        /// The file is refused.
        case error
        /// The file is used, but probably does not do what was meant.
        case warning
    }

    /// Whether the file can still be used.
    package var severity: Severity
    /// The file as it was named on the command line.
    package var file: String
    /// Where it stands; nil when it concerns the file as a whole, which could not be read.
    package var position: SourcePosition?
    /// What was found and what was expected.
    ///
    /// Never holds a secret or the value of an environment variable.
    package var message: String

    /// A finding at a place of a file.
    package init(
        _ severity: Severity, file: String, position: SourcePosition?, message: String
    ) {
        self.severity = severity
        self.file = file
        self.position = position
        self.message = message
    }

    /// The line to print: `gateway.conf:12:5: unknown key "upsteam"; did you mean "upstream"?`.
    package var description: String {
        let place = position.map { ":\($0.line):\($0.column)" } ?? ""
        switch severity {
        case .error: return "\(file)\(place): \(message)"
        case .warning: return "\(file)\(place): warning: \(message)"
        }
    }
}
