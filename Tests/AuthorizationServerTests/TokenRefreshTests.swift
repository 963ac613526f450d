import AuthorizationServer
import Cryptography
import HTTP
import JOSE
import JSON
import OAuth
import Seals
import Storage
import Synchronization
import Testing

@Suite struct TokenRefreshTests {
    @Test func `a refresh token becomes new tokens of the same grant`() async throws {
        let fixture = try await TokenFixture()
        let first = try await fixture.tokens()
        let response = try await fixture.post(fixture.refresh(first.refresh), seconds: 100)
        let second = try TokenAnswer(response)
        #expect(response.clientID == fixture.clientID)
        #expect(response.subject == TokenFixture.ann.subject)
        #expect(second.refresh != first.refresh)
        #expect(second.scope == "read write")
        let claims = try second.claims(fixture)
        #expect(claims.audience == ["https://gate.example/tickets/mcp"])
        #expect(claims.expiresAt == TokenFixture.now + 3700)
        let grant = try await second.grant(fixture)
        #expect(try await first.grant(fixture).id == grant.id)
        #expect(grant.refresh?.generation == 1)
        #expect(grant.expiresAt == TokenFixture.now + 3700)
        let third = try TokenAnswer(
            try await fixture.post(fixture.refresh(second.refresh), seconds: 200))
        #expect(try await third.grant(fixture).refresh?.generation == 2)
    }

    @Test func `64 refreshes at once are one rotation with 64 equal answers`() async throws {
        let fixture = try await TokenFixture()
        let form = fixture.refresh(try await fixture.tokens().refresh)
        let answers = try await withThrowingTaskGroup(of: TokenAnswer.self) { group in
            // Their times are in no order: each was taken when its request came.
            for place in 0..<64 {
                let time = Int64(place * 37 % 64)
                group.addTask {
                    try TokenAnswer(try await fixture.post(form, seconds: 10, milliseconds: time))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers.map(\.refresh)).count == 1)
        let grants = try await fixture.store.grants(of: nil, limit: 10)
        #expect(grants.count == 1)
        #expect(grants[0].refresh?.generation == 1)
        #expect(grants[0].endedAt == nil)
        let next = try await fixture.post(fixture.refresh(answers[0].refresh), seconds: 11)
        _ = try TokenAnswer(next)
    }

    @Test func `without grace one of 64 refreshes succeeds, and the family ends`() async throws {
        let fixture = try await TokenFixture { $0.refreshReuseGrace = 0 }
        let first = try await fixture.tokens()
        let form = fixture.refresh(first.refresh)
        let answers = try await withThrowingTaskGroup(of: EndpointResponse.self) { group in
            for _ in 0..<64 { group.addTask { try await fixture.post(form, seconds: 10) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.filter { $0.status == 200 }.count == 1)
        #expect(answers.filter { $0.tokenError == "invalid_grant" }.count == 63)
        let grant = try await first.grant(fixture)
        #expect(grant.endedAt == TokenFixture.now + 10)
        #expect(answers.contains { $0.endedGrants == [grant.id] })
    }

    @Test(arguments: [(29_999, true), (30_000, true), (30_001, false)] as [(Int64, Bool)])
    func `after the grace a replay ends the family`(
        milliseconds: Int64, isHonest: Bool
    ) async throws {
        let fixture = try await TokenFixture()
        let first = try await fixture.tokens()
        let second = try TokenAnswer(try await fixture.post(fixture.refresh(first.refresh)))
        let again = try await fixture.post(
            fixture.refresh(first.refresh), milliseconds: milliseconds)
        let grant = try await first.grant(fixture)
        if isHonest {
            #expect(try TokenAnswer(again).refresh == second.refresh)
            #expect(grant.endedAt == nil)
        } else {
            #expect(again.tokenError == "invalid_grant")
            #expect(again.endedGrants == [grant.id])
            #expect(grant.endedAt != nil)
            let after = try await fixture.post(fixture.refresh(second.refresh), seconds: 31)
            #expect(after.tokenError == "invalid_grant")
            #expect(after.endedGrants.isEmpty)
        }
    }

    @Test func `a token older than the previous one ends the family at once`() async throws {
        let fixture = try await TokenFixture()
        let first = try await fixture.tokens()
        let second = try TokenAnswer(try await fixture.post(fixture.refresh(first.refresh)))
        _ = try TokenAnswer(try await fixture.post(fixture.refresh(second.refresh)))
        let again = try await fixture.post(fixture.refresh(first.refresh))
        #expect(again.tokenError == "invalid_grant")
        #expect(again.endedGrants == [try await first.grant(fixture).id])
    }

    @Test func `a token whose tag is wrong never reaches the store`() async throws {
        let fixture = try await TokenFixture()
        let token = try await fixture.tokens().refresh
        let bytes = try #require(Base64URL.decode(token))
        fixture.store.forget()
        for place in [0, 15, 16, 19, 20, 51, 52, 67] {
            var changed = bytes
            changed[place] ^= 1
            let answer = try await fixture.post(fixture.refresh(Base64URL.encode(changed)))
            #expect(answer.tokenError == "invalid_grant")
        }
        for other in ["x", String(token.dropLast()), token + "A", "..."] {
            #expect(try await fixture.post(fixture.refresh(other)).tokenError == "invalid_grant")
        }
        #expect(Set(fixture.store.calls) == ["client"])
    }

    @Test func `another client's refresh token is refused, and stays good`() async throws {
        let fixture = try await TokenFixture()
        let first = try await fixture.tokens()
        let stolen = try await fixture.post(
            fixture.refresh(first.refresh, ["client_id": fixture.otherID]))
        #expect(stolen.tokenError == "invalid_grant")
        #expect(stolen.endedGrants.isEmpty)
        _ = try TokenAnswer(try await fixture.post(fixture.refresh(first.refresh)))
    }

    @Test(arguments: [true, false])
    func `a user who is gone, or is another one now, takes the grant along`(
        isGone: Bool
    ) async throws {
        let fixture = try await TokenFixture()
        let first = try await fixture.tokens()
        var user = TokenFixture.ann
        user.subject = "local:another"
        if isGone { fixture.users.remove(user) } else { fixture.users.set(user) }
        let answer = try await fixture.post(fixture.refresh(first.refresh), seconds: 5)
        let grant = try await first.grant(fixture)
        #expect(answer.tokenError == "invalid_grant")
        #expect(answer.endedGrants == [grant.id])
        #expect(grant.endedAt == TokenFixture.now + 5)
    }

    /// A `scope` at refresh, and the answer's scope or error; read and close were granted.
    static let scopes: [(String?, String)] = [
        (nil, "read close"), ("", "read close"), ("read close", "read close"),
        ("close read", "read close"), ("read", "read"), ("read close offline_access", "read close"),
        ("offline_access", "read close"), ("read write", "invalid_scope"),
        ("write", "invalid_scope"), ("admin", "invalid_scope"), ("unknown", "invalid_scope"),
        ("read openid", "invalid_scope"), ("read  close", "invalid_scope"),
    ]

    @Test(arguments: scopes)
    func `a refresh may ask for less, never for more`(scope: String?, result: String) async throws {
        let fixture = try await TokenFixture()
        let first = try await fixture.tokens(scope: "read close")
        let form = fixture.refresh(first.refresh, ["scope": scope])
        let answer = try await fixture.post(form)
        if result == "invalid_scope" {
            #expect(answer.tokenError == result)
            #expect(try await first.grant(fixture).refresh?.generation == 0)
        } else {
            let second = try TokenAnswer(answer)
            #expect(second.scope == result)
            #expect(try second.claims(fixture).document.root["scope"]?.string == result)
            // RFC 6749 §6 — the next one may ask for all again.
            let third = try TokenAnswer(try await fixture.post(fixture.refresh(second.refresh)))
            #expect(third.scope == "read close")
        }
    }

    @Test func `what was lost since is taken out, and comes back with the right to it`()
        async throws
    {
        let fixture = try await TokenFixture()
        let first = try await fixture.tokens(scope: "read close")
        var user = TokenFixture.ann
        user.groups = []
        fixture.users.set(user)
        let second = try TokenAnswer(try await fixture.post(fixture.refresh(first.refresh)))
        #expect(second.scope == "read")
        #expect(try second.claims(fixture).document.root["grantable"]?.string == "read write")
        let onlyLost = try await fixture.post(fixture.refresh(second.refresh, ["scope": "close"]))
        #expect(onlyLost.tokenError == "invalid_grant")
        fixture.users.set(TokenFixture.ann)
        let third = try TokenAnswer(try await fixture.post(fixture.refresh(second.refresh)))
        #expect(third.scope == "read close")
    }

    @Test func `a grant with nothing left of it is refused`() async throws {
        let fixture = try await TokenFixture()
        let first = try await fixture.tokens(scope: "close")
        var user = TokenFixture.ann
        user.groups = []
        fixture.users.set(user)
        let answer = try await fixture.post(fixture.refresh(first.refresh))
        #expect(answer.tokenError == "invalid_grant")
    }

    @Test func `a refresh for another resource is refused, for its own it is not`() async throws {
        let fixture = try await TokenFixture()
        let first = try await fixture.tokens()
        let wiki = ["resource": "https://gate.example/wiki/mcp"]
        let other = try await fixture.post(fixture.refresh(first.refresh, wiki))
        #expect(other.tokenError == "invalid_target")
        let own = ["resource": "https://gate.example/tickets/mcp/"]
        _ = try TokenAnswer(try await fixture.post(fixture.refresh(first.refresh, own)))
    }

    @Test func `a family ends with its lifetime, however often it is refreshed`() async throws {
        let fixture = try await TokenFixture { $0.refreshLifetime = 100 }
        let first = try await fixture.tokens()
        let second = try TokenAnswer(
            try await fixture.post(fixture.refresh(first.refresh), seconds: 99))
        fixture.store.forget()
        let late = try await fixture.post(fixture.refresh(second.refresh), seconds: 100)
        #expect(!fixture.store.calls.contains("rotate"))
        #expect(late.tokenError == "invalid_grant")
        #expect(late.endedGrants.isEmpty)
    }

    @Test func `an ended grant is not refreshed, nor one without a row or a server`() async throws {
        let fixture = try await TokenFixture()
        let first = try await fixture.tokens()
        let options = fixture.options
        var fewer = options
        fewer.resources = [try TokenFixture.wiki()]
        let body = TokenFixture.encoded(fixture.refresh(first.refresh))
        let elsewhere = await fixture.endpoint(fewer).respond(to: try TokenFixture.request(body))
        #expect(elsewhere.tokenError == "invalid_grant")
        _ = try await fixture.store.endGrant(
            try await first.grant(fixture).id, at: TokenFixture.now)
        fixture.store.forget()
        #expect(
            try await fixture.post(fixture.refresh(first.refresh)).tokenError == "invalid_grant")
        #expect(!fixture.store.calls.contains("rotate"))
        let ring = fixture.ring.withLock { $0 }
        let orphan = RefreshTokens(ring: ring).first(of: RefreshTokens.makeGrantID())
        let text = String(decoding: orphan.text.bytes, as: UTF8.self)
        #expect(try await fixture.post(fixture.refresh(text)).tokenError == "invalid_grant")
    }

    @Test func `rotation of the ring breaks no family, nor the grace`() async throws {
        let fixture = try await TokenFixture()
        let first = try await fixture.tokens()
        let second = try TokenAnswer(try await fixture.post(fixture.refresh(first.refresh)))
        fixture.ring.withLock {
            $0 = KeyRing([
                SecretBytes([UInt8](repeating: 9, count: 32)), RegistrationFixture.newKey,
                RegistrationFixture.oldKey,
            ])
        }
        let again = try TokenAnswer(
            try await fixture.post(fixture.refresh(first.refresh), seconds: 5))
        #expect(again.refresh == second.refresh)
        _ = try TokenAnswer(try await fixture.post(fixture.refresh(second.refresh), seconds: 6))
    }
}
