import Cryptography
import JOSE
import Storage

@testable import Gateway

/// A whole audit log of three chains, as the sink wrote it, and what the state would remember.
struct AuditSample {
    let keys: AuditKeys
    let lines: [[UInt8]]
    let heads: [AuditHead]

    /// Unix milliseconds of the first line.
    static let start: Int64 = 1_700_000_000_000

    static func makeKeys() throws -> AuditKeys {
        let key = try SigningKey.generate(.es256)
        let id = key.verificationKey.components.thumbprint
        return AuditKeys(
            secrets: [SecretBytes(randomBytes(AuditKeys.secretLength))], signingKey: key,
            keySet: try JSONWebKeySet([
                JSONWebKey(id: id, algorithm: .es256, key: key.verificationKey)
            ]))
    }

    /// A log of `rounds` rounds, in which each chain writes a line; blocks have 3, 5 and 7 lines.
    init(rounds: Int = 24, isClosed: Bool = true) throws {
        let file = TemporaryFile()
        let keys = try Self.makeKeys()
        let sink = try AuditSink(
            .file(path: file.path), deniesOnFailure: true, checkpointInterval: 1_000_000_000
        ) { _ in }
        let logs = (0..<3).map { _ in AuditLog(sink: sink, keys: keys) }
        for round in 0..<rounds {
            let now = Self.start + Int64(round) * 100
            for (index, log) in logs.enumerated() {
                var entry = AuditEntry(timeMilliseconds: now, event: .decision)
                entry.server = "tickets"
                entry.target = .string("tool_\(round)")
                entry.decision = "allow"
                log.record(entry)
                if round % (3 + 2 * index) == 2 { log.flush(at: now) }
                if round == 10 + index { try log.checkpoint(at: now) }
            }
        }
        let end = Self.start + Int64(rounds) * 100
        for log in logs {
            if isClosed { try log.close(at: end) } else { log.flush(at: end) }
        }
        heads = sink.close(withinMilliseconds: 10_000)
        self.keys = keys
        lines = file.lines.map { Array($0.utf8) }
    }

    /// What is found in other lines than these.
    func report(
        on lines: [[UInt8]], heads: [AuditHead]? = nil, hasSecrets: Bool = true
    ) -> AuditReport {
        var verifier = AuditVerifier(
            secrets: hasSecrets ? keys.secrets : [], checkpointKeys: keys.keySet)
        for (index, line) in lines.enumerated() {
            verifier.read(line[...], at: AuditPlace(file: "log", line: index + 1))
        }
        return verifier.finish(heads: heads ?? self.heads)
    }

    /// The name of the chain of a line.
    static func chain(of line: [UInt8]) -> ArraySlice<UInt8> { line[10..<22] }

    /// The places of the lines that belong to no block themselves: the ends of chains.
    var ends: [Int] {
        let names = Set(lines.map { Self.chain(of: $0) })
        return names.compactMap { name in lines.lastIndex { Self.chain(of: $0) == name } }
    }
}
