import Foundation
import Storage
import Testing

@Suite struct SQLiteStoreTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    static func key(
        _ id: String, _ algorithm: String = "ES256", at time: Int64 = 1
    )
        -> SigningKeyRecord
    {
        SigningKeyRecord(
            id: id, purpose: "access tokens", algorithm: algorithm,
            privateKey: StoredSecret(bytes: Array(id.utf8) + [0, 255], isSealed: false),
            createdAt: time)
    }

    static func grant(_ id: String, at time: Int64 = 1) -> GrantRecord {
        GrantRecord(
            id: id, server: "tickets", subject: "local:ann", source: "local", userName: "ann",
            client: "gatehouse-cli", clientName: "Command", scope: "read write",
            declinedScope: "admin", issuedAt: time, expiresAt: time + 3600)
    }

    @Test func `a key is kept, and found when the file is opened again`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        #expect(try await store.signingKeys().isEmpty)
        let kept = try await store.signingKeys(orInsert: Self.key("a"))
        #expect(kept == [Self.key("a")])
        await store.close()
        let again = try await SQLiteStore.open(path: folder.database)
        #expect(try await again.signingKeys() == [Self.key("a")])
    }

    @Test func `a candidate is kept only where its purpose and algorithm have no key`() async throws
    {
        let store = try await SQLiteStore.open(path: folder.database)
        _ = try await store.signingKeys(orInsert: Self.key("a", at: 1))
        #expect(try await store.signingKeys(orInsert: Self.key("b", at: 2)).map(\.id) == ["a"])
        let other = try await store.signingKeys(orInsert: Self.key("c", "EdDSA", at: 3))
        #expect(other.map(\.id) == ["c", "a"])
    }

    @Test func `root keys of seals are kept once`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        let first = SealKeyRecord(
            id: "1", secret: StoredSecret(bytes: [1, 0, 2], isSealed: true), createdAt: 5)
        let second = SealKeyRecord(
            id: "2", secret: StoredSecret(bytes: [3], isSealed: false), createdAt: 6)
        #expect(try await store.sealKeys(orInsert: first) == [first])
        #expect(try await store.sealKeys(orInsert: second) == [first])
        #expect(try await store.sealKeys() == [first])
    }

    @Test func `64 candidates at once, through two connections, end with one key`() async throws {
        let one = try await SQLiteStore.open(path: folder.database)
        let two = try await SQLiteStore.open(path: folder.database)
        let answers = try await withThrowingTaskGroup(of: [String].self) { group in
            for number in 0..<64 {
                group.addTask {
                    let store = number % 2 == 0 ? one : two
                    return try await store.signingKeys(orInsert: Self.key("k\(number)")).map(\.id)
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(answers.count == 1)
        #expect(answers.first?.count == 1)
    }

    @Test func `16 first openings at once make one database`() async throws {
        let path = folder.database
        let ids = try await withThrowingTaskGroup(of: [String].self) { group in
            for number in 0..<16 {
                group.addTask {
                    let store = try await SQLiteStore.open(path: path)
                    let keys = try await store.signingKeys(orInsert: Self.key("k\(number)"))
                    await store.close()
                    return keys.map(\.id)
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
    }

    @Test func `64 grants recorded at once are all there`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<64 {
                group.addTask {
                    try await store.record(Self.grant("g\(number)", at: Int64(number)))
                }
            }
            try await group.waitForAll()
        }
        let grants = try await store.grants(of: nil, limit: 1000)
        #expect(grants == (0..<64).reversed().map { Self.grant("g\($0)", at: Int64($0)) })
        #expect(try await store.grants(of: nil, limit: 2).map(\.id) == ["g63", "g62"])
        #expect(try await store.grants(of: nil, limit: 0).isEmpty)
    }

    @Test func `a grant whose id is taken is a conflict and changes nothing`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.record(Self.grant("g"))
        let error = await #expect(throws: StoreError.self) {
            try await store.record(Self.grant("g", at: 2))
        }
        #expect(error?.kind == .conflict)
        #expect(error?.attempt == "record a grant")
        #expect(try await store.grants(of: nil, limit: 9) == [Self.grant("g")])
    }

    @Test func `texts are kept byte for byte`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        for text in ["a\0b", "'; DROP TABLE access_grant; --", "e\u{301}", "\u{e9}", "😀"] {
            let grant = GrantRecord(
                id: text, server: text, subject: text, source: text, userName: text, client: text,
                clientName: text, scope: "",
                issuedAt: .max, expiresAt: .min)
            try await store.record(grant)
            let read = try #require(
                await store.grants(of: nil, limit: 99).first { $0.id.utf8.elementsEqual(text.utf8) }
            )
            #expect(read.subject.utf8.elementsEqual(text.utf8))
            #expect(read.issuedAt == .max && read.expiresAt == .min)
        }
        #expect(try await store.grants(of: nil, limit: 99).count == 5)
    }

    @Test func `what is called after closing fails, and closing twice is no harm`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        await store.close()
        await store.close()
        let error = await #expect(throws: StoreError.self) { try await store.signingKeys() }
        #expect(error?.kind == .closed)
    }

    @Test func `calls that were begun before closing are done`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        async let recorded: Void = store.record(Self.grant("g"))
        try await recorded
        async let more = withTaskGroup(of: Bool.self) { group in
            for number in 0..<50 {
                group.addTask { (try? await store.record(Self.grant("h\(number)"))) != nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        await store.close()
        let done = await more
        let again = try await SQLiteStore.open(path: folder.database)
        #expect(try await again.grants(of: nil, limit: 99).count == 1 + done)
    }

    @Test func `a store that is let go closes its file`() async throws {
        var store: SQLiteStore? = try await SQLiteStore.open(path: folder.database)
        _ = try await store?.signingKeys(orInsert: Self.key("a"))
        store = nil
        for _ in 0..<200 where FileManager.default.fileExists(atPath: folder.database + "-wal") {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(!FileManager.default.fileExists(atPath: folder.database + "-wal"))
    }

    @Test func `a private key is not shown by any description`() {
        let record = Self.key("a")
        var dumped = ""
        dump(record, to: &dumped)
        for text in ["\(record)", String(reflecting: record), dumped] {
            #expect(!text.contains("255"))
        }
    }
}
