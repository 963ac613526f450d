/// One entry of a server's `limits.tools`, as the operator wrote it.
package struct ToolLimit: Sendable, Equatable {
    /// Whose calls have a counter together.
    package enum Sharing: String, Sendable, CaseIterable {
        /// Everybody's at the server, the default.
        case server
        /// Those of one user and client.
        case principal
    }

    /// The tool's name, in which `*` stands for any run of bytes.
    package var pattern: Pattern
    /// How often.
    package var limits: AdmissionLimits
    /// Whose calls are counted together.
    package var sharing: Sharing

    /// An entry.
    package init(pattern: Pattern, limits: AdmissionLimits, sharing: Sharing = .server) {
        self.pattern = pattern
        self.limits = limits
        self.sharing = sharing
    }
}
