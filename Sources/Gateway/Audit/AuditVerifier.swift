import Cryptography
import JOSE
import Storage

/// Verifies audit logs: finds lines that were changed, removed, moved, put in or cut off.
///
/// Pure: it is given lines in the order of the files, and in the end what the state remembers. The
/// order of lines of different chains is not proven; loops write independently of each other.
struct AuditVerifier {
    private let secrets: [SecretBytes]
    private let checkpointKeys: JSONWebKeySet
    private var chains: [String: AuditChainVerifier] = [:]
    private var order: [String] = []
    private var brokenLines = 0
    private var otherLines = 0
    private var looseFindings: [AuditFinding] = []

    /// The most chains that are told apart; more than processes ever made, and a bound for a file
    /// that was made up.
    static let chainLimit = 100_000
    /// How much earlier than a chain's last block the log may begin before the chain is missed, in
    /// seconds: blocks of a loop wait longer than those of another.
    static let boundary: Int64 = 5

    /// A verifier.
    ///
    /// - Parameters:
    ///   - secrets: the secrets of codes; with none only checkpoints, numbers and links are verified.
    ///   - checkpointKeys: the public keys of checkpoints.
    init(secrets: [SecretBytes], checkpointKeys: JSONWebKeySet) {
        self.secrets = secrets
        self.checkpointKeys = checkpointKeys
    }

    /// The next line, without its line feed.
    mutating func read(_ line: ArraySlice<UInt8>, at place: AuditPlace) {
        guard let content = AuditLine.content(of: line) else {
            otherLines += 1
            return
        }
        switch AuditLine(content) {
        case .other: otherLines += 1
        // What was cut short by a full disk or a killed process was written again, or its number is
        // missing.
        case .broken: brokenLines += 1
        case .event(let chain, let sequence):
            change(chain, at: place) { $0.readEvent(sequence, content, at: place) }
        case .checkpoint(let chain, let sequence, let time, let signature):
            change(chain, at: place) {
                $0.readCheckpoint(
                    sequence, time: time, signature: signature, content, at: place)
            }
        case .block(let block):
            change(block.chain, at: place) { $0.readBlock(block, at: place) }
        }
    }

    private mutating func change(
        _ chain: String, at place: AuditPlace, _ body: (inout AuditChainVerifier) -> Void
    ) {
        if chains[chain] == nil {
            guard chains.count < Self.chainLimit else {
                if looseFindings.isEmpty {
                    looseFindings.append(
                        AuditFinding(.inserted, chain, from: place, "there are too many chains"))
                }
                return
            }
            chains[chain] = AuditChainVerifier(
                chain: chain, secrets: secrets, checkpointKeys: checkpointKeys)
            order.append(chain)
        }
        body(
            &chains[
                chain,
                default: AuditChainVerifier(
                    chain: chain, secrets: secrets, checkpointKeys: checkpointKeys)])
    }

    /// What was found.
    ///
    /// - Parameter heads: how far chains have come according to the state; nil where later lines are
    ///   in files that were not given.
    /// - Returns: the chains, and what is wrong.
    mutating func finish(heads: [AuditHead]?) -> AuditReport {
        let known = Dictionary(
            (heads ?? []).map { ($0.chain, $0) }, uniquingKeysWith: { first, _ in first })
        for chain in order { chains[chain]?.finish(known[chain]) }
        findMissingChains(heads ?? [])
        let verified = order.compactMap { chains[$0] }
        return AuditReport(
            chains: verified.map(\.summary),
            findings: verified.flatMap(\.findings) + looseFindings, brokenLines: brokenLines,
            otherLines: otherLines)
    }

    /// A chain that was written to after the log begins is in the log.
    private mutating func findMissingChains(_ heads: [AuditHead]) {
        let missing = heads.filter { chains[$0.chain] == nil }
        let times = order.compactMap { chains[$0]?.firstTime }
        guard let begin = times.min() else {
            if let latest = missing.max(by: { $0.writtenAt < $1.writtenAt }) {
                looseFindings.append(
                    AuditFinding(
                        .cutOff, latest.chain, from: nil,
                        "there is no line of the audit log here, and the state remembers "
                            + "\(missing.count) chains"))
            }
            return
        }
        for head in missing {
            var time: [UInt8] = []
            var timestamp = LogTimestamp()
            timestamp.append(
                timeMilliseconds: (head.writtenAt - Self.boundary) * 1000, to: &time)
            guard String(decoding: time, as: UTF8.self) > begin else { continue }
            looseFindings.append(
                AuditFinding(
                    .cutOff, head.chain, from: nil,
                    "the state remembers \(head.sequence) lines in \(head.block) blocks; none of "
                        + "them is here"))
        }
    }
}
