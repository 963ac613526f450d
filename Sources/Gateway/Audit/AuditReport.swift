import JSON

/// What the verifier found.
struct AuditReport: Sendable, Equatable {
    /// The chains, in the order in which they begin.
    let chains: [AuditChainSummary]
    /// What is wrong.
    let findings: [AuditFinding]
    /// Lines that begin as lines of the audit log and end too early.
    let brokenLines: Int
    /// Lines of something else.
    let otherLines: Int

    /// The most findings that are printed.
    static let printLimit = 1000

    /// The report for people: a line for each chain, then one for each finding, then one about all.
    var lines: [String] {
        var lines = chains.map(\.description)
        if brokenLines > 0 {
            lines.append(
                "\(brokenLines) lines that were cut short, and written again if they count")
        }
        lines += findings.prefix(Self.printLimit).map(\.description)
        if findings.count > Self.printLimit {
            lines.append("… and \(findings.count - Self.printLimit) more findings")
        }
        let keys = Set(chains.flatMap(\.keyIDs)).sorted()
        if !keys.isEmpty {
            lines.append("checkpoints were signed by \(keys.joined(separator: ", "))")
        }
        let count = chains.reduce(0) { $0 + $1.lines }
        lines.append(
            findings.isEmpty
                ? "\(count) lines verified, nothing is wrong"
                : "\(findings.count) findings")
        return lines
    }

    /// The report as one JSON object.
    var json: String {
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        writer.name("ok")
        writer.bool(findings.isEmpty)
        writer.name("chains")
        writer.beginArray()
        for chain in chains { Self.write(chain, to: &writer) }
        writer.endArray()
        writer.name("findings")
        writer.beginArray()
        for finding in findings.prefix(Self.printLimit) { Self.write(finding, to: &writer) }
        writer.endArray()
        writer.name("finding_count")
        writer.integer(findings.count)
        writer.name("broken_lines")
        writer.integer(brokenLines)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func write(_ chain: AuditChainSummary, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("chain")
        writer.string(chain.chain)
        let numbers: [(StaticString, Int64?)] = [
            ("lines", Int64(chain.lines)), ("blocks", Int64(chain.blocks)),
            ("checkpoints", Int64(chain.checkpoints)), ("begins_at_block", chain.beginsAt),
            ("last_block", chain.lastBlock), ("last_seq", chain.lastSequence),
        ]
        for case (let name, let number?) in numbers {
            writer.name(name)
            writer.integer(number)
        }
        writer.name("closed")
        writer.bool(chain.closed != nil)
        writer.name("key_ids")
        writer.beginArray()
        for id in chain.keyIDs { writer.string(id) }
        writer.endArray()
        writer.endObject()
    }

    private static func write(_ finding: AuditFinding, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.name("kind")
        writer.string(finding.kind.rawValue)
        writer.name("chain")
        writer.string(finding.chain)
        for (name, place) in [("from", finding.place), ("to", finding.end)] {
            guard let place else { continue }
            writer.name(name)
            writer.beginObject()
            writer.name("file")
            writer.string(place.file)
            writer.name("line")
            writer.integer(place.line)
            writer.endObject()
        }
        writer.name("text")
        writer.string(finding.text)
        writer.endObject()
    }
}
