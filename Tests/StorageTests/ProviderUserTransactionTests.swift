import Storage
import Testing

@Suite struct ProviderUserTransactionTests {
    private let folder: TemporaryFolder
    private let store: SQLiteStore

    init() async throws {
        folder = try TemporaryFolder()
        store = try await SQLiteStore.open(path: folder.database)
    }

    private static func user(
        _ subject: String = "sso:1", token: String? = "t", at time: Int64 = 1000
    ) -> ProviderUserRecord {
        ProviderUserRecord(
            subject: subject, source: "sso", issuer: "https://login.example.com",
            providerSubject: "u1", name: "Lee", groups: ["a b", "ü"], mark: "mark-\(time)",
            token: token.map { StoredSecret(bytes: Array($0.utf8), isSealed: true) },
            signedInAt: time, checkedAt: time, sessionsEndAt: time + 100)
    }

    private static func grant(_ id: String, of subject: String, endsAt: Int64 = 5000) -> GrantRecord
    {
        GrantRecord(
            id: id, server: "s", subject: subject, source: "sso", userName: "u1", client: "c",
            clientName: "C", scope: "a", issuedAt: 1000, expiresAt: endsAt)
    }

    @Test func `a row comes back as it was kept, and keeps mark and token of the one before`()
        async throws
    {
        let first = try await store.keepSignIn(Self.user())
        #expect(try await store.providerUser("sso:1") == first)
        #expect(first.groups == ["a b", "ü"] && first.version == 1)
        let second = try await store.keepSignIn(Self.user(token: nil, at: 1050))
        #expect(second.mark == "mark-1000" && second.token == first.token)
        #expect(second.signedInAt == 1050 && second.version == 2)
        #expect(try await store.providerUser("sso:1") == second)
        #expect(try await store.providerUser("sso:2") == nil)
    }

    @Test func `a question is claimed by one, and again after its lease or its pause`()
        async throws
    {
        _ = try await store.keepSignIn(Self.user())
        func check(_ now: Int64) async throws -> ProviderCheck {
            try await store.claimCheck(of: "sso:1", every: 300, lease: 60, at: now)
        }
        guard case .current = try await check(1299), case .due(let user) = try await check(1300)
        else {
            Issue.record("the question is due after the interval")
            return
        }
        #expect(try await check(1359) == .busy)
        #expect(try await check(1360) == .due(user))
        try await store.abandonCheck(user, retryAt: 1365)
        #expect(try await check(1364) == .busy)
        #expect(try await check(1365) == .due(user))
        var told = user
        told.checkedAt = 1365
        told.groups = []
        try await store.finishCheck(told)
        guard case .current(let now) = try await check(1400) else {
            Issue.record("the question was answered")
            return
        }
        #expect(now.groups == [] && now.version == user.version + 1)
        // A clock that was set back.
        guard case .due = try await check(1000) else {
            Issue.record("a clock that was set back keeps nobody from asking")
            return
        }
        #expect(
            try await store.claimCheck(of: "sso:2", every: 300, lease: 60, at: 1) == .unknown)
        _ = try await store.keepSignIn(Self.user("sso:3", token: nil))
        guard
            case .current = try await store.claimCheck(
                of: "sso:3", every: 300, lease: 60, at: 9999)
        else {
            Issue.record("without a token there is no question")
            return
        }
    }

    @Test func `an answer to an old question changes nothing`() async throws {
        let old = try await store.keepSignIn(Self.user())
        let new = try await store.keepSignIn(Self.user(token: "new", at: 1050))
        try await store.record(Self.grant("g", of: "sso:1"))
        var told = old
        told.groups = []
        try await store.finishCheck(told)
        #expect(try await store.removeProviderUser(old, at: 1060) == nil)
        #expect(try await store.providerUser("sso:1") == new)
        #expect(try await store.grant("g")?.endedAt == nil)
    }

    @Test func `a user who is removed takes all grants along, and nobody else's`() async throws {
        let user = try await store.keepSignIn(Self.user())
        for (id, subject) in [("a", "sso:1"), ("b", "sso:1"), ("c", "sso:2")] {
            try await store.record(Self.grant(id, of: subject))
        }
        #expect(try await store.removeProviderUser(user, at: 1060)?.sorted() == ["a", "b"])
        #expect(try await store.providerUser("sso:1") == nil)
        #expect(try await store.grant("c")?.endedAt == nil)
    }

    @Test func `a row goes when neither a session nor a grant needs it`() async throws {
        _ = try await store.keepSignIn(Self.user())
        _ = try await store.keepSignIn(Self.user("sso:2"))
        try await store.record(Self.grant("g", of: "sso:1"))
        try await store.expire(at: 1160)
        #expect(try await store.providerUser("sso:2") != nil)
        try await store.expire(at: 1161)
        #expect(try await store.providerUser("sso:2") == nil)
        #expect(try await store.providerUser("sso:1") != nil)
        try await store.expire(at: 5061)
        #expect(try await store.providerUser("sso:1") == nil)
    }
}
