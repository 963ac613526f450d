import Cryptography
import JOSE
import Storage

/// Verifies the lines of one chain, in the order in which they are found.
struct AuditChainVerifier {
    /// A line that waits for the end of its block.
    private struct Pending {
        let sequence: Int64
        let bytes: [UInt8]
        let place: AuditPlace
    }

    let chain: String
    private(set) var findings: [AuditFinding] = []
    private(set) var summary: AuditChainSummary
    /// The time of the first block, as it stands there.
    private(set) var firstTime: String?

    /// The key of each secret; empty where only checkpoints can be verified.
    private let keys: [SecretBytes]
    private let checkpointKeys: JSONWebKeySet
    private var pending: [Pending] = []
    private var codes: [Int64: [UInt8]] = [:]
    private var lastCode: [UInt8]
    private var lastPlace: AuditPlace?

    init(chain: String, secrets: [SecretBytes], checkpointKeys: JSONWebKeySet) {
        self.chain = chain
        keys = secrets.map { AuditChain.key(of: chain, secret: $0) }
        self.checkpointKeys = checkpointKeys
        summary = AuditChainSummary(chain: chain)
        lastCode = [UInt8](repeating: 0, count: AuditChain.codeLength)
    }

    private mutating func find(
        _ kind: AuditFinding.Kind, from place: AuditPlace?, to end: AuditPlace? = nil,
        _ text: String
    ) {
        findings.append(AuditFinding(kind, chain, from: place, to: end, text))
    }

    // MARK: Lines

    /// The next line of an event; `bytes` without its line feed.
    mutating func readEvent(_ sequence: Int64, _ bytes: ArraySlice<UInt8>, at place: AuditPlace) {
        pending.append(
            Pending(sequence: sequence, bytes: bytes + [UInt8(ascii: "\n")], place: place))
    }

    /// The next checkpoint; `bytes` without its line feed.
    mutating func readCheckpoint(
        _ sequence: Int64, time: String, signature: String, _ bytes: ArraySlice<UInt8>,
        at place: AuditPlace
    ) {
        guard let (checkpoint, keyID) = AuditCheckpoint.verified(signature, by: checkpointKeys)
        else {
            find(.forgedCheckpoint, from: place, "no key of the gateway signed the checkpoint")
            return readEvent(sequence, bytes, at: place)
        }
        let line = checkpoint.line(signature: signature).dropLast()
        guard checkpoint.chain == chain, line.elementsEqual(bytes) else {
            find(
                .forgedCheckpoint, from: place,
                "the line does not say what its signature was made for")
            return readEvent(sequence, bytes, at: place)
        }
        compare(checkpoint, at: place)
        summary.checkpoints += 1
        if !summary.keyIDs.contains(keyID) { summary.keyIDs.append(keyID) }
        guard checkpoint.isClosed else { return readEvent(sequence, bytes, at: place) }
        if summary.closed != nil {
            find(.duplicated, from: place, "the chain was ended before")
        }
        summary.closed = place
        endPending(at: place)
        lastPlace = place
    }

    private mutating func compare(_ checkpoint: AuditCheckpoint, at place: AuditPlace) {
        if let known = codes[checkpoint.block] {
            if known != checkpoint.code {
                find(
                    .forgedCheckpoint, from: place,
                    "the log's block \(checkpoint.block) is not the one that was signed")
            }
        } else if let last = summary.lastBlock, checkpoint.block > last {
            find(
                .removed, from: lastPlace, to: place,
                "blocks \(last + 1) to \(checkpoint.block) are missing")
        } else if summary.lastBlock == nil, checkpoint.isClosed {
            // A log that was begun anew after the last block of the chain.
            summary.beginsAt = checkpoint.block + 1
        }
        if checkpoint.isClosed, let last = summary.lastBlock, checkpoint.block < last {
            find(.inserted, from: place, "the chain had ended at block \(checkpoint.block)")
        }
    }

    /// The next line that ends a block.
    mutating func readBlock(_ block: AuditBlock, at place: AuditPlace) {
        let lines = pending
        pending = []
        if firstTime == nil { firstTime = block.time }
        if let known = codes[block.number] {
            let isSame = known == block.code
            return find(
                isSame ? .duplicated : .inserted, from: lines.first?.place ?? place, to: place,
                isSame
                    ? "block \(block.number) is there again"
                    : "there was another block \(block.number)")
        }
        order(block, at: place)
        judge(lines, block, at: place)
        if summary.closed != nil {
            find(.inserted, from: place, "the chain had ended before")
        }
        codes[block.number] = block.code
        summary.blocks += 1
        summary.lines += Int(block.last - block.first) + 1
        if block.number > summary.lastBlock ?? 0 {
            summary.lastBlock = block.number
            summary.lastSequence = block.last
            lastCode = block.code
            lastPlace = place
        }
        if summary.beginsAt == nil { summary.beginsAt = block.number }
    }

    private mutating func order(_ block: AuditBlock, at place: AuditPlace) {
        guard let last = summary.lastBlock else {
            if block.number == 1, block.previous != lastCode || block.first != 1 {
                find(.changed, from: place, "block 1 has something before it")
            }
            return
        }
        guard block.number > last else {
            return find(.reordered, from: place, "block \(block.number) comes after block \(last)")
        }
        guard block.number == last + 1 else {
            return find(
                .removed, from: lastPlace, to: place,
                last + 1 == block.number - 1
                    ? "block \(last + 1) is missing"
                    : "blocks \(last + 1) to \(block.number - 1) are missing")
        }
        if block.previous != lastCode || block.first != (summary.lastSequence ?? 0) + 1 {
            find(.changed, from: place, "block \(block.number) does not follow the one before")
        }
    }

    // MARK: One block

    private func proves(_ block: AuditBlock, _ lines: [Pending]) -> Bool {
        let bytes = lines.flatMap(\.bytes) + block.covered
        return keys.contains {
            constantTimeEqual(AuditChain.code(over: bytes, key: $0), block.code)
        }
    }

    private mutating func judge(_ lines: [Pending], _ block: AuditBlock, at place: AuditPlace) {
        let wanted = block.first...block.last
        let isInOrder = lines.map(\.sequence).elementsEqual(wanted)
        if isInOrder, keys.isEmpty || proves(block, lines) { return }
        let foreign = lines.filter { !wanted.contains($0.sequence) }
        for line in foreign {
            find(
                .inserted, from: line.place,
                "line \(line.sequence) is not of block \(block.number), and nothing proves it")
        }
        var own: [Pending] = []
        for line in lines.filter({ wanted.contains($0.sequence) }) {
            guard let index = own.firstIndex(where: { $0.sequence == line.sequence }) else {
                own.append(line)
                continue
            }
            let isSame = own[index].bytes == line.bytes
            find(
                isSame ? .duplicated : .inserted, from: line.place,
                isSame
                    ? "line \(line.sequence) is there again"
                    : "there is another line \(line.sequence), at \(own[index].place)")
        }
        let sorted = own.sorted { $0.sequence < $1.sequence }
        let present = Set(sorted.map(\.sequence))
        guard present.count == wanted.count else {
            return findMissing(wanted, present, sorted, block, at: place)
        }
        if own.map(\.sequence) != sorted.map(\.sequence) {
            find(
                .reordered, from: own.first?.place, to: own.last?.place,
                "lines of block \(block.number) are not in their order")
        }
        guard !keys.isEmpty, !proves(block, sorted) else { return }
        find(
            .changed, from: sorted.first?.place ?? place, to: place,
            "one or more lines of block \(block.number) are not as they were written")
    }

    private mutating func findMissing(
        _ wanted: ClosedRange<Int64>, _ present: Set<Int64>, _ sorted: [Pending],
        _ block: AuditBlock, at place: AuditPlace
    ) {
        var sequence = wanted.lowerBound
        while sequence <= wanted.upperBound {
            guard !present.contains(sequence) else {
                sequence += 1
                continue
            }
            var end = sequence
            while end < wanted.upperBound, !present.contains(end + 1) { end += 1 }
            let before = sorted.last { $0.sequence < sequence }?.place ?? lastPlace
            let after = sorted.first { $0.sequence > end }?.place ?? place
            find(
                .removed, from: before ?? after, to: after,
                (sequence == end ? "line \(sequence)" : "lines \(sequence) to \(end)")
                    + " of block \(block.number) are missing or cannot be read")
            sequence = end + 1
        }
    }

    // MARK: The end

    private mutating func endPending(at place: AuditPlace?) {
        guard let first = pending.first, let last = pending.last else { return }
        find(
            .unsealed, from: first.place, to: last.place,
            "\(pending.count) lines are of no block: the process was killed while it wrote them, or "
                + "somebody else wrote them")
        pending = []
    }

    /// The file or files are over; `head` is how far the chain has come according to the state.
    mutating func finish(_ head: AuditHead?) {
        endPending(at: nil)
        guard let head else { return }
        if let known = codes[head.block], known != head.mac {
            find(
                .changed, from: lastPlace,
                "block \(head.block) is not the one that the state remembers")
        }
        let last = summary.lastBlock ?? 0
        if head.block > last {
            find(
                .cutOff, from: lastPlace,
                "the state remembers block \(head.block) and line \(head.sequence); here the "
                    + (last == 0 ? "chain has no block" : "last block is \(last)")
                    + " (later files, if there are any, must be given too)")
        } else if head.isClosed, head.block == last, summary.closed == nil {
            find(.cutOff, from: lastPlace, "the line that ended the chain is missing")
        }
    }
}
