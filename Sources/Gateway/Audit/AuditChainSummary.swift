/// What was found of one chain.
struct AuditChainSummary: Sendable, Equatable {
    /// The chain's name.
    let chain: String
    /// How many blocks.
    var blocks = 0
    /// How many lines are in blocks.
    var lines = 0
    /// How many signed checkpoints.
    var checkpoints = 0
    /// The ids of the keys that signed them.
    var keyIDs: [String] = []
    /// The number of the first block that is here; nil for none.
    var beginsAt: Int64?
    /// The number of the last block; nil for none.
    var lastBlock: Int64?
    /// The number of the last line of that block.
    var lastSequence: Int64?
    /// Where the chain was ended in order; nil where it was not.
    var closed: AuditPlace?

    /// A chain of which nothing was found yet.
    init(chain: String) { self.chain = chain }

    /// One line for people.
    var description: String {
        var parts = ["chain \(chain): \(lines) lines in \(blocks) blocks"]
        if let beginsAt, beginsAt > 1 { parts.append("begins at block \(beginsAt)") }
        parts.append("\(checkpoints) checkpoints")
        parts.append(closed == nil ? "not closed" : "closed")
        return parts.joined(separator: ", ")
    }
}
