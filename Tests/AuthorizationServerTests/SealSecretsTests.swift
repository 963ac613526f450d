import AuthorizationServer
import Cryptography
import Storage
import Testing

@Suite struct SealSecretsTests {
    static let plain = KeysAtRest(masterKey: nil)
    static let sealed = KeysAtRest(
        masterKey: MasterKey(SecretBytes([UInt8](repeating: 7, count: 32))))

    func load(
        _ store: MemoryStore, _ atRest: KeysAtRest, _ candidate: UInt8
    ) async throws -> [[UInt8]] {
        let candidate = SecretBytes([UInt8](repeating: candidate, count: 32))
        return try await SealSecrets.load(from: store, atRest, at: 1000, orKeeping: candidate)
            .map(\.bytes)
    }

    @Test(arguments: [plain, sealed])
    func `the first candidate is kept and later ones are not`(atRest: KeysAtRest) async throws {
        let store = MemoryStore()
        let first = [UInt8](repeating: 1, count: 32)
        #expect(try await load(store, atRest, 1) == [first])
        #expect(try await load(store, atRest, 2) == [first])
    }

    @Test func `with a master key nothing readable is stored`() async throws {
        let store = MemoryStore()
        _ = try await load(store, Self.sealed, 1)
        let row = try #require(await store.sealing.first)
        #expect(row.secret.isSealed && row.secret.bytes.count == 32 + 28)
        await #expect(throws: KeyViolation.masterKeyMissing(id: row.id)) {
            try await load(store, Self.plain, 2)
        }
    }

    @Test func `a damaged root key is an error`() async throws {
        for atRest in [Self.plain, Self.sealed] {
            let store = MemoryStore()
            _ = try await load(store, atRest, 1)
            let row = try #require(await store.sealing.first)
            var bytes = row.secret.bytes
            bytes[20] ^= 1
            let secret = StoredSecret(bytes: bytes, isSealed: row.secret.isSealed)
            await store.set(sealing: [
                SealKeyRecord(id: row.id, secret: secret, createdAt: row.createdAt)
            ])
            await #expect(throws: KeyViolation.self) { try await load(store, atRest, 2) }
        }
    }

    @Test func `a seal of a signing key does not open as a root key`() async throws {
        let store = MemoryStore()
        let keys = try await SigningKeys.load(
            .eddsa, for: .accessTokens, from: store, Self.sealed, at: 1
        ) { try SigningKey.generate($0) }
        let row = try #require(await store.signing.first)
        await store.set(sealing: [
            SealKeyRecord(id: row.id, secret: row.privateKey, createdAt: 1)
        ])
        await #expect(throws: KeyViolation.doesNotOpen(id: keys.currentID)) {
            try await load(store, Self.sealed, 2)
        }
    }
}

@Suite struct MasterKeyTests {
    static let digits = String(repeating: "0aF1", count: 16)

    @Test(arguments: [digits, digits + "\n"])
    func `64 hexadecimal digits are a master key`(text: String) {
        #expect(MasterKey(hexadecimal: SecretBytes(Array(text.utf8))) != nil)
    }

    @Test(arguments: [
        "", "\n", digits.dropLast() + "", digits + "0", digits + "\n\n", digits + "\r\n",
        " " + digits, "0x" + digits.dropFirst(2), digits.dropLast() + "g",
        String(repeating: "0123456789abcdef", count: 8), digits + " ",
    ])
    func `any other text is none`(text: String) {
        #expect(MasterKey(hexadecimal: SecretBytes(Array(text.utf8))) == nil)
    }
}
