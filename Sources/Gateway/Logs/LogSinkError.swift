/// Why a sink could not be made.
package enum LogSinkError: Error, Sendable, Equatable {
    /// The file could not be opened; `code` is `errno`.
    case openFailed(path: String, code: Int32)
    /// The writer's thread or its pipes could not be made; `code` is `errno`.
    case startFailed(code: Int32)
}
