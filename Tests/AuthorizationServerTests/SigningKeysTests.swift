import AuthorizationServer
import Cryptography
import JOSE
import JSON
import Storage
import Testing

@Suite struct SigningKeysTests {
    static let plain = KeysAtRest(masterKey: nil)
    static let sealed = KeysAtRest(
        masterKey: MasterKey(SecretBytes([UInt8](repeating: 7, count: 32))))
    static let otherMaster = KeysAtRest(
        masterKey: MasterKey(SecretBytes([UInt8](repeating: 8, count: 32))))

    func load(
        _ store: MemoryStore, _ atRest: KeysAtRest = plain,
        _ algorithm: SignatureAlgorithm = .es256, at now: Int64 = 1000
    ) async throws -> SigningKeys {
        try await SigningKeys.load(algorithm, for: .accessTokens, from: store, atRest, at: now) {
            try SigningKey.generate($0)
        }
    }

    @Test func `the first start makes a key and the second finds it`() async throws {
        let store = MemoryStore()
        let first = try await load(store)
        let second = try await load(store, at: 2000)
        #expect(first.currentID == second.currentID)
        #expect(await store.signing.count == 1)
        #expect(await store.signing.first?.createdAt == 1000)
    }

    @Test func `starts at once end with one key`() async throws {
        let store = MemoryStore()
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 { group.addTask { try await load(store).currentID } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
    }

    @Test func `the kid is the RFC 7638 thumbprint`() async throws {
        let keys = try await load(MemoryStore())
        #expect(keys.currentID == keys.current.verificationKey.components.thumbprint)
        #expect(keys.keySet.keys.map(\.id) == [keys.currentID])
    }

    @Test func `another algorithm makes another key, and the earlier one goes on to verify`()
        async throws
    {
        let store = MemoryStore()
        let first = try await load(store)
        let second = try await load(store, Self.plain, .eddsa, at: 2000)
        #expect(second.current.algorithm == .eddsa)
        #expect(Set(second.keySet.keys.map(\.id)) == [first.currentID, second.currentID])
        let again = try await load(store, at: 3000)
        #expect(again.currentID == first.currentID)
    }

    @Test func `with a master key nothing readable is stored`() async throws {
        let store = MemoryStore()
        let keys = try await load(store, Self.sealed)
        let row = try #require(await store.signing.first)
        #expect(row.privateKey.isSealed)
        #expect(
            (try? SigningKey(pkcs8: SecretBytes(row.privateKey.bytes), algorithm: .es256)) == nil)
        #expect(try await load(store, Self.sealed).currentID == keys.currentID)
    }

    @Test func `without a master key, or with another one, a sealed key is an error`() async throws
    {
        let store = MemoryStore()
        let id = try await load(store, Self.sealed).currentID
        await #expect(throws: KeyViolation.masterKeyMissing(id: id)) { try await load(store) }
        await #expect(throws: KeyViolation.doesNotOpen(id: id)) {
            try await load(store, Self.otherMaster)
        }
        #expect(await store.signing.count == 1)
    }

    @Test func `a sealed key put into another row is an error`() async throws {
        let store = MemoryStore()
        let other = MemoryStore()
        _ = try await load(store, Self.sealed)
        _ = try await load(other, Self.sealed)
        let own = try #require(await store.signing.first)
        let foreign = try #require(await other.signing.first)
        await store.set(signing: [own.replacing(foreign.privateKey)])
        await #expect(throws: KeyViolation.doesNotOpen(id: own.id)) {
            try await load(store, Self.sealed)
        }
    }

    @Test func `a plain key put into another row, or damaged, is an error`() async throws {
        let store = MemoryStore()
        let other = MemoryStore()
        _ = try await load(store)
        _ = try await load(other)
        let own = try #require(await store.signing.first)
        let foreign = try #require(await other.signing.first)
        await store.set(signing: [own.replacing(foreign.privateKey)])
        await #expect(throws: KeyViolation.damaged(id: own.id)) { try await load(store) }
        var refused = 0
        for index in own.privateKey.bytes.indices {
            var bytes = own.privateKey.bytes
            bytes[index] ^= 1
            await store.set(signing: [own.replacing(StoredSecret(bytes: bytes, isSealed: false))])
            // A few bits of the form mean nothing; then it is the same key still.
            do {
                let keys = try await load(store)
                let signature = try keys.current.signature(of: [1, 2, 3])
                let key = keys.current.verificationKey
                #expect(keys.currentID == own.id)
                #expect(key.isValid(signature, of: [1, 2, 3], by: .es256))
            } catch {
                #expect(error as? KeyViolation == .damaged(id: own.id))
                refused += 1
            }
        }
        #expect(refused > own.privateKey.bytes.count * 9 / 10)
    }

    @Test func `a key of an algorithm that is not spoken is an error`() async throws {
        let store = MemoryStore()
        let row = SigningKeyRecord(
            id: "x", purpose: SigningKeyPurpose.accessTokens.rawValue, algorithm: "ML-DSA-44",
            privateKey: StoredSecret(bytes: [1], isSealed: false), createdAt: 1)
        await store.set(signing: [row])
        await #expect(throws: KeyViolation.unknownAlgorithm(id: "x", name: "ML-DSA-44")) {
            try await load(store)
        }
    }

    @Test func `keys of another purpose neither sign nor verify`() async throws {
        let store = MemoryStore()
        _ = try await load(store)
        let row = try #require(await store.signing.first)
        await store.set(signing: [
            SigningKeyRecord(
                id: row.id, purpose: "identity", algorithm: row.algorithm,
                privateKey: row.privateKey, createdAt: row.createdAt)
        ])
        let keys = try await load(store)
        #expect(keys.currentID != row.id)
        #expect(keys.keySet.keys.count == 1)
    }

    @Test func `each purpose has keys of its own, and a sealed one opens for no other`()
        async throws
    {
        let store = MemoryStore()
        let access = try await load(store, Self.sealed)
        let identity = try await SigningKeys.load(
            .es256, for: .identityTokens, from: store, Self.sealed, at: 1000
        ) { try SigningKey.generate($0) }
        #expect(access.currentID != identity.currentID)
        #expect(access.keySet.keys.map(\.id) == [access.currentID])
        #expect(identity.keySet.keys.map(\.id) == [identity.currentID])
        let row = try #require(await store.signing.first { $0.id == identity.currentID })
        await store.set(signing: [
            SigningKeyRecord(
                id: row.id, purpose: SigningKeyPurpose.accessTokens.rawValue,
                algorithm: row.algorithm, privateKey: row.privateKey, createdAt: row.createdAt)
        ])
        await #expect(throws: KeyViolation.doesNotOpen(id: row.id)) {
            try await load(store, Self.sealed)
        }
    }

    @Test func `the document has the public halves only and reads back`() async throws {
        let store = MemoryStore()
        _ = try await load(store)
        _ = try await load(store, Self.plain, .eddsa, at: 2000)
        let keys = try await load(store, Self.plain, .rs256, at: 3000)
        let bytes = JWKSetDocument.bytes(keys.keySet)
        let document = try JSONDocument(parsing: bytes)
        let members = try #require(document.root["keys"]).elements.map { key in
            key.members.compactMap(\.name.string)
        }
        #expect(
            members == [
                ["e", "kty", "n", "alg", "use", "kid"],
                ["crv", "kty", "x", "alg", "use", "kid"],
                ["crv", "kty", "x", "y", "alg", "use", "kid"],
            ])
        let read = try JSONWebKeySet(parsing: bytes)
        #expect(read.keys.map(\.id) == keys.keySet.keys.map(\.id))
        #expect(read.ignored.isEmpty)
    }
}

extension SigningKeyRecord {
    /// The row with another private key.
    func replacing(_ privateKey: StoredSecret) -> SigningKeyRecord {
        SigningKeyRecord(
            id: id, purpose: purpose, algorithm: algorithm, privateKey: privateKey,
            createdAt: createdAt)
    }
}
