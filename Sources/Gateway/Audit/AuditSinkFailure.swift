import Glibc

/// Why the audit log could not be opened or written.
struct AuditSinkFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was attempted.
    let attempt: String
    /// `errno`.
    let code: Int32

    /// A failure.
    init(_ attempt: String, code: Int32) {
        self.attempt = attempt
        self.code = code
    }

    var description: String {
        "the audit log: cannot \(attempt): \(unsafe String(cString: strerror(code)))"
    }
}
