import AuthorizationServer
import JOSE
import JSON
import OAuth
import Testing

/// What bounds a token that comes of another: the client's rule, the user's consent, and what the user may
/// be granted now.
@Suite struct ExchangeLimitsTests {
    /// A wiki with a second scope, which ann's group may have, and an app that may exchange both.
    private static func fixture(
        _ change: (inout ClientEntry) throws -> Void = { _ in }
    ) async throws -> TokenFixture {
        try await MachineFixture.make { options in
            options.resources[1].scopes.append(
                try TokenFixture.scope("team", grantedTo: ["local/group:support"]))
            options.clients[5].scopes = ScopeSet(parsing: "read write wiki team")
            options.clients[5].exchanges[0].scopes = try #require(ScopeSet(parsing: "wiki team"))
            try change(&options.clients[5])
        }
    }

    /// The form that exchanges a token for tickets; ann has agreed to both scopes of the wiki.
    private static func form(_ fixture: TokenFixture) async throws -> [String: String] {
        var access = ""
        for (server, scope) in [("wiki", "wiki team"), ("tickets", "read")] {
            let code = try await fixture.code(scope: scope, client: "app", server: server)
            let form = fixture.redemption(code, ["client_id": nil])
            access = try TokenAnswer(try await fixture.postBasic(form, id: "app")).access
        }
        return [
            "grant_type": GrantType.tokenExchange.rawValue, "subject_token": access,
            "subject_token_type": TokenExchangeRequest.accessTokenType,
            "resource": MachineFixture.wikiURL,
        ]
    }

    @Test func `all that rule, consent and user allow is given`() async throws {
        let fixture = try await Self.fixture()
        let answer = try await fixture.postBasic(try await Self.form(fixture), id: "app")
        #expect(try TokenAnswer(answer).scope == "wiki team")
    }

    @Test(arguments: [("wiki", "wiki"), ("wiki", "tickets"), ("tickets", "tickets")])
    func `a rule is from one server to one server`(from: String, to: String) async throws {
        let fixture = try await Self.fixture { app in
            app.exchanges[0].from = from
            app.exchanges[0].to = to
        }
        let answer = try await fixture.postBasic(try await Self.form(fixture), id: "app")
        #expect(answer.tokenError == "invalid_target")
    }

    @Test func `the rule's scopes are the most that is given`() async throws {
        let fixture = try await Self.fixture {
            $0.exchanges[0].scopes = try #require(ScopeSet(parsing: "wiki read"))
        }
        let form = try await Self.form(fixture)
        #expect(try TokenAnswer(try await fixture.postBasic(form, id: "app")).scope == "wiki")
        let more = form.merging(["scope": "team"]) { $1 }
        #expect(try await fixture.postBasic(more, id: "app").tokenError == "invalid_scope")
    }

    @Test func `what the user may no longer have is not given, whatever was agreed`() async throws {
        let fixture = try await Self.fixture()
        let form = try await Self.form(fixture)
        var ann = TokenFixture.ann
        ann.groups = []
        fixture.users.set(ann)
        let answer = try TokenAnswer(try await fixture.postBasic(form, id: "app"))
        #expect(answer.scope == "wiki")
        #expect(try answer.claims(fixture).document.root["grantable"]?.string == "wiki")
        let more = form.merging(["scope": "team"]) { $1 }
        #expect(try await fixture.postBasic(more, id: "app").tokenError == "invalid_scope")
    }

    @Test func `who has the name of the user now is somebody else`() async throws {
        let fixture = try await Self.fixture()
        let form = try await Self.form(fixture)
        var other = TokenFixture.ann
        other.subject = "local:another-digest"
        fixture.users.set(other)
        #expect(try await fixture.postBasic(form, id: "app").tokenError == "invalid_request")
    }
}
