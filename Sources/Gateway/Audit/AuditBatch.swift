import Storage

/// Lines on their way to the audit log, whole and with the line that ends their block.
struct AuditBatch: Sendable {
    /// The lines, each with its line feed.
    var bytes: [UInt8]
    /// How many lines of events they are.
    var lineCount: Int
    /// How far their chain has come with them.
    var head: AuditHead

    /// A batch.
    init(bytes: [UInt8], lineCount: Int, head: AuditHead) {
        self.bytes = bytes
        self.lineCount = lineCount
        self.head = head
    }
}
