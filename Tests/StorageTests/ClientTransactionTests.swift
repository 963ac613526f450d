import Storage
import Testing

@Suite struct ClientTransactionTests {
    private let folder: TemporaryFolder
    private static let now: Int64 = 1_800_000_000

    init() throws { folder = try TemporaryFolder() }

    private static func client(_ id: String, expiresAt: Int64? = now + 100) -> ClientRecord {
        ClientRecord(
            id: id, name: "Client \(id)", status: .active, metadata: [1, 2], createdAt: now,
            expiresAt: expiresAt)
    }

    @Test func `a client is kept as it is, once`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        #expect(try await store.client("a") == nil)
        #expect(try await store.register(Self.client("a"), limit: 9, at: Self.now))
        #expect(try await store.client("a") == Self.client("a"))
        let error = await #expect(throws: StoreError.self) {
            try await store.register(Self.client("a"), limit: 9, at: Self.now)
        }
        #expect(error?.kind == .conflict)
    }

    @Test func `unused clients are bounded, and expire`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        for id in ["a", "b"] {
            #expect(try await store.register(Self.client(id), limit: 2, at: Self.now))
        }
        #expect(try await store.register(Self.client("c"), limit: 2, at: Self.now) == false)
        #expect(try await store.client("c") == nil)
        #expect(try await store.register(Self.client("d"), limit: 2, at: Self.now + 101))
        #expect(try await store.client("a") == nil)
    }

    @Test func `a client that is used stays`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        _ = try await store.register(Self.client("a"), limit: 9, at: Self.now)
        let code = CodeRecord(
            digest: [1], requestID: "r", requestExpiresAt: Self.now + 600,
            expiresAt: Self.now + 60, clientID: "a", clientName: "", redirectURI: "",
            codeChallenge: "", server: "s", subject: "u", source: "local", userName: "u",
            scope: "", declinedScope: "", grantID: nil)
        _ = try await store.issue(code, at: Self.now)
        _ = try await store.redeem([1], as: Self.grant("g", client: "a"), at: Self.now)
        try await store.expire(at: Self.now + 1000)
        #expect(try await store.client("a")?.expiresAt == nil)
        #expect(try await store.client("a")?.status == .active)
        // What is used does not count as unused.
        #expect(try await store.register(Self.client("b"), limit: 1, at: Self.now))
        #expect(try await store.register(Self.client("c"), limit: 1, at: Self.now) == false)
    }

    private static func grant(_ id: String, client: String, at time: Int64 = now) -> GrantRecord {
        GrantRecord(
            id: id, server: "s", subject: "u", source: "local", userName: "u", client: client,
            clientName: "Named \(client)", scope: "", issuedAt: time, expiresAt: time + 3600)
    }

    @Test func `revoking ends the grants and stays, with and without a row`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        _ = try await store.register(Self.client("a"), limit: 9, at: Self.now)
        for (id, client) in [("g1", "a"), ("g2", "b"), ("g3", "b"), ("g4", "c")] {
            try await store.record(Self.grant(id, client: client))
        }
        #expect(try await store.revokeClient("a", name: "x", at: Self.now) == ["g1"])
        #expect(
            try await store.revokeClient("b", name: "Bee", at: Self.now).sorted() == ["g2", "g3"])
        try await store.expire(at: Self.now + 1000)
        #expect(try await store.client("a")?.status == .revoked)
        #expect(try await store.client("b")?.status == .revoked)
        #expect(try await store.client("b")?.name == "Bee")
        #expect(try await store.grant("g4")?.endedAt == nil)
    }

    @Test func `the list has clients with rows and clients with grants, the latest first`()
        async throws
    {
        let store = try await SQLiteStore.open(path: folder.database)
        _ = try await store.register(Self.client("a"), limit: 9, at: Self.now)
        try await store.record(Self.grant("g1", client: "a", at: Self.now + 30))
        try await store.record(Self.grant("g2", client: "b", at: Self.now + 20))
        try await store.record(Self.grant("g3", client: "b", at: Self.now + 40))
        _ = try await store.endGrant("g2", at: Self.now + 50)
        let clients = try await store.clients(limit: 9)
        #expect(
            clients == [
                ClientSummary(
                    id: "b", name: "Named b", status: nil, grantCount: 1, latestAt: Self.now + 40),
                ClientSummary(
                    id: "a", name: "Client a", status: .active, grantCount: 1,
                    latestAt: Self.now + 30),
            ])
        #expect(try await store.clients(limit: 1).map(\.id) == ["b"])
    }

    @Test func `keys rotate: the new one is the newest, the old ones stay or go`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        func signing(_ id: String, _ purpose: String = "p", at time: Int64 = 5) -> SigningKeyRecord
        {
            SigningKeyRecord(
                id: id, purpose: purpose, algorithm: "ES256",
                privateKey: StoredSecret(bytes: [1], isSealed: false), createdAt: time)
        }
        _ = try await store.signingKeys(orInsert: signing("a"))
        _ = try await store.signingKeys(orInsert: signing("other", "q"))
        // A clock that went back does not bring the old key into use again.
        let rotated = try await store.rotate(to: signing("b", at: 1), revoking: false)
        #expect(rotated.first { $0.purpose == "p" }?.id == "b" && rotated.count == 3)
        let revoked = try await store.rotate(to: signing("c"), revoking: true)
        #expect(Set(revoked.map(\.id)) == ["c", "other"])
        func sealing(_ id: String) -> SealKeyRecord {
            SealKeyRecord(
                id: id, secret: StoredSecret(bytes: [2], isSealed: false), createdAt: 5)
        }
        _ = try await store.sealKeys(orInsert: sealing("a"))
        #expect(try await store.rotate(to: sealing("b"), revoking: false).map(\.id) == ["b", "a"])
        #expect(try await store.rotate(to: sealing("c"), revoking: true).map(\.id) == ["c"])
    }
}
