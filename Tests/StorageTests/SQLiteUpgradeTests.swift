import Foundation
import Storage
import Testing

/// Files that an earlier release wrote, and files of a process that ended without closing them.
@Suite struct SQLiteUpgradeTests {
    private let folder: TemporaryFolder
    private static let now: Int64 = 1_800_000_000

    init() throws { folder = try TemporaryFolder() }

    /// The tables of version 1, byte for byte as its release made them, with a row each.
    private static let firstVersion = """
        CREATE TABLE signing_key (
            id TEXT NOT NULL PRIMARY KEY,
            purpose TEXT NOT NULL,
            algorithm TEXT NOT NULL,
            private_key BLOB NOT NULL,
            is_sealed INTEGER NOT NULL CHECK (is_sealed IN (0, 1)),
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE seal_key (
            id TEXT NOT NULL PRIMARY KEY,
            secret BLOB NOT NULL,
            is_sealed INTEGER NOT NULL CHECK (is_sealed IN (0, 1)),
            created_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE access_grant (
            id TEXT NOT NULL PRIMARY KEY,
            server TEXT NOT NULL,
            subject TEXT NOT NULL,
            client TEXT NOT NULL,
            scope TEXT NOT NULL,
            issued_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX access_grant_by_issue ON access_grant (issued_at);
        INSERT INTO signing_key VALUES ('k', 'access tokens', 'ES256', x'6b00ff', 0, 1);
        INSERT INTO seal_key VALUES ('s', x'0102', 1, 2);
        INSERT INTO access_grant VALUES ('g', 'tickets', 'local:ann', 'gatehouse-cli', 'read', 5, 9);
        PRAGMA application_id = \(0x4741_5445);
        PRAGMA user_version = 1;
        """

    private static func expectRows(_ store: SQLiteStore) async throws {
        #expect(try await store.signingKeys() == [SQLiteStoreTests.key("k")])
        #expect(
            try await store.sealKeys() == [
                SealKeyRecord(
                    id: "s", secret: StoredSecret(bytes: [1, 2], isSealed: true), createdAt: 2)
            ])
        let grant = GrantRecord(
            id: "g", server: "tickets", subject: "local:ann", source: "", userName: "",
            client: "gatehouse-cli", clientName: "", scope: "read", issuedAt: 5, expiresAt: 9)
        #expect(try await store.grant("g") == grant)
    }

    @Test func `a file of version 1 keeps its rows, which then can end`() async throws {
        try OtherProgram(path: folder.database).execute(Self.firstVersion)
        let store = try await SQLiteStore.open(path: folder.database)
        try await Self.expectRows(store)
        #expect(try await store.clients(limit: 9).map(\.id) == ["gatehouse-cli"])
        #expect(try await store.endGrant("g", at: 6))
        #expect(try await store.endedGrants(at: 6) == [EndedGrant(id: "g", expiresAt: 9)])
        await store.close()
        let again = try await SQLiteStore.open(path: folder.database)
        #expect(try await again.grant("g")?.endedAt == 6)
    }

    @Test func `16 openings at once of a file of version 1 upgrade it once`() async throws {
        try OtherProgram(path: folder.database).execute(Self.firstVersion)
        let path = folder.database
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    let store = try await SQLiteStore.open(path: path)
                    try await Self.expectRows(store)
                    await store.close()
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a file of version 1 whose upgrade fails stays one`() async throws {
        let program = try OtherProgram(path: folder.database)
        try program.execute(Self.firstVersion)
        // Stands in the way of the last table.
        try program.execute("CREATE TABLE client (id INTEGER)")
        await #expect(throws: StoreError.self) {
            _ = try await SQLiteStore.open(path: folder.database)
        }
        try program.execute("DROP TABLE client")
        try await Self.expectRows(try await SQLiteStore.open(path: folder.database))
    }

    @Test func `what was acknowledged is there after an end without closing`() async throws {
        let store = try await SQLiteStore.open(path: folder.database)
        let code = CodeRecord(
            digest: [1], requestID: "r", requestExpiresAt: Self.now + 600,
            expiresAt: Self.now + 60, clientID: "c", clientName: "C", redirectURI: "",
            codeChallenge: "", server: "s", subject: "u", source: "local", userName: "u",
            scope: "", declinedScope: "", grantID: nil)
        let family = GrantRecord.RefreshFamily(
            generation: 0, currentDigest: [7], previousDigest: nil,
            rotatedAtMilliseconds: Self.now * 1000, expiresAt: Self.now + 86_400)
        let grant = GrantRecord(
            id: "g", server: "s", subject: "u", source: "local", userName: "u", client: "c",
            clientName: "C", scope: "", issuedAt: Self.now, expiresAt: Self.now + 3600,
            refresh: family)
        _ = try await store.issue(code, at: Self.now)
        #expect(try await store.redeem([1], as: grant, at: Self.now) == .redeemed)
        let rotation = RefreshRotation(
            grantID: "g", presentedDigest: [7], successorDigests: [[8]],
            nowMilliseconds: Self.now * 1000, graceMilliseconds: 0,
            accessExpiresAt: Self.now + 3600)
        #expect(try await store.rotate(rotation) == .successor(index: 0))

        // The files as a process that was killed leaves them.
        let copy = folder.path + "/copy.db"
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: folder.database + suffix, toPath: copy + suffix)
        }
        let again = try await SQLiteStore.open(path: copy)
        #expect(try await again.grant("g")?.refresh?.currentDigest == [8])
        #expect(try await again.rotate(rotation) == .replayed)
        #expect(
            try await again.redeem([1], as: grant, at: Self.now) == .replayed(grantID: "g"))
    }
}
