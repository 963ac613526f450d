import Cryptography
import JOSE
import Storage
import Testing

@testable import Gateway

/// Every way to change a log that was written, and what is found.
@Suite struct AuditVerifierTests {
    private let sample: AuditSample

    init() throws { sample = try AuditSample() }

    @Test func `a log as it was written is whole`() {
        let report = sample.report(on: sample.lines)
        #expect(report.findings.isEmpty)
        #expect(report.chains.count == 3)
        #expect(report.chains.allSatisfy { $0.closed != nil && $0.checkpoints == 2 })
        #expect(report.chains.reduce(0) { $0 + $1.lines } == 3 * 24 + 3)
        #expect(sample.lines.count >= 100)
        #expect(sample.heads.count == 3 && sample.heads.allSatisfy(\.isClosed))
    }

    @Test func `every line that is removed is found, near where it was`() async {
        for index in sample.lines.indices {
            await Task.yield()
            var lines = sample.lines
            lines.remove(at: index)
            let findings = sample.report(on: lines).findings
            #expect(!findings.isEmpty, "line \(index + 1)")
            let chain = AuditSample.chain(of: sample.lines[index])
            #expect(findings.allSatisfy { $0.chain.utf8.elementsEqual(chain) })
            // The removed line lies between the places that are named.
            let isNear = findings.contains { finding in
                guard let place = finding.place else { return false }
                return place.line <= index + 1 && index <= (finding.end ?? place).line + 20
            }
            #expect(isNear, "line \(index + 1): \(findings)")
        }
    }

    @Test func `every line that is changed by one byte is found`() async {
        var source = SystemRandomNumberGenerator()
        for index in sample.lines.indices {
            await Task.yield()
            let line = sample.lines[index]
            for place in [0, line.count - 1, Int.random(in: 0..<line.count, using: &source)] {
                var lines = sample.lines
                lines[index][place] ^= 1 << UInt8.random(in: 0..<7, using: &source)
                let report = sample.report(on: lines)
                #expect(!report.findings.isEmpty, "line \(index + 1), byte \(place)")
            }
        }
    }

    @Test func `every line that is there twice is found`() async {
        for index in sample.lines.indices {
            await Task.yield()
            var lines = sample.lines
            lines.insert(lines[index], at: index)
            #expect(!sample.report(on: lines).findings.isEmpty, "line \(index + 1)")
            lines = sample.lines + [sample.lines[index]]
            #expect(!sample.report(on: lines).findings.isEmpty, "line \(index + 1) at the end")
        }
    }

    @Test func `every two lines of a chain that change places are found`() async {
        for index in sample.lines.indices {
            await Task.yield()
            let chain = AuditSample.chain(of: sample.lines[index])
            let next = sample.lines[(index + 1)...].firstIndex {
                AuditSample.chain(of: $0) == chain
            }
            guard let next else { continue }
            var lines = sample.lines
            lines.swapAt(index, next)
            #expect(
                !sample.report(on: lines).findings.isEmpty, "lines \(index + 1) and \(next + 1)")
        }
    }

    @Test func `every end that is cut off is found by what the state remembers`() async {
        for count in 0..<sample.lines.count {
            await Task.yield()
            let report = sample.report(on: Array(sample.lines[..<count]))
            #expect(report.findings.contains { $0.kind == .cutOff }, "\(count) lines are left")
        }
    }

    @Test func `a chain that is gone whole is found`() throws {
        let chain = AuditSample.chain(of: sample.lines[0])
        let lines = sample.lines.filter { AuditSample.chain(of: $0) != chain }
        // The state says when the log was on the disk; the lines say when they were made.
        let findings = sample.report(on: lines).findings
        #expect(findings.map(\.kind) == [.cutOff])
        #expect(findings.first?.chain.utf8.elementsEqual(chain) == true)
    }

    @Test func `a whole block that is removed, moved or there twice is found`() throws {
        let chain = AuditSample.chain(of: sample.lines[0])
        let own = sample.lines.filter { AuditSample.chain(of: $0) == chain }
        let others = sample.lines.filter { AuditSample.chain(of: $0) != chain }
        var blocks: [[[UInt8]]] = [[]]
        for line in own {
            blocks[blocks.count - 1].append(line)
            if String(decoding: line, as: UTF8.self).contains("\"event\":\"block\"") {
                blocks.append([])
            }
        }
        for index in 1..<blocks.count - 2 {
            var removed = blocks
            removed.remove(at: index)
            var kinds = sample.report(on: others + removed.flatMap(\.self)).findings.map(\.kind)
            #expect(kinds.contains(.removed), "block \(index + 1)")
            var moved = blocks
            moved.swapAt(index, index + 1)
            kinds = sample.report(on: others + moved.flatMap(\.self)).findings.map(\.kind)
            #expect(kinds.contains(.reordered), "block \(index + 1)")
            var twice = blocks
            twice.insert(blocks[index], at: index)
            kinds = sample.report(on: others + twice.flatMap(\.self)).findings.map(\.kind)
            #expect(kinds.contains(.duplicated), "block \(index + 1)")
        }
    }

    @Test func `what somebody without the key writes is found`() throws {
        let other = try AuditSample(rounds: 6)
        for line in other.lines {
            for place in [0, sample.lines.count / 2, sample.lines.count] {
                var lines = sample.lines
                lines.insert(line, at: place)
                #expect(!sample.report(on: lines).findings.isEmpty)
            }
        }
        // A whole log by another key, in its order.
        #expect(!sample.report(on: sample.lines + other.lines).findings.isEmpty)
    }

    // MARK: What whoever has the key can write

    @Test func `a block that does not follow the one before is found, though its code is right`() {
        var chain = AuditChain(id: "AbCdEfGhIjKl", secret: sample.keys.secret)
        var fork = chain
        let first = Self.block(of: &chain, "one")
        let other = Self.block(of: &fork, "two")
        let second = Self.block(of: &fork, "three")
        #expect(sample.report(on: other.lines + second.lines, heads: []).findings.isEmpty)
        let findings = sample.report(on: first.lines + second.lines, heads: []).findings
        #expect(findings.map(\.kind) == [.changed])
        #expect(findings.first?.text == "block 2 does not follow the one before")
    }

    @Test func `a block that is not the one that the state remembers is found`() {
        var chain = AuditChain(id: "AbCdEfGhIjKl", secret: sample.keys.secret)
        var fork = chain
        let written = Self.block(of: &chain, "one")
        let other = Self.block(of: &fork, "two")
        #expect(sample.report(on: written.lines, heads: [written.head]).findings.isEmpty)
        let findings = sample.report(on: other.lines, heads: [written.head]).findings
        #expect(findings.map(\.kind) == [.changed])
        #expect(findings.first?.text == "block 1 is not the one that the state remembers")
    }

    /// The next block of a chain: a line about a target, and the one that ends the block.
    private static func block(
        of chain: inout AuditChain, _ target: String
    ) -> (lines: [[UInt8]], head: AuditHead) {
        var entry = AuditEntry(timeMilliseconds: AuditSample.start, event: .decision)
        entry.target = .string(target)
        var formatter = AuditFormatter(chain: chain.id)
        var bytes: [UInt8] = []
        formatter.append(entry, sequence: chain.nextSequence(), to: &bytes)
        let head = chain.seal(&bytes, count: 1, timeMilliseconds: AuditSample.start)
        return (bytes.split(separator: UInt8(ascii: "\n")).map(Array.init), head)
    }

    // MARK: Checkpoints

    @Test func `a checkpoint that another key signed is forged`() throws {
        let other = try AuditSample.makeKeys()
        let text = String(decoding: try #require(sample.lines.last), as: UTF8.self)
        #expect(text.contains("\"checkpoint\""))
        let own = try #require(
            sample.heads.first { text.contains($0.chain) })
        let checkpoint = AuditCheckpoint(
            chain: own.chain, block: own.block, sequence: own.sequence, code: own.mac,
            time: "2023-11-14T22:13:22.400Z", isClosed: true)
        let forged = checkpoint.line(
            signature: try checkpoint.signed(by: other.signingKey, keyID: sample.keys.signingKeyID))
        let lines = sample.lines.dropLast() + [Array(forged.dropLast())]
        #expect(
            sample.report(on: Array(lines)).findings.contains { $0.kind == .forgedCheckpoint })
    }

    @Test func `a token of the gateway's is no checkpoint`() throws {
        let signed = try SignedJWT.compact(
            type: "at+jwt", keyID: sample.keys.signingKeyID, claims: Array("{}".utf8),
            key: sample.keys.signingKey)
        #expect(AuditCheckpoint.verified(signed, by: sample.keys.keySet) == nil)
    }

    @Test func `a chain that no drain ended is said to be open, and is whole`() throws {
        let open = try AuditSample(isClosed: false)
        let report = open.report(on: open.lines)
        #expect(report.findings.isEmpty)
        #expect(report.chains.allSatisfy { $0.closed == nil })
        #expect(report.lines.contains { $0.hasSuffix("not closed") })
    }

    @Test func `lines after the last block are told apart from those that are proven`() throws {
        let open = try AuditSample(isClosed: false)
        let chain = String(decoding: AuditSample.chain(of: open.lines[0]), as: UTF8.self)
        let added = "{\"chain\":\"\(chain)\",\"seq\":26,\"time\":\"x\",\"event\":\"decision\"}"
        let findings = open.report(on: open.lines + [Array(added.utf8)]).findings
        #expect(findings.map(\.kind) == [.unsealed])
        #expect(findings.first?.place?.line == open.lines.count + 1)
    }

    @Test func `a rotated file verifies from its first block on`() throws {
        let chain = AuditSample.chain(of: sample.lines[0])
        let end = try #require(
            sample.lines.firstIndex {
                AuditSample.chain(of: $0) == chain
                    && String(decoding: $0, as: UTF8.self).contains("\"event\":\"block\"")
            })
        let lines = sample.lines[(end + 1)...].filter { AuditSample.chain(of: $0) == chain }
        let head = try #require(sample.heads.first { $0.chain.utf8.elementsEqual(chain) })
        let report = sample.report(on: lines, heads: [head])
        #expect(report.findings.isEmpty)
        #expect(report.chains.map(\.beginsAt) == [2])
        #expect(report.lines[0].contains("begins at block 2"))
    }

    @Test func `lines of other logs are passed over, and what the system's log puts before`() {
        var lines: [[UInt8]] = []
        for line in sample.lines {
            lines.append(Array("{\"time\":\"x\",\"level\":\"info\",\"message\":\"chain\"}".utf8))
            lines.append(Array("Nov 26 11:00:00 host gatehouse[7]: ".utf8) + line)
            lines.append(line.prefix(40) + [])
        }
        let report = sample.report(on: lines)
        #expect(report.findings.isEmpty)
        #expect(report.otherLines == sample.lines.count)
        #expect(report.brokenLines == sample.lines.count)
    }

    @Test func `without the secret a code that is changed does not fit the block after it`() {
        let mark = Array("\"hmac\":\"".utf8)
        for index in sample.lines.indices where !Self.isLastBlock(index, in: sample.lines) {
            guard let place = sample.lines[index].firstRange(of: mark)?.upperBound else { continue }
            var lines = sample.lines
            lines[index][place] =
                lines[index][place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let findings = sample.report(on: lines, heads: [], hasSecrets: false).findings
            let isFound = findings.contains { $0.text.hasSuffix("does not follow the one before") }
            #expect(isFound, "line \(index + 1): \(findings)")
        }
    }

    private static func isLastBlock(_ index: Int, in lines: [[UInt8]]) -> Bool {
        let chain = AuditSample.chain(of: lines[index])
        return !lines[(index + 1)...].contains {
            AuditSample.chain(of: $0) == chain
                && String(decoding: $0, as: UTF8.self).contains("\"event\":\"block\"")
        }
    }

    @Test func `public keys alone verify checkpoints, numbers and links`() throws {
        #expect(sample.report(on: sample.lines, hasSecrets: false).findings.isEmpty)
        var lines = sample.lines
        lines.remove(at: 4)
        #expect(!sample.report(on: lines, hasSecrets: false).findings.isEmpty)
    }
}
