import Cryptography
import Foundation
import HTTP
import JOSE
import JSON
import OAuth
import Storage
import Testing

@testable import AuthorizationServer

@Suite struct ClientCredentialsGrantTests {
    private static let form = ["grant_type": "client_credentials"]

    @Test func `a named client gets a token for itself, listed and without a refresh token`()
        async throws
    {
        let fixture = try await MachineFixture.make()
        let answer = try await fixture.postBasic(Self.form)
        let tokens = try TokenAnswer(answer)
        #expect(tokens.refresh == "")
        #expect(tokens.scope == "run")
        let claims = try tokens.claims(fixture)
        let root = claims.document.root
        let subject = User.subject(of: "robot", from: "client", issuer: TokenFixture.issuer)
        #expect(claims.subject == subject)
        #expect(root["client_id"]?.string == "robot")
        #expect(claims.audience == [MachineFixture.ticketsURL])
        #expect(root["grantable"]?.string == "run")
        #expect(root["act"] == nil)
        let grant = try await tokens.grant(fixture)
        #expect(grant.subject == subject && grant.client == "robot" && grant.source == "client")
        #expect(grant.refresh == nil && grant.endedAt == nil)
        #expect(answer.clientID == "robot" && answer.subject == subject)
        #expect(
            answer.events == [
                .issuance(
                    AuditEvent.Issuance(
                        basis: .clientCredentials, server: "tickets", scope: "run",
                        grantID: grant.id, tokenID: try #require(claims.id)))
            ])
    }

    /// Who asks for what, and the error; nil for a token.
    static let requests: [(String, [String: String], String?)] = [
        ("robot", ["resource": MachineFixture.ticketsURL], nil),
        ("robot", ["resource": MachineFixture.ticketsURL + "/"], nil),
        ("robot", ["scope": "run"], nil),
        ("robot", ["resource": MachineFixture.wikiURL], "invalid_target"),
        ("robot", ["resource": "https://other.example/mcp"], "invalid_target"),
        ("robot", ["resource": "nonsense"], "invalid_target"),
        ("robot", ["scope": "read"], "invalid_scope"),
        ("robot", ["scope": "run write"], "invalid_scope"),
        ("robot", ["scope": "run offline_access"], "invalid_scope"),
        ("robot", ["scope": "admin"], "invalid_scope"),
        ("robot", ["scope": "\"run\""], "invalid_scope"),
        ("app", [:], "unauthorized_client"),
    ]

    @Test(arguments: requests)
    func `what is not granted to the client by name is refused, not left out`(
        id: String, more: [String: String], error: String?
    ) async throws {
        let fixture = try await MachineFixture.make()
        let answer = try await fixture.postBasic(Self.form.merging(more) { $1 }, id: id)
        #expect(answer.tokenError == error, "\(answer.texts)")
        #expect(answer.status == (error == nil ? 200 : 400))
    }

    @Test func `without a resource the only server that the client may use is meant`() async throws
    {
        let fixture = try await MachineFixture.make()
        let signed = TokenFixture.signed(try TokenFixture.clientAssertion(), Self.form)
        #expect(try await fixture.post(signed).tokenError == "invalid_target")
        #expect(try await fixture.postBasic(Self.form).status == 200)
    }

    @Test func `a scope that names no machine is for users only`() async throws {
        let fixture = try await MachineFixture.make()
        let form = Self.form.merging(["resource": MachineFixture.wikiURL]) { $1 }
        let answer = try await fixture.post(
            TokenFixture.signed(try TokenFixture.clientAssertion(), form))
        #expect(answer.tokenError == "invalid_scope")
    }

    @Test func `a scope smuggles in nothing that others are named for`() async throws {
        let fixture = try await MachineFixture.make { options in
            options.resources[0].scopes[0].grantedTo = ["local/user:ann"]
        }
        #expect(try await fixture.postBasic(Self.form).tokenError == "invalid_scope")
    }

    @Test func `clients of a scope and scopes of a client both bound what it gets`() async throws {
        for change in [true, false] {
            let fixture = try await MachineFixture.make { options in
                if change {
                    options.resources[0].scopes[4].clients = .listed(["client:signer"])
                } else {
                    options.clients[0].scopes = ScopeSet(parsing: "read")
                }
            }
            #expect(try await fixture.postBasic(Self.form).tokenError == "invalid_scope")
        }
    }

    @Test(arguments: ["client_credentials", "jwt_bearer", "token_exchange"])
    func `who registered itself never gets a token without a user`(name: String) async throws {
        let fixture = try await MachineFixture.make()
        let type = try #require(GrantType(named: name))
        let more = [
            "grant_type": type.rawValue, "assertion": try TokenFixture.identityAssertion(),
            "subject_token": "x", "subject_token_type": TokenExchangeRequest.accessTokenType,
            "resource": MachineFixture.ticketsURL,
        ]
        let confidential = try await fixture.postBasic(
            more, id: fixture.secret.id, secret: fixture.secret.secret)
        #expect(confidential.tokenError == "unauthorized_client")
        let open = try await fixture.post(more.merging(["client_id": fixture.clientID]) { $1 })
        #expect(open.tokenError == "unauthorized_client")
    }

    @Test func `a public client gets nothing for itself even where its entry says so`() async throws
    {
        let fixture = try await MachineFixture.make { options in
            options.clients[4].grants.insert(.clientCredentials)
        }
        let answer = try await fixture.post(Self.form.merging(["client_id": "pod"]) { $1 })
        #expect(answer.tokenError == "unauthorized_client")
    }

    @Test(arguments: [
        "wrong", "", MachineFixture.secret + " ", "a secret of the robot, long enoug",
    ])
    func `another secret proves nothing`(secret: String) async throws {
        let fixture = try await MachineFixture.make()
        let answer = try await fixture.postBasic(Self.form, secret: secret)
        #expect(answer.status == 401 && answer.tokenError == "invalid_client")
        #expect(answer.fields.contains { $0.name == "WWW-Authenticate" })
    }

    @Test func `the secret is taken in the form too, and nowhere else`() async throws {
        let fixture = try await MachineFixture.make()
        let more = ["client_id": "robot", "client_secret": MachineFixture.secret]
        #expect(try await fixture.post(Self.form.merging(more) { $1 }).status == 200)
        let query = try TokenFixture.request(
            TokenFixture.encoded(Self.form), target: "/token?" + TokenFixture.encoded(more))
        #expect(await fixture.endpoint.respond(to: query).tokenError == "invalid_client")
    }

    @Test func `a client that the operator revoked gets nothing more`() async throws {
        let fixture = try await MachineFixture.make()
        let tokens = try TokenAnswer(try await fixture.postBasic(Self.form))
        let grant = try await tokens.grant(fixture)
        let ended = try await fixture.store.revokeClient("robot", name: "", at: TokenFixture.now)
        #expect(ended == [grant.id])
        #expect(try await fixture.postBasic(Self.form).tokenError == "invalid_client")
    }

    @Test func `a client that is revoked meanwhile gets no grant`() async throws {
        let fixture = try await MachineFixture.make()
        _ = try await fixture.store.revokeClient("robot", name: "", at: TokenFixture.now)
        let grant = GrantRecord(
            id: RefreshTokens.makeGrantID(), server: "tickets", subject: "s", source: "client",
            userName: "robot", client: "robot", clientName: "", scope: "run",
            issuedAt: TokenFixture.now, expiresAt: TokenFixture.now + 60)
        let recording = try await fixture.store.record(grant, using: nil, at: TokenFixture.now)
        #expect(recording == .revoked)
        #expect(try await fixture.store.grant(grant.id) == nil)
    }

    @Test func `the client can give its token up`() async throws {
        let fixture = try await MachineFixture.make()
        let tokens = try TokenAnswer(try await fixture.postBasic(Self.form))
        let form = [
            "token": tokens.access, "client_id": "robot", "client_secret": MachineFixture.secret,
        ]
        let answer = await fixture.revocation.respond(
            to: try TokenFixture.request(TokenFixture.encoded(form), target: "/revoke"))
        #expect(answer.status == 200)
        #expect(answer.endedGrants == [try await tokens.grant(fixture).id])
    }

    @Test func `a named client wins over what is registered, and registration may be off`()
        async throws
    {
        let fixture = try await MachineFixture.make { $0.registration.dynamic = .off }
        #expect(try await fixture.postBasic(Self.form).status == 200)
        let row = ClientRecord(
            id: "robot", name: "Imposter", status: .active, metadata: [], createdAt: 1,
            expiresAt: nil)
        #expect(try await fixture.store.register(row, limit: 10, at: TokenFixture.now))
        #expect(try await fixture.postBasic(Self.form).status == 200)
    }

    @Test func `who may not use codes gets none and no refresh token without its grant`()
        async throws
    {
        let fixture = try await MachineFixture.make { options in
            options.clients[5].grants = [.authorizationCode]
        }
        let code = try await fixture.code(client: "app")
        let form = fixture.redemption(code, ["client_id": nil])
        let tokens = try TokenAnswer(try await fixture.postBasic(form, id: "app"))
        #expect(tokens.refresh == "")
        #expect(try await tokens.grant(fixture).refresh == nil)
        let other = try await fixture.code(client: "robot")
        let refused = try await fixture.postBasic(fixture.redemption(other, ["client_id": nil]))
        #expect(refused.tokenError == "unauthorized_client")
    }
}
