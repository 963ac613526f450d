/// The store could not do what it was asked: what was attempted, and the cause.
package struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What a caller can tell apart.
    package enum Kind: Sendable, Equatable, CaseIterable {
        /// Another process holds the database for longer than was waited, or the queue is full.
        case busy
        /// The file is damaged, is not a database, or is another program's.
        case corrupt
        /// A newer release wrote the file.
        case newerSchema
        /// No space is left.
        case full
        /// The file cannot be opened, read or written.
        case inaccessible
        /// A row with that id exists already.
        case conflict
        /// The store has been closed.
        case closed
        /// Everything else.
        case other
    }

    /// What a caller can tell apart.
    package let kind: Kind
    /// What was attempted, such as "record a grant".
    package let attempt: String
    /// The cause in words.
    package let cause: String

    init(_ kind: Kind, _ attempt: String, cause: String) {
        self.kind = kind
        self.attempt = attempt
        self.cause = cause
    }

    package var description: String { "cannot \(attempt): \(cause)" }
}
