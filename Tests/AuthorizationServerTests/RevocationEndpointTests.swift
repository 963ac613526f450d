import AuthorizationServer
import HTTP
import JOSE
import OAuth
import Storage
import Testing

@Suite struct RevocationEndpointTests {
    static func revoke(
        _ fixture: TokenFixture, _ form: [String: String], seconds: Int64 = 0
    ) async throws -> EndpointResponse {
        await fixture.revocation.respond(
            to: try TokenFixture.request(
                TokenFixture.encoded(form), target: "/revoke",
                at: (TokenFixture.now + seconds) * 1000))
    }

    @Test(arguments: [nil, "access_token", "refresh_token", "something_else"] as [String?])
    func `either token ends the grant, whatever the hint says`(hint: String?) async throws {
        for isRefresh in [true, false] {
            let fixture = try await TokenFixture()
            let tokens = try await fixture.tokens()
            let form = TokenFixture.changed(
                [
                    "token": isRefresh ? tokens.refresh : tokens.access,
                    "client_id": fixture.clientID,
                ], ["token_type_hint": hint])
            let answer = try await Self.revoke(fixture, form)
            let grant = try await tokens.grant(fixture)
            #expect(answer.status == 200)
            #expect(answer.endedGrants == [grant.id])
            #expect(answer.subject == TokenFixture.ann.subject)
            #expect(answer.fields.contains(.init("Access-Control-Allow-Origin", "*")))
            #expect(grant.endedAt == TokenFixture.now)
            let refreshed = try await fixture.post(fixture.refresh(tokens.refresh))
            #expect(refreshed.tokenError == "invalid_grant")
        }
    }

    @Test func `an access token that has expired, and a replaced refresh token, end it too`()
        async throws
    {
        for isRefresh in [true, false] {
            let fixture = try await TokenFixture()
            let tokens = try await fixture.tokens()
            _ = try TokenAnswer(try await fixture.post(fixture.refresh(tokens.refresh)))
            let form = [
                "token": isRefresh ? tokens.refresh : tokens.access, "client_id": fixture.clientID,
            ]
            let answer = try await Self.revoke(fixture, form, seconds: 86_400)
            #expect(answer.endedGrants.count == 1)
            #expect(try await tokens.grant(fixture).endedAt != nil)
        }
    }

    @Test func `a token that nobody knows is as good as revoked`() async throws {
        let fixture = try await TokenFixture()
        let tokens = try await fixture.tokens()
        let foreign = try await TokenFixture().tokens()
        fixture.store.forget()
        let texts = [
            "unknown", "a.b.c", tokens.access + "A", String(tokens.refresh.dropLast()),
            foreign.access, String(repeating: "a", count: 10_000), "\u{E9}",
        ]
        for text in texts {
            let answer = try await Self.revoke(
                fixture, ["token": text, "client_id": fixture.clientID])
            #expect(answer.status == 200)
            #expect(answer.endedGrants.isEmpty)
        }
        #expect(Set(fixture.store.calls) == ["client"])
        #expect(try await tokens.grant(fixture).endedAt == nil)
    }

    @Test func `a token of another type, or of another issuer with our key, ends nothing`()
        async throws
    {
        let fixture = try await TokenFixture()
        let tokens = try await fixture.tokens()
        let gid = try await tokens.grant(fixture).id
        for (type, issuer) in [("jwt", TokenFixture.issuer), ("at+jwt", "https://x.example")] {
            let text = try SignedJWT.compact(
                type: type, keyID: fixture.keys.currentID,
                claims: Array("{\"iss\":\"\(issuer)\",\"gid\":\"\(gid)\"}".utf8),
                key: fixture.keys.current)
            let answer = try await Self.revoke(
                fixture, ["token": text, "client_id": fixture.clientID])
            #expect(answer.status == 200)
            #expect(answer.endedGrants.isEmpty)
        }
        #expect(try await tokens.grant(fixture).endedAt == nil)
    }

    @Test func `no client revokes what another was given`() async throws {
        let fixture = try await TokenFixture()
        let tokens = try await fixture.tokens()
        for token in [tokens.access, tokens.refresh] {
            let answer = try await Self.revoke(
                fixture, ["token": token, "client_id": fixture.otherID])
            #expect(answer.status == 400)
            #expect(answer.tokenError == "invalid_grant")
            #expect(answer.endedGrants.isEmpty)
        }
        #expect(try await tokens.grant(fixture).endedAt == nil)
    }

    /// A change to a good form, and the answer.
    static let wrong: [(String, String?, Int, String)] = [
        ("client_id", nil, 401, "invalid_client"), ("client_id", "nobody", 401, "invalid_client"),
        ("client_secret", "x", 401, "invalid_client"), ("token", nil, 400, "invalid_request"),
        ("token", "", 400, "invalid_request"),
    ]

    @Test(arguments: wrong)
    func `a wrong request is refused and ends nothing`(
        name: String, value: String?, status: Int, error: String
    ) async throws {
        let fixture = try await TokenFixture()
        let tokens = try await fixture.tokens()
        let form = TokenFixture.changed(
            ["token": tokens.refresh, "client_id": fixture.clientID], [name: value])
        let answer = try await Self.revoke(fixture, form)
        #expect(answer.status == status)
        #expect(answer.tokenError == error)
        #expect(try await tokens.grant(fixture).endedAt == nil)
    }

    @Test(arguments: ["GET", "DELETE"])
    func `only POST revokes`(method: String) async throws {
        let fixture = try await TokenFixture()
        let request = try TokenFixture.request("", method: method, target: "/revoke")
        #expect(await fixture.revocation.respond(to: request).status == 405)
    }

    @Test(arguments: ["grant", "endGrant"])
    func `where the store fails the client is told to come again`(call: String) async throws {
        let fixture = try await TokenFixture()
        let form = ["token": try await fixture.tokens().refresh, "client_id": fixture.clientID]
        fixture.store.fail([call])
        let answer = try await Self.revoke(fixture, form)
        #expect(answer.status == 503)
        #expect(answer.fields.contains { $0.name == "Retry-After" })
        #expect(answer.endedGrants.isEmpty)
        fixture.store.fail([])
        #expect(try await Self.revoke(fixture, form).endedGrants.count == 1)
    }
}
