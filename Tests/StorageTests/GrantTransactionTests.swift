import Storage
import Testing

/// Codes and refresh tokens under many hands at once: one wins, and the store says so to each.
@Suite struct GrantTransactionTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let now: Int64 = 1_800_000_000

    private static func code(
        _ digest: UInt8, request: String = "r1", expiresAt: Int64 = now + 60
    ) -> CodeRecord {
        CodeRecord(
            digest: [digest], requestID: request, requestExpiresAt: now + 600,
            expiresAt: expiresAt, clientID: "c1", clientName: "Client", redirectURI: "http://x/",
            codeChallenge: "challenge", server: "tickets", subject: "local:ann", source: "local",
            userName: "ann", scope: "read", declinedScope: "write", grantID: nil)
    }

    private static func grant(
        _ id: String, current: [UInt8] = [0], expiresAt: Int64 = now + 3600,
        refreshExpiresAt: Int64 = now + 86_400, client: String = "c1", subject: String = "local:ann"
    ) -> GrantRecord {
        GrantRecord(
            id: id, server: "tickets", subject: subject, source: "local", userName: "ann",
            client: client, clientName: "Client", scope: "read", declinedScope: "write",
            issuedAt: now, expiresAt: expiresAt,
            refresh: GrantRecord.RefreshFamily(
                generation: 0, currentDigest: current, previousDigest: nil,
                rotatedAtMilliseconds: now * 1000, expiresAt: refreshExpiresAt))
    }

    private static func rotation(
        _ presented: UInt8, _ successors: [UInt8], after milliseconds: Int64 = 1000,
        grace: Int64 = 30_000
    ) -> RefreshRotation {
        RefreshRotation(
            grantID: "g1", presentedDigest: [presented], successorDigests: successors.map { [$0] },
            nowMilliseconds: now * 1000 + milliseconds, graceMilliseconds: grace,
            accessExpiresAt: now + 7200)
    }

    /// What 64 calls over two connections of their own come to.
    private func together<Value: Sendable>(
        _ work: @escaping @Sendable (SQLiteStore, Int) async throws -> Value
    ) async throws -> [Value] {
        let stores = [
            try await SQLiteStore.open(path: folder.database),
            try await SQLiteStore.open(path: folder.database),
        ]
        return try await withThrowingTaskGroup(of: Value.self) { group in
            for number in 0..<64 {
                group.addTask { try await work(stores[number % 2], number) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `of 64 redemptions of a code one is the first, and the rest end its grant`()
        async throws
    {
        let store = try await SQLiteStore.open(path: folder.database)
        #expect(try await store.issue(Self.code(1), at: Self.now))
        let outcomes = try await together { store, number in
            try await store.redeem([1], as: Self.grant("g\(number)"), at: Self.now + 1)
        }
        #expect(outcomes.count { $0 == .redeemed } == 1)
        let grants = try await store.grants(of: nil, limit: 100)
        #expect(grants.count == 1)
        let id = try #require(grants.first?.id)
        #expect(outcomes.count { $0 == .replayed(grantID: id) } == 63)
        #expect(grants.first?.endedAt == Self.now + 1)
        #expect(try await store.code([1])?.grantID == id)
        #expect(
            try await store.endedGrants(at: Self.now)
                == [EndedGrant(id: id, expiresAt: Self.now + 3600)])
    }

    @Test func `an expired or unknown code is unknown, a replay is one even after its end`()
        async throws
    {
        let store = try await SQLiteStore.open(path: folder.database)
        _ = try await store.issue(Self.code(1), at: Self.now)
        #expect(
            try await store.redeem([1], as: Self.grant("g1"), at: Self.now + 60) == .unknown)
        #expect(try await store.redeem([9], as: Self.grant("g1"), at: Self.now) == .unknown)
        #expect(try await store.grants(of: nil, limit: 9).isEmpty)
        #expect(
            try await store.redeem([1], as: Self.grant("g1"), at: Self.now + 59) == .redeemed)
        #expect(
            try await store.redeem([1], as: Self.grant("g2"), at: Self.now + 500)
                == .replayed(grantID: "g1"))
    }

    @Test func `a code of a client that was revoked meanwhile gives no grant`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        _ = try await store.issue(Self.code(1), at: Self.now)
        _ = try await store.revokeClient("c1", name: "Client", at: Self.now)
        #expect(try await store.redeem([1], as: Self.grant("g1"), at: Self.now) == .unknown)
        #expect(try await store.grant("g1") == nil)
    }

    @Test func `a redemption that cannot write its grant leaves the code as it was`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.record(Self.grant("g1"))
        _ = try await store.issue(Self.code(1), at: Self.now)
        let error = await #expect(throws: StoreError.self) {
            try await store.redeem([1], as: Self.grant("g1"), at: Self.now)
        }
        #expect(error?.kind == .conflict)
        #expect(try await store.code([1]) == Self.code(1))
        #expect(try await store.redeem([1], as: Self.grant("g2"), at: Self.now) == .redeemed)
    }

    @Test func `a request of a user has one code`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        #expect(try await store.issue(Self.code(1), at: Self.now))
        #expect(try await store.issue(Self.code(2), at: Self.now) == false)
        #expect(try await store.code([2]) == nil)
        #expect(try await store.issue(Self.code(3, request: "r2"), at: Self.now))
        let all = try await together { store, number in
            try await store.issue(
                Self.code(UInt8(100 + number), request: "r3"), at: Self.now)
        }
        #expect(all.count { $0 } == 1)
    }

    @Test func `64 refreshes within the grace have one successor`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.record(Self.grant("g1"))
        let outcomes = try await together { store, number in
            // The clocks of the calls are in no order.
            try await store.rotate(Self.rotation(0, [1, 2], after: Int64(number * 37 % 64)))
        }
        #expect(outcomes.allSatisfy { $0 == .successor(index: 0) })
        let family = try #require(await store.grant("g1")?.refresh)
        #expect(family.generation == 1)
        #expect(family.currentDigest == [1] && family.previousDigest == [0])
        #expect(try await store.grant("g1")?.expiresAt == Self.now + 7200)
        #expect(try await store.grant("g1")?.endedAt == nil)
    }

    @Test func `without grace one refresh succeeds, and the family ends`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.record(Self.grant("g1"))
        let outcomes = try await together { store, _ in
            try await store.rotate(Self.rotation(0, [1], grace: 0))
        }
        #expect(outcomes.count { $0 == .successor(index: 0) } == 1)
        #expect(outcomes.count { $0 == .replayed } == 1)
        #expect(outcomes.count { $0 == .ended } == 62)
        #expect(try await store.grant("g1")?.endedAt != nil)
    }

    @Test(
        arguments: [
            (0, true), (30_000, true), (30_001, false), (-1, true), (-30_000, true),
            (-30_001, false),
        ] as [(Int64, Bool)])
    func `the grace is counted from the rotation`(
        milliseconds: Int64, isWithin: Bool
    )
        async throws
    {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.record(Self.grant("g1"))
        _ = try await store.rotate(Self.rotation(0, [1], after: 50_000))
        let again = try await store.rotate(Self.rotation(0, [2, 1], after: 50_000 + milliseconds))
        #expect(again == (isWithin ? .successor(index: 1) : .replayed))
        #expect((try await store.grant("g1")?.endedAt == nil) == isWithin)
    }

    @Test func `a token two generations old ends the family even within the grace`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.record(Self.grant("g1"))
        _ = try await store.rotate(Self.rotation(0, [1]))
        _ = try await store.rotate(Self.rotation(1, [2]))
        #expect(try await store.rotate(Self.rotation(0, [1, 2])) == .replayed)
        #expect(try await store.rotate(Self.rotation(2, [3])) == .ended)
    }

    @Test func `a family without end has successors`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.record(Self.grant("g1", refreshExpiresAt: .max))
        #expect(try await store.rotate(Self.rotation(0, [1])) == .successor(index: 0))
    }

    @Test func `every token that is issued raises the end of its grant, and none lowers it`()
        async throws
    {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.record(Self.grant("g1", expiresAt: Self.now + 9000))
        _ = try await store.rotate(Self.rotation(0, [1]))
        #expect(try await store.grant("g1")?.expiresAt == Self.now + 9000)
        let later = RefreshRotation(
            grantID: "g1", presentedDigest: [0], successorDigests: [[1]],
            nowMilliseconds: Self.now * 1000 + 2000, graceMilliseconds: 30_000,
            accessExpiresAt: Self.now + 9001)
        #expect(try await store.rotate(later) == .successor(index: 0))
        #expect(try await store.grant("g1")?.expiresAt == Self.now + 9001)
    }

    @Test func `a grant without refresh tokens has no successor, and does not end by that`()
        async throws
    {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.record(SQLiteStoreTests.grant("g1", at: Self.now))
        #expect(try await store.rotate(Self.rotation(0, [1])) == .ended)
        #expect(try await store.grant("g1")?.endedAt == nil)
    }

    @Test func `a predecessor whose successor no key derives ends the family`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.record(Self.grant("g1"))
        _ = try await store.rotate(Self.rotation(0, [1]))
        #expect(try await store.rotate(Self.rotation(0, [8, 9])) == .replayed)
    }

    @Test func `an ended, expired or unknown family has no successor`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        #expect(try await store.rotate(Self.rotation(0, [1])) == .ended)
        try await store.record(Self.grant("g1", refreshExpiresAt: Self.now + 1))
        #expect(try await store.rotate(Self.rotation(0, [1], after: 1000)) == .ended)
        #expect(try await store.rotate(Self.rotation(0, [1], after: 999)) == .successor(index: 0))
        #expect(try await store.endGrant("g1", at: Self.now))
        #expect(try await store.endGrant("g1", at: Self.now) == false)
        #expect(try await store.rotate(Self.rotation(1, [2], after: 999)) == .ended)
    }

    @Test func `the grants of a user end together`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        for id in ["g1", "g2"] { try await store.record(Self.grant(id)) }
        try await store.record(Self.grant("g3", subject: "local:bob"))
        #expect(try await store.endGrants(of: "local:ann", at: Self.now).sorted() == ["g1", "g2"])
        #expect(try await store.endGrants(of: "local:ann", at: Self.now).isEmpty)
        #expect(try await store.grant("g3")?.endedAt == nil)
        #expect(try await store.grants(of: "local:bob", limit: 9).map(\.id) == ["g3"])
    }

    @Test func `rows go when nothing of theirs is valid any more`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.record(Self.grant("g1"))
        try await store.record(Self.grant("g2"))
        _ = try await store.issue(Self.code(1), at: Self.now)
        _ = try await store.endGrant("g2", at: Self.now)
        try await store.expire(at: Self.now + 3600 + 60)
        #expect(try await store.grants(of: nil, limit: 9).count == 2)
        #expect(try await store.code([1]) == nil)
        try await store.expire(at: Self.now + 3600 + 61)
        #expect(try await store.grants(of: nil, limit: 9).map(\.id) == ["g1"])
        try await store.expire(at: Self.now + 86_400 + 61)
        #expect(try await store.grants(of: nil, limit: 9).isEmpty)
    }

    @Test func `ended grants are told until their last token has expired`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        try await store.record(Self.grant("g1"))
        _ = try await store.endGrant("g1", at: Self.now)
        #expect(try await store.endedGrants(at: Self.now + 3600).map(\.id) == ["g1"])
        #expect(try await store.endedGrants(at: Self.now + 3661).isEmpty)
    }
}
