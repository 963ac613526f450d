/// The last block of a chain of the audit log that is known to be in the log.
package struct AuditHead: Sendable, Equatable {
    /// The chain's name; unique in the store.
    package var chain: String
    /// The number of the block; the first has 1.
    package var block: Int64
    /// The number of the chain's last line.
    package var sequence: Int64
    /// The block's code, 32 bytes.
    package var mac: [UInt8]
    /// Whether the chain ended in order, so that nothing comes after it.
    package var isClosed: Bool
    /// When the block was written, in Unix seconds.
    package var writtenAt: Int64

    /// A head of the given content.
    package init(
        chain: String, block: Int64, sequence: Int64, mac: [UInt8], isClosed: Bool,
        writtenAt: Int64
    ) {
        self.chain = chain
        self.block = block
        self.sequence = sequence
        self.mac = mac
        self.isClosed = isClosed
        self.writtenAt = writtenAt
    }
}
