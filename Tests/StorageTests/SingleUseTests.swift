import Testing

@testable import Storage

@Suite struct SingleUseTests {
    private static let use = SingleUse(digest: [UInt8](repeating: 7, count: 32), expiresAt: 1000)

    private static func grant(_ id: String) -> GrantRecord {
        GrantRecord(
            id: id, server: "s", subject: "u", source: "client", userName: "c", client: "c",
            clientName: "", clientMethod: "private_key_jwt", scope: "a", issuedAt: 1,
            expiresAt: 2000)
    }

    @Test func `what was used is used in every process until it no longer matters`() async throws {
        let folder = try TemporaryFolder()
        let first = try await SQLiteStore.open(path: folder.database)
        let second = try await SQLiteStore.open(path: folder.database)
        #expect(try await first.use(Self.use, at: 500))
        #expect(try await second.use(Self.use, at: 501) == false)
        try await second.expire(at: 1000)
        #expect(try await first.use(Self.use, at: 1060) == false)
        #expect(try await first.use(Self.use, at: 1061))
        await first.close()
        await second.close()
    }

    @Test func `of many at once, in two processes, one is the first`() async throws {
        let folder = try TemporaryFolder()
        let stores = [
            try await SQLiteStore.open(path: folder.database),
            try await SQLiteStore.open(path: folder.database),
        ]
        let firsts = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<16 {
                group.addTask { try await stores[number % 2].use(Self.use, at: 1) }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(firsts == 1)
        for store in stores { await store.close() }
    }

    @Test func `a grant is written with the use of what it came of, or not at all`() async throws {
        let folder = try TemporaryFolder()
        let store = try await SQLiteStore.open(path: folder.database)
        #expect(try await store.record(Self.grant("1"), using: Self.use, at: 1) == .recorded)
        #expect(try await store.record(Self.grant("2"), using: Self.use, at: 1) == .reused)
        #expect(try await store.grant("1")?.clientMethod == "private_key_jwt")
        #expect(try await store.grant("2") == nil)
        #expect(try await store.record(Self.grant("3"), using: nil, at: 1) == .recorded)
        let other = SingleUse(digest: [1], expiresAt: 1000)
        // Its id is taken, so that neither is done.
        await #expect(throws: StoreError.self) {
            try await store.record(Self.grant("3"), using: other, at: 1)
        }
        #expect(try await store.use(other, at: 1))
        await store.close()
    }
}
