import JSON
import OAuth
import Storage
import Testing

@testable import AuthorizationServer

/// Clients that manage their registration (RFC 7592).
@Suite struct ClientConfigurationTests {
    private static let now = RegistrationFixture.now

    private struct Registered {
        let id: String
        let token: String
        let uri: String
    }

    private func register(
        _ fixture: RegistrationFixture,
        _ body: String = RegistrationFixture.body("Tool", ["http://127.0.0.1/callback"])
    ) async throws -> Registered {
        let answer = await fixture.endpoint().respond(
            to: try RegistrationFixture.request(body: body))
        let root = try JSONDocument(parsing: answer.body).root
        return Registered(
            id: try #require(root["client_id"]?.string),
            token: try #require(root["registration_access_token"]?.string),
            uri: try #require(root["registration_client_uri"]?.string))
    }

    private func send(
        _ fixture: RegistrationFixture, _ method: String, _ id: String, token: String?,
        body: String = ""
    ) async throws -> EndpointResponse {
        await fixture.endpoint().respond(
            to: try RegistrationFixture.request(
                method, body: body, query: "?client_id=\(id)",
                fields: token.map { "Authorization: Bearer \($0)\r\n" } ?? ""))
    }

    private static func body(
        _ id: String, _ name: String = "Tool", _ uri: String = "http://127.0.0.1/callback",
        more: String = ""
    ) -> String {
        #"{"client_id":"\#(id)","client_name":"\#(name)","redirect_uris":["\#(uri)"]\#(more)}"#
    }

    @Test func `a client reads what it registered`() async throws {
        let fixture = try await RegistrationFixture()
        let client = try await register(
            fixture,
            RegistrationFixture.body(
                "Tool", ["http://127.0.0.1/callback"], method: "client_secret_basic"))
        #expect(client.uri == "https://gw.example/register?client_id=\(client.id)")
        let answer = try await send(fixture, "GET", client.id, token: client.token)
        #expect(answer.status == 200)
        #expect(answer.fields.contains(.init("Cache-Control", "no-store")))
        let root = try JSONDocument(parsing: answer.body).root
        #expect(root["client_id"]?.string == client.id)
        #expect(root["client_name"]?.string == "Tool")
        #expect(root["registration_access_token"]?.string == client.token)
        #expect(root["registration_client_uri"]?.string == client.uri)
        #expect(root["client_secret"]?.string != nil)
        #expect(root["redirect_uris"]?.elements.map(\.string) == ["http://127.0.0.1/callback"])
    }

    @Test(arguments: ["GET", "PUT", "DELETE"])
    func `without its own token nobody sees or changes a client`(method: String) async throws {
        let fixture = try await RegistrationFixture()
        let (client, other) = (try await register(fixture), try await register(fixture))
        for token in [nil, "", "x", other.token, client.token + "x", client.id] {
            let body = Self.body(client.id, "Evil")
            let answer = try await send(fixture, method, client.id, token: token, body: body)
            #expect(answer.status == 401)
            #expect(RegistrationEndpointTests.error(answer) == "invalid_token")
        }
        #expect(try await fixture.rowCount() == 0)
    }

    @Test func `a client without a row has one once it changes, which wins over its id`()
        async throws
    {
        let fixture = try await RegistrationFixture()
        let client = try await register(fixture)
        #expect(try await fixture.rowCount() == 0)
        let body = Self.body(client.id, "New Tool", "http://127.0.0.1/new")
        let answer = try await send(fixture, "PUT", client.id, token: client.token, body: body)
        #expect(answer.status == 200)
        #expect(answer.events == [.registrationChange(isAccepted: true)])
        let found = try #require(try await fixture.directory().client(client.id, at: Self.now))
        #expect(found.name == "New Tool")
        #expect(found.redirectURIs.map(\.text) == ["http://127.0.0.1/new"])
        // Whoever agreed to the old one is asked again.
        #expect(found.revision.count == 32)
        #expect(try await fixture.rowCount() == 1)
    }

    @Test func `who says the same again changes nothing`() async throws {
        let fixture = try await RegistrationFixture()
        let client = try await register(fixture)
        let answer = try await send(
            fixture, "PUT", client.id, token: client.token, body: Self.body(client.id))
        #expect(answer.status == 200)
        #expect(try await fixture.rowCount() == 0)
    }

    @Test func `a client reads and changes whether its tokens must be bound`() async throws {
        let fixture = try await RegistrationFixture()
        let flag = #","dpop_bound_access_tokens":true"#
        let body =
            #"{"client_name":"Tool","redirect_uris":["http://127.0.0.1/callback"]\#(flag)}"#
        let client = try await register(fixture, body)
        func isBound() async throws -> Bool? {
            let answer = try await send(fixture, "GET", client.id, token: client.token)
            let said = try JSONDocument(parsing: answer.body).root["dpop_bound_access_tokens"]?.bool
            let found = try await fixture.directory().client(client.id, at: Self.now)?.bindsTokens
            #expect(found == (said ?? false))
            return said
        }
        #expect(try await isBound() == true)
        for (more, expected) in [("", nil), (flag, true)] as [(String, Bool?)] {
            let answer = try await send(
                fixture, "PUT", client.id, token: client.token,
                body: Self.body(client.id, more: more))
            #expect(answer.status == 200)
            #expect(try await isBound() == expected)
        }
    }

    @Test func `a change is judged by today's policy`() async throws {
        let fixture = try await RegistrationFixture()
        let client = try await register(fixture)
        for (name, uri, error) in [
            ("Tool", "https://evil.example/", "invalid_redirect_uri"),
            ("Claude", "https://vscode.dev/redirect", "invalid_client_metadata"),
        ] {
            let answer = try await send(
                fixture, "PUT", client.id, token: client.token,
                body: Self.body(client.id, name, uri))
            #expect(answer.status == 400)
            #expect(RegistrationEndpointTests.error(answer) == error)
            #expect(answer.events == [.registrationChange(isAccepted: false)])
        }
        #expect(try await fixture.rowCount() == 0)
    }

    @Test(arguments: [
        #","registration_access_token":"x""#, #","registration_client_uri":"x""#,
        #","client_secret_expires_at":0"#, #","client_id_issued_at":0"#,
    ])
    func `what is the server's to say is not taken`(more: String) async throws {
        let fixture = try await RegistrationFixture()
        let client = try await register(fixture)
        let body = Self.body(client.id, "Other", more: more)
        let answer = try await send(fixture, "PUT", client.id, token: client.token, body: body)
        #expect(answer.status == 400)
        #expect(try await fixture.rowCount() == 0)
    }

    @Test func `a change names its client`() async throws {
        let fixture = try await RegistrationFixture()
        let (client, other) = (try await register(fixture), try await register(fixture))
        for body in [
            RegistrationFixture.body("Other", ["http://127.0.0.1/callback"]),
            Self.body(other.id, "Other"), "{", "",
        ] {
            let answer = try await send(
                fixture, "PUT", client.id, token: client.token, body: body)
            #expect(answer.status == 400)
        }
        #expect(try await fixture.rowCount() == 0)
    }

    @Test(arguments: [true, false])
    func `a client that ends itself is no more, and its grants with it`(
        isSealed: Bool
    )
        async throws
    {
        let fixture = try await RegistrationFixture()
        let client =
            isSealed
            ? try await register(fixture) : try await register(fixture, ClientDirectoryTests.large)
        #expect(ClientDirectory.isSealed(client.id) == isSealed)
        try await fixture.store.record(
            GrantRecord(
                id: "g", server: "tickets", subject: "s", source: "local", userName: "lee",
                client: client.id, clientName: "Tool", scope: "", issuedAt: Self.now,
                expiresAt: Self.now + 3600))
        let answer = try await send(fixture, "DELETE", client.id, token: client.token)
        #expect(answer.status == 204)
        #expect(answer.endedGrants == ["g"])
        #expect(answer.events == [.registrationEnd, .revocation(by: .client, grantID: "g")])
        #expect(try await fixture.directory().client(client.id, at: Self.now) == nil)
        #expect(try await fixture.store.grant("g")?.endedAt == Self.now)
        for method in ["GET", "PUT", "DELETE"] {
            let late = try await send(
                fixture, method, client.id, token: client.token, body: Self.body(client.id))
            #expect(late.status == 401)
        }
    }

    @Test func `rows of clients that changed are so many, and go with their registration`()
        async throws
    {
        let fixture = try await RegistrationFixture()
        func row(_ number: Int) -> ClientRecord {
            ClientRecord(
                id: "d\(number)", name: "", status: .active, metadata: [1], createdAt: Self.now,
                expiresAt: nil, changedAt: Self.now, endsAt: Self.now + 100)
        }
        let store = fixture.store
        #expect(try await store.change(row(1), limit: 2, at: Self.now) == .changed)
        let removal = try await store.remove(row(2), hasSealedID: true, limit: 2, at: Self.now)
        #expect(removal == .removed(endedGrants: []))
        #expect(try await store.change(row(3), limit: 2, at: Self.now) == .full)
        #expect(
            try await store.remove(row(3), hasSealedID: true, limit: 2, at: Self.now) == .full)
        // Whoever has a row has its place.
        #expect(try await store.change(row(1), limit: 2, at: Self.now) == .changed)
        #expect(try await store.change(row(2), limit: 2, at: Self.now) == .revoked)
        #expect(try await store.change(row(3), limit: 2, at: Self.now + 101) == .changed)
        #expect(try await fixture.rowCount() == 1)
    }

    @Test func `a flood of changes is refused`() async throws {
        let fixture = try await RegistrationFixture()
        let client = try await register(fixture)
        let endpoint = fixture.endpoint(
            rates: RegistrationRates(perMinute: 2, totalPerMinute: 100))
        let request = try RegistrationFixture.request(
            "GET", query: "?client_id=\(client.id)",
            fields: "Authorization: Bearer \(client.token)\r\n")
        #expect(await endpoint.respond(to: request).status == 200)
        #expect(await endpoint.respond(to: request).status == 200)
        #expect(await endpoint.respond(to: request).status == 429)
    }

    @Test func `keys are registered, shown and kept, and private ones refused`() async throws {
        let fixture = try await RegistrationFixture()
        let key =
            #"{"kty":"OKP","crv":"Ed25519","kid":"k","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#
        func body(_ keys: String) -> String {
            #"{"client_name":"Tool","redirect_uris":["http://127.0.0.1/"],"token_endpoint_auth_method":"private_key_jwt",\#(keys)}"#
        }
        for keys in [#""jwks":{"keys":[\#(key)}]}"#, #""jwks_uri":"https://app.example/keys""#] {
            let client = try await register(fixture, body(keys))
            let found = try #require(try await fixture.directory().client(client.id, at: Self.now))
            #expect(found.authenticationMethod == .privateKeyJWT)
            #expect(found.keys != nil)
            let answer = try await send(fixture, "GET", client.id, token: client.token)
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(text.contains(keys))
            #expect(!text.contains("client_secret"))
        }
        for keys in [
            #""jwks":{"keys":[]}"#, #""jwks":7"#, #""jwks_uri":"http://app.example/keys""#,
            #""jwks":{"keys":[\#(key)}]},"jwks_uri":"https://app.example/keys""#,
            #""jwks":{"keys":[\#(key)},{"kty":"oct","k":"AAAA"}]}"#,
        ] {
            let answer = await fixture.endpoint().respond(
                to: try RegistrationFixture.request(body: body(keys)))
            #expect(RegistrationEndpointTests.error(answer) == "invalid_client_metadata")
        }
    }
}
