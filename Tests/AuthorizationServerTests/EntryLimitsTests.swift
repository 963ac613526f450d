import Cryptography
import OAuth
import Seals
import Testing

@testable import AuthorizationServer

/// What an entry of `clients:` bounds, whichever way a token is got.
@Suite struct EntryLimitsTests {
    private static func redeemed(
        _ fixture: TokenFixture, _ server: String, _ scope: String
    ) async throws -> EndpointResponse {
        let code = try await fixture.code(scope: scope, client: "app", server: server)
        return try await fixture.postBasic(
            fixture.redemption(code, ["client_id": nil]), id: "app")
    }

    @Test func `a client gets users' tokens for its servers only`() async throws {
        let fixture = try await MachineFixture.make { $0.clients[5].servers = ["wiki"] }
        let tickets = try await Self.redeemed(fixture, "tickets", "read")
        #expect(tickets.tokenError == "invalid_grant")
        #expect(try await Self.redeemed(fixture, "wiki", "wiki").status == 200)
    }

    @Test func `a client gets users' tokens with its scopes only`() async throws {
        let fixture = try await MachineFixture.make {
            $0.clients[5].scopes = ScopeSet(parsing: "write")
        }
        // What includes another scope needs that one too.
        for scope in ["read", "wiki"] {
            let server = scope == "wiki" ? "wiki" : "tickets"
            let answer = try await Self.redeemed(fixture, server, scope)
            #expect(answer.tokenError == "invalid_grant")
        }
    }

    @Test func `a server that the entry leaves out is no longer refreshed`() async throws {
        let fixture = try await MachineFixture.make()
        let tokens = try TokenAnswer(try await Self.redeemed(fixture, "tickets", "read"))
        var options = fixture.options
        options.clients[5].servers = ["wiki"]
        let form = fixture.refresh(
            tokens.refresh, ["client_id": "app", "client_secret": MachineFixture.secret])
        let answer = await fixture.endpoint(options).respond(
            to: try TokenFixture.request(TokenFixture.encoded(form)))
        #expect(answer.tokenError == "invalid_grant")
    }

    @Test func `an entry that was revoked is nobody, whatever the configuration says`() async throws
    {
        let fixture = try await MachineFixture.make()
        let directory = ClientDirectory(
            store: fixture.store, ring: KeyRing([RegistrationFixture.newKey]),
            options: fixture.options.registration, entries: fixture.options.clients)
        #expect(try await directory.client("app", at: TokenFixture.now)?.id == "app")
        _ = try await fixture.store.revokeClient("app", name: "", at: TokenFixture.now)
        #expect(try await directory.client("app", at: TokenFixture.now) == nil)
    }

    @Test func `without scopes of its own a machine gets none`() async throws {
        let fixture = try await MachineFixture.make { $0.clients[0].scopes = nil }
        let form = ["grant_type": "client_credentials", "scope": "run"]
        #expect(try await fixture.postBasic(form).tokenError == "invalid_scope")
        let usual = try await MachineFixture.make()
        #expect(try await usual.postBasic(form).status == 200)
    }

    @Test(arguments: [true, false])
    func `a client without the grant of codes cannot ask anybody`(mayAsk: Bool) async throws {
        let fixture = try await ConsentFixture()
        let secret = SecretBytes(Array(MachineFixture.secret.utf8))
        let entry = ClientEntry(
            id: "machine", name: "Machine", credential: .secret(secret),
            redirectURIs: [try #require(RedirectURI(ConsentFixture.callback))],
            grants: mayAsk ? [.authorizationCode] : [.clientCredentials])
        let usual = fixture.interaction
        let interaction = Interaction(
            options: usual.options,
            clients: ClientDirectory(
                store: fixture.store, ring: fixture.ring, options: usual.options.registration,
                entries: [entry]),
            sessions: usual.sessions, store: usual.store, ring: usual.ring, sources: usual.sources)
        let request = try ConsentBrowser(fixture).request("GET", ConsentFixture.target("machine"))
        let answer = await AuthorizationEndpoint(interaction).respond(to: request)
        let error = answer.fields.contains { $0.value.contains("error=unauthorized_client") }
        #expect(error == !mayAsk)
        #expect((answer.status == 200) == mayAsk)
    }
}
