/// A task id that a client sent and that opened for its principal.
package struct OpenedTask: Sendable, Equatable {
    /// The id as the server knows it.
    package let id: [UInt8]
    /// The id as the client knows it.
    package let sealed: [UInt8]
    /// What the task was made by.
    package let origin: TaskOrigin
}
