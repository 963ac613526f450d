import AuthorizationServer
import Cryptography
import HTTP
import JOSE
import JSON
import OAuth
import Storage
import Testing

@Suite struct TokenCodeTests {
    @Test func `a code becomes an access token and a refresh token`() async throws {
        let fixture = try await TokenFixture()
        let code = try await fixture.code(scope: "read close")
        let response = try await fixture.post(fixture.redemption(code))
        #expect(response.clientID == fixture.clientID)
        #expect(response.subject == TokenFixture.ann.subject)
        #expect(response.fields.contains(.init("Cache-Control", "no-store")))
        #expect(response.fields.contains(.init("Access-Control-Allow-Origin", "*")))
        #expect(!String(decoding: response.body, as: UTF8.self).contains("null"))
        let answer = try TokenAnswer(response)
        #expect(answer.scope == "read close")
        #expect(answer.lifetime == 3600)
        let claims = try answer.claims(fixture)
        #expect(claims.issuer == TokenFixture.issuer)
        #expect(claims.subject == TokenFixture.ann.subject)
        #expect(claims.audience == ["https://gate.example/tickets/mcp"])
        #expect(claims.expiresAt == TokenFixture.now + 3600)
        let root = claims.document.root
        #expect(root["client_id"]?.string == fixture.clientID)
        #expect(root["scope"]?.string == "read close")
        #expect(root["grantable"]?.string == "read write close")
        let grant = try await answer.grant(fixture)
        #expect(grant.client == fixture.clientID)
        #expect(grant.clientName == "Agent")
        #expect(grant.scope == "read close")
        #expect(grant.declinedScope == "close")
        #expect(grant.expiresAt == TokenFixture.now + 3600)
        #expect(grant.refresh?.generation == 0)
        #expect(grant.refresh?.expiresAt == TokenFixture.now + 30 * 86_400)
        #expect(grant.refresh?.currentDigest == sha256(Array(answer.refresh.utf8)).bytes)
        #expect(grant.endedAt == nil)
    }

    @Test func `of 64 redemptions at once one succeeds, and the others end its grant`() async throws
    {
        let fixture = try await TokenFixture()
        let form = fixture.redemption(try await fixture.code())
        let answers = try await withThrowingTaskGroup(of: EndpointResponse.self) { group in
            for _ in 0..<64 { group.addTask { try await fixture.post(form) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let good = answers.filter { $0.status == 200 }
        let refused = answers.filter { $0.status == 400 && $0.tokenError == "invalid_grant" }
        #expect(good.count == 1)
        #expect(refused.count == 63)
        let grant = try await TokenAnswer(try #require(good.first)).grant(fixture)
        #expect(grant.endedAt == TokenFixture.now)
        #expect(refused.allSatisfy { $0.endedGrants == [grant.id] })
        #expect(try await fixture.store.grants(of: nil, limit: 10).count == 1)
    }

    @Test(arguments: [1, 59, 61, 500] as [Int64])
    func `a code that comes again revokes what came of it, even after its time`(
        seconds: Int64
    ) async throws {
        let fixture = try await TokenFixture()
        let form = fixture.redemption(try await fixture.code())
        let answer = try TokenAnswer(try await fixture.post(form))
        let again = try await fixture.post(form, seconds: seconds)
        let grant = try await answer.grant(fixture)
        #expect(again.tokenError == "invalid_grant")
        #expect(again.endedGrants == [grant.id])
        #expect(grant.endedAt == TokenFixture.now + seconds)
        let refreshed = try await fixture.post(fixture.refresh(answer.refresh), seconds: seconds)
        #expect(refreshed.tokenError == "invalid_grant")
    }

    @Test func `a replay ends the grant though the user is gone`() async throws {
        let fixture = try await TokenFixture()
        let form = fixture.redemption(try await fixture.code())
        let answer = try TokenAnswer(try await fixture.post(form))
        fixture.users.remove(TokenFixture.ann)
        let again = try await fixture.post(form, seconds: 1)
        #expect(again.endedGrants.count == 1)
        #expect(try await answer.grant(fixture).endedAt != nil)
    }

    /// What is wrong with a redemption whose code must stay good, and the answer.
    struct Wrong: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: String
        var changes: [String: String?] = [:]

        static let all = [
            Wrong(
                testDescription: "another redirect URI", error: "invalid_grant",
                changes: ["redirect_uri": "http://127.0.0.1:4711/other"]),
            Wrong(
                testDescription: "another port of loopback", error: "invalid_grant",
                changes: ["redirect_uri": "http://127.0.0.1:4712/callback"]),
            Wrong(
                testDescription: "no redirect URI", error: "invalid_grant",
                changes: ["redirect_uri": nil]),
            Wrong(
                testDescription: "another verifier", error: "invalid_grant",
                changes: ["code_verifier": String(TokenFixture.verifier.reversed())]),
            Wrong(
                testDescription: "no verifier", error: "invalid_request",
                changes: ["code_verifier": nil]),
            Wrong(
                testDescription: "the challenge as verifier", error: "invalid_grant",
                changes: ["code_verifier": TokenFixture.challenge]),
            Wrong(
                testDescription: "another server", error: "invalid_target",
                changes: ["resource": "https://gate.example/wiki/mcp"]),
            Wrong(
                testDescription: "a foreign server", error: "invalid_target",
                changes: ["resource": "https://other.example/tickets/mcp"]),
            Wrong(
                testDescription: "an unknown client", error: "invalid_client",
                changes: ["client_id": "nobody"]),
            Wrong(
                testDescription: "no client", error: "invalid_client",
                changes: ["client_id": nil]),
        ]
    }

    @Test(arguments: Wrong.all)
    func `a wrong request leaves the code as it is`(wrong: Wrong) async throws {
        let fixture = try await TokenFixture()
        let code = try await fixture.code()
        let refused = try await fixture.post(fixture.redemption(code, wrong.changes))
        #expect(refused.tokenError == wrong.error)
        #expect(refused.endedGrants.isEmpty)
        let good = try TokenAnswer(try await fixture.post(fixture.redemption(code)))
        let later = try await fixture.post(fixture.redemption(code, wrong.changes))
        #expect(later.tokenError == wrong.error)
        #expect(later.endedGrants.isEmpty)
        #expect(try await good.grant(fixture).endedAt == nil)
    }

    @Test func `a code is redeemed by nobody but its client`() async throws {
        let fixture = try await TokenFixture()
        let code = try await fixture.code()
        let stolen = try await fixture.post(
            fixture.redemption(code, ["client_id": fixture.otherID]))
        #expect(stolen.tokenError == "invalid_grant")
        #expect(stolen.clientID == fixture.otherID)
        _ = try TokenAnswer(try await fixture.post(fixture.redemption(code)))
    }

    @Test func `who fails to authenticate never reaches the code`() async throws {
        let fixture = try await TokenFixture()
        let code = try await fixture.code(client: fixture.secret.id)
        fixture.store.forget()
        for changes in [
            ["client_id": fixture.secret.id],
            ["client_id": fixture.secret.id, "client_secret": "wrong"],
        ] as [[String: String?]] {
            let refused = try await fixture.post(fixture.redemption(code, changes))
            #expect(refused.status == 401)
            #expect(refused.tokenError == "invalid_client")
        }
        #expect(!fixture.store.calls.contains("code"))
        let good = try await fixture.post(
            fixture.redemption(
                code, ["client_id": fixture.secret.id, "client_secret": fixture.secret.secret]))
        _ = try TokenAnswer(good)
    }

    @Test func `a request without redirect URI has a code that is redeemed without`() async throws {
        let fixture = try await TokenFixture()
        let code = try await fixture.code(redirectURI: "")
        #expect(try await fixture.post(fixture.redemption(code)).tokenError == "invalid_grant")
        let form = fixture.redemption(code, ["redirect_uri": nil])
        _ = try TokenAnswer(try await fixture.post(form))
    }

    @Test(arguments: [
        "https://gate.example/tickets/mcp", "https://gate.example/tickets/mcp/",
        "HTTPS://GATE.example:443/tickets/mcp",
    ])
    func `a resource may be repeated when the code is redeemed`(resource: String) async throws {
        let fixture = try await TokenFixture()
        let form = fixture.redemption(try await fixture.code(), ["resource": resource])
        _ = try TokenAnswer(try await fixture.post(form))
    }

    @Test func `a code ends with its time`() async throws {
        let fixture = try await TokenFixture()
        let late = fixture.redemption(try await fixture.code())
        #expect(try await fixture.post(late, seconds: 60).tokenError == "invalid_grant")
        #expect(try await fixture.store.grants(of: nil, limit: 10).isEmpty)
        let last = fixture.redemption(try await fixture.code())
        _ = try TokenAnswer(try await fixture.post(last, seconds: 59))
    }

    @Test func `what may no longer be granted is left out when a code is redeemed`() async throws {
        let fixture = try await TokenFixture()
        let code = try await fixture.code(scope: "read close admin")
        var user = TokenFixture.ann
        user.groups = []
        fixture.users.set(user)
        let answer = try TokenAnswer(try await fixture.post(fixture.redemption(code)))
        #expect(answer.scope == "read")
        #expect(try answer.claims(fixture).document.root["grantable"]?.string == "read write")
        #expect(try await answer.grant(fixture).scope == "read")
        let nothing = try await fixture.code(scope: "close")
        let refused = try await fixture.post(fixture.redemption(nothing))
        #expect(refused.tokenError == "invalid_grant")
    }

    @Test(arguments: [true, false])
    func `a code of a user who is gone, or is another one now, is refused`(
        isGone: Bool
    ) async throws {
        let fixture = try await TokenFixture()
        let code = try await fixture.code()
        var user = TokenFixture.ann
        user.subject = "local:another"
        if isGone { fixture.users.remove(user) } else { fixture.users.set(user) }
        let refused = try await fixture.post(fixture.redemption(code))
        #expect(refused.tokenError == "invalid_grant")
        #expect(try await fixture.store.grants(of: nil, limit: 10).isEmpty)
    }

    @Test func `a code for a server that is no longer configured is refused`() async throws {
        let fixture = try await TokenFixture()
        let code = try await fixture.code(server: "gone")
        #expect(try await fixture.post(fixture.redemption(code)).tokenError == "invalid_grant")
    }
}
