/// Where a line of the audit log was found.
struct AuditPlace: Sendable, Equatable, CustomStringConvertible {
    /// The file.
    let file: String
    /// The number of the line; the first is 1.
    let line: Int

    /// A place.
    init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    var description: String { "\(file):\(line)" }
}

/// What is wrong with an audit log.
struct AuditFinding: Sendable, Equatable, CustomStringConvertible {
    /// The kinds of what can be wrong.
    enum Kind: String, Sendable, CaseIterable {
        /// A line of a block, or the line that ends it, is not as it was written.
        case changed
        /// Lines, or whole blocks, are gone from between others.
        case removed
        /// Lines or blocks are not in the order in which they were written.
        case reordered
        /// A line or a block is there more than once.
        case duplicated
        /// A line is there that does not belong.
        case inserted
        /// The log went on after its end, or a whole chain is gone.
        case cutOff = "cut_off"
        /// Lines that no block proves.
        case unsealed
        /// A checkpoint that the gateway did not sign, or that contradicts the log.
        case forgedCheckpoint = "forged_checkpoint"
    }

    /// What is wrong.
    let kind: Kind
    /// The chain.
    let chain: String
    /// The first line that it is about, or the last line before what is missing; nil where there is
    /// none.
    let place: AuditPlace?
    /// The last line that it is about.
    let end: AuditPlace?
    /// What is wrong, in a sentence.
    let text: String

    /// A finding.
    init(
        _ kind: Kind, _ chain: String, from place: AuditPlace?, to end: AuditPlace? = nil,
        _ text: String
    ) {
        self.kind = kind
        self.chain = chain
        self.place = place
        self.end = end == place ? nil : end
        self.text = text
    }

    var description: String {
        let start = place.map { "\($0)" } ?? "(nowhere)"
        let range = end.map { $0.file == place?.file ? "-\($0.line)" : " to \($0)" } ?? ""
        return "\(start)\(range): \(kind.rawValue): chain \(chain): \(text)"
    }
}
