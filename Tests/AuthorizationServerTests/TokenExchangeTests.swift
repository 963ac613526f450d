import AuthorizationServer
import Cryptography
import Foundation
import HTTP
import JOSE
import JSON
import OAuth
import Storage
import Testing

@Suite struct TokenExchangeTests {
    private static let now = TokenFixture.now

    /// What the app got for one of its codes.
    private static func tokens(
        _ fixture: TokenFixture, server: String = "tickets", scope: String = "read"
    ) async throws -> TokenAnswer {
        let code = try await fixture.code(scope: scope, client: "app", server: server)
        let form = fixture.redemption(code, ["client_id": nil])
        return try TokenAnswer(try await fixture.postBasic(form, id: "app"))
    }

    private static func form(
        _ token: String, _ changes: [String: String?] = [:]
    ) -> [String: String] {
        TokenFixture.changed(
            [
                "grant_type": GrantType.tokenExchange.rawValue, "subject_token": token,
                "subject_token_type": TokenExchangeRequest.accessTokenType,
                "resource": MachineFixture.wikiURL,
            ], changes)
    }

    @Test func `a token becomes one for another server to which the user agreed too`() async throws
    {
        let fixture = try await MachineFixture.make()
        let first = try await Self.tokens(fixture)
        _ = try await Self.tokens(fixture, server: "wiki", scope: "wiki")
        let answer = try await fixture.postBasic(Self.form(first.access), id: "app", seconds: 100)
        // RFC 8693 §2.2.1
        let tokens = try TokenAnswer(answer)
        #expect(answer.texts["issued_token_type"] == TokenExchangeRequest.accessTokenType)
        #expect(tokens.refresh == "" && tokens.scope == "wiki")
        let (old, new) = (try first.claims(fixture), try tokens.claims(fixture))
        #expect(new.subject == old.subject)
        #expect(new.audience == [MachineFixture.wikiURL])
        #expect(new.expiresAt == old.expiresAt)
        #expect(tokens.lifetime == 3500)
        #expect(new.document.root["gid"]?.string == old.document.root["gid"]?.string)
        #expect(new.document.root["grantable"]?.string == "wiki")
        // RFC 8693 §4.1
        let actor = new.document.root["act"]?["sub"]?.string
        #expect(actor == User.subject(of: "app", from: "client", issuer: TokenFixture.issuer))
    }

    /// What is changed in the request, and the error.
    static let requests: [([String: String?], String)] = [
        (["subject_token": nil], "invalid_request"), (["subject_token": "x"], "invalid_request"),
        (["subject_token_type": nil], "invalid_request"),
        (["subject_token_type": "urn:ietf:params:oauth:token-type:jwt"], "invalid_request"),
        (["subject_token_type": "urn:ietf:params:oauth:token-type:id_token"], "invalid_request"),
        (
            ["requested_token_type": "urn:ietf:params:oauth:token-type:refresh_token"],
            "invalid_request"
        ),
        (["actor_token": "x"], "invalid_request"), (["actor_token_type": "x"], "invalid_request"),
        (["audience": "wiki"], "invalid_target"), (["resource": nil], "invalid_target"),
        (["resource": MachineFixture.ticketsURL], "invalid_target"),
        (["resource": "https://other.example/mcp"], "invalid_target"),
        (["scope": "wiki read"], "invalid_scope"), (["scope": "read"], "invalid_scope"),
    ]

    @Test(arguments: requests)
    func `what is not as the entry says is refused by its registered error`(
        changes: [String: String?], error: String
    ) async throws {
        let fixture = try await MachineFixture.make()
        let first = try await Self.tokens(fixture)
        _ = try await Self.tokens(fixture, server: "wiki", scope: "wiki")
        let answer = try await fixture.postBasic(Self.form(first.access, changes), id: "app")
        #expect(answer.status == 400 && answer.tokenError == error, "\(answer.texts)")
        let usual = try await fixture.postBasic(Self.form(first.access), id: "app")
        #expect(usual.status == 200)
    }

    @Test func `without the user's consent for the target there is nothing`() async throws {
        let fixture = try await MachineFixture.make()
        let first = try await Self.tokens(fixture)
        let form = Self.form(first.access)
        #expect(try await fixture.postBasic(form, id: "app").tokenError == "invalid_target")
        let second = try await Self.tokens(fixture, server: "wiki", scope: "wiki")
        #expect(try await fixture.postBasic(form, id: "app").status == 200)
        let grant = try await second.grant(fixture)
        #expect(try await fixture.store.endGrant(grant.id, at: Self.now))
        #expect(try await fixture.postBasic(form, id: "app").tokenError == "invalid_target")
    }

    @Test func `consent for another client or of another user is none`() async throws {
        for isOther in [true, false] {
            let fixture = try await MachineFixture.make()
            let first = try await Self.tokens(fixture)
            try await fixture.store.record(
                GrantRecord(
                    id: RefreshTokens.makeGrantID(), server: "wiki",
                    subject: isOther ? "local:bob-digest" : TokenFixture.ann.subject,
                    source: "local", userName: "x", client: isOther ? "app" : "other",
                    clientName: "", scope: "wiki", issuedAt: Self.now, expiresAt: Self.now + 999))
            let answer = try await fixture.postBasic(Self.form(first.access), id: "app")
            #expect(answer.tokenError == "invalid_target")
        }
    }

    @Test func `a revoked token, an expired one and another client's are no subject`() async throws
    {
        let fixture = try await MachineFixture.make { options in
            var other = options.clients[5]
            other.id = "second"
            options.clients.append(other)
        }
        let first = try await Self.tokens(fixture)
        _ = try await Self.tokens(fixture, server: "wiki", scope: "wiki")
        let form = Self.form(first.access)
        let foreign = try await fixture.postBasic(form, id: "second")
        #expect(foreign.tokenError == "invalid_request")
        let late = try await fixture.postBasic(form, id: "app", seconds: 3600)
        #expect(late.tokenError == "invalid_request")
        #expect(
            try await fixture.store.endGrant(try await first.grant(fixture).id, at: Self.now))
        let ended = try await fixture.postBasic(form, id: "app")
        #expect(ended.tokenError == "invalid_request")
        // RFC 8693 §2.2.2 — all in the same words.
        #expect(foreign.body == late.body && late.body == ended.body)
    }

    @Test func `what was got by an exchange is not exchanged again`() async throws {
        let fixture = try await MachineFixture.make { options in
            options.clients[5].exchanges.append(
                ClientEntry.Exchange(
                    from: "wiki", to: "tickets", scopes: try #require(ScopeSet(parsing: "read"))))
        }
        let first = try await Self.tokens(fixture)
        _ = try await Self.tokens(fixture, server: "wiki", scope: "wiki")
        let second = try TokenAnswer(
            try await fixture.postBasic(Self.form(first.access), id: "app"))
        let back = Self.form(second.access, ["resource": MachineFixture.ticketsURL])
        #expect(try await fixture.postBasic(back, id: "app").tokenError == "invalid_request")
    }

    @Test func `a user who is gone has nothing exchanged`() async throws {
        let fixture = try await MachineFixture.make()
        let first = try await Self.tokens(fixture)
        _ = try await Self.tokens(fixture, server: "wiki", scope: "wiki")
        fixture.users.remove(TokenFixture.ann)
        let answer = try await fixture.postBasic(Self.form(first.access), id: "app")
        #expect(answer.tokenError == "invalid_request")
    }

    @Test func `the provider of the user is asked before anything is exchanged`() async throws {
        let fixture = try await MachineFixture.make()
        let first = try await Self.tokens(fixture)
        _ = try await Self.tokens(fixture, server: "wiki", scope: "wiki")
        let form = Self.form(first.access)
        // Until then the user may stay without another sign-in.
        fixture.users.answer(.present(TokenFixture.ann, until: Self.now + 50))
        #expect(try TokenAnswer(try await fixture.postBasic(form, id: "app")).lifetime == 50)
        fixture.users.answer(.unknown(reason: "silent"))
        let silent = try await fixture.postBasic(form, id: "app")
        #expect(silent.status == 503 && silent.tokenError == "temporarily_unavailable")
        fixture.users.answer(.gone(endedGrants: ["g7"]))
        let gone = try await fixture.postBasic(form, id: "app")
        #expect(gone.tokenError == "invalid_request" && gone.endedGrants == ["g7"])
    }

    @Test func `without a rule in its entry a client exchanges nothing`() async throws {
        let fixture = try await MachineFixture.make { $0.clients[5].exchanges = [] }
        let first = try await Self.tokens(fixture)
        _ = try await Self.tokens(fixture, server: "wiki", scope: "wiki")
        let answer = try await fixture.postBasic(Self.form(first.access), id: "app")
        #expect(answer.tokenError == "invalid_target")
    }

    @Test func `a user's consent binds what the new token may do`() async throws {
        let fixture = try await MachineFixture.make { options in
            options.resources[1].scopes.append(try TokenFixture.scope("more"))
            options.clients[5].scopes = ScopeSet(parsing: "read wiki more")
            options.clients[5].exchanges[0].scopes = try #require(ScopeSet(parsing: "wiki more"))
        }
        let first = try await Self.tokens(fixture)
        _ = try await Self.tokens(fixture, server: "wiki", scope: "wiki")
        let more = Self.form(first.access, ["scope": "more"])
        #expect(try await fixture.postBasic(more, id: "app").tokenError == "invalid_scope")
        let usual = try TokenAnswer(try await fixture.postBasic(Self.form(first.access), id: "app"))
        #expect(usual.scope == "wiki")
    }
}
