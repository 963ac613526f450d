import Cryptography
import Foundation
import Storage
import Testing

@testable import AuthorizationServer

/// The secrets of the audit log at rest.
@Suite struct AuditSecretsTests {
    private static let candidate = SecretBytes([UInt8](repeating: 7, count: 32))
    private static let masterKey = MasterKey(SecretBytes([UInt8](repeating: 1, count: 32)))

    private static func load(
        _ store: SQLiteStore, _ atRest: KeysAtRest, candidate: SecretBytes = candidate
    ) async throws -> [[UInt8]] {
        try await AuditSecrets.load(from: store, atRest, at: 1, orKeeping: candidate).map(\.bytes)
    }

    @Test func `the first secret stays`() async throws {
        let folder = try AuditFolder()
        let store = try await SQLiteStore.open(path: folder.path + "/gatehouse.db")
        let plain = KeysAtRest(masterKey: nil)
        #expect(try await Self.load(store, plain) == [Self.candidate.bytes])
        let other = SecretBytes([UInt8](repeating: 8, count: 32))
        #expect(try await Self.load(store, plain, candidate: other) == [Self.candidate.bytes])
    }

    @Test func `with a master key the secret is sealed, and opens with no other`() async throws {
        let folder = try AuditFolder()
        let store = try await SQLiteStore.open(path: folder.path + "/gatehouse.db")
        #expect(
            try await Self.load(store, KeysAtRest(masterKey: Self.masterKey)) == [
                Self.candidate.bytes
            ])
        let record = try #require(try await store.auditSecrets().first)
        #expect(record.secret.isSealed && record.secret.bytes != Self.candidate.bytes)
        let other = MasterKey(SecretBytes([UInt8](repeating: 2, count: 32)))
        await #expect(throws: KeyViolation.doesNotOpen(id: record.id)) {
            try await Self.load(store, KeysAtRest(masterKey: other))
        }
        await #expect(throws: KeyViolation.masterKeyMissing(id: record.id)) {
            try await Self.load(store, KeysAtRest(masterKey: nil))
        }
    }
}

/// A folder that goes with the value.
private final class AuditFolder {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "gatehouse-audit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
