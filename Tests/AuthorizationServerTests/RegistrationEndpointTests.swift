import AuthorizationServer
import JSON
import OAuth
import Storage
import Testing

@Suite struct RegistrationEndpointTests {
    static let simple = RegistrationFixture.body("Tool", ["http://localhost:1/cb"])

    @Test(arguments: RealRegistration.all)
    func `what real clients send is accepted`(real: RealRegistration) async throws {
        let fixture = try await RegistrationFixture()
        let request = try RegistrationFixture.request(body: real.body)
        let answer = await fixture.endpoint().respond(to: request)
        #expect(answer.status == 201, "\(answer.reason ?? "")")
        #expect(answer.fields.contains(.init("Content-Type", "application/json")))
        #expect(answer.fields.contains(.init("Cache-Control", "no-store")))
        #expect(answer.fields.contains(.init("Access-Control-Allow-Origin", "*")))
        let root = try JSONDocument(parsing: answer.body).root
        let id = try #require(root["client_id"]?.string)
        #expect(id.hasPrefix("d") && id.utf8.count <= 512)
        #expect(id.utf8.allSatisfy { Self.idBytes.contains($0) })
        #expect(answer.clientID == id)
        #expect(root["client_id_issued_at"]?.integer == RegistrationFixture.now)
        #expect(root["client_name"]?.string == real.name)
        #expect(root["token_endpoint_auth_method"]?.string == real.method)
        let hasSecret = real.method != "none"
        #expect((root["client_secret"]?.string?.utf8.count == 43) == hasSecret)
        #expect((root["client_secret_expires_at"] != nil) == hasSecret)
        #expect(!String(decoding: answer.body, as: UTF8.self).contains("null"))
        let grants = try #require(root["grant_types"]).elements.map(\.string)
        #expect(grants == ["authorization_code", "refresh_token"])
        let uris = try #require(root["redirect_uris"]).elements.map(\.string)
        #expect(uris.count == real.kept)
        let found = try await fixture.directory().client(id, at: RegistrationFixture.now)
        let client = try #require(found)
        #expect(client.redirectURIs.map(\.text) == uris)
        #expect(client.name == real.name)
        #expect(client.authenticationMethod.rawValue == real.method)
        #expect(client.verification == .unverified)
        #expect(try await fixture.rowCount() == 0)
    }

    private static let idBytes = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    @Test func `a redirect URI that is not allowed is dropped, and refused only when alone`()
        async throws
    {
        let fixture = try await RegistrationFixture()
        let some = RegistrationFixture.body(
            "Tool", ["https://evil.example/cb", "http://localhost:1/cb", "tool://cb"])
        #expect(
            try await fixture.register(some).metadata.redirectURIs.map(\.text)
                == ["http://localhost:1/cb"])
        let none = RegistrationFixture.body("Tool", ["https://evil.example/cb", "tool://cb"])
        let answer = await fixture.endpoint().respond(
            to: try RegistrationFixture.request(body: none))
        #expect(answer.status == 400)
        #expect(Self.error(answer) == "invalid_redirect_uri")
    }

    @Test(
        arguments: [
            (nil, "invalid_client_metadata"), ("text/plain", "invalid_client_metadata"),
            ("application/x-www-form-urlencoded", "invalid_client_metadata"),
            ("application/jsonx", "invalid_client_metadata"), ("application/json", nil),
            ("application/json; charset=utf-8", nil), ("Application/JSON", nil),
        ] as [(String?, String?)])
    func `the content type is JSON`(type: String?, error: String?) async throws {
        let fixture = try await RegistrationFixture()
        let answer = await fixture.endpoint().respond(
            to: try RegistrationFixture.request(type: type, body: Self.simple))
        #expect(answer.status == (error == nil ? 201 : 400))
        #expect(Self.error(answer) == error)
    }

    @Test(arguments: [("", true), ("[]", true), ("{}", false), ("{\"a\":1,\"a\":1}", true)])
    func `what is no metadata is refused`(body: String, isMetadata: Bool) async throws {
        let fixture = try await RegistrationFixture()
        let answer = await fixture.endpoint().respond(
            to: try RegistrationFixture.request(body: body))
        #expect(answer.status == 400)
        #expect(
            Self.error(answer) == (isMetadata ? "invalid_client_metadata" : "invalid_redirect_uri"))
    }

    @Test func `a body of the limit is read, and one byte more is not`() async throws {
        let fixture = try await RegistrationFixture()
        let endpoint = fixture.endpoint()
        let limit = RegistrationEndpoint.bodyLimit
        for (count, status) in [(limit, 201), (limit + 1, 400)] {
            let padding = String(repeating: " ", count: count - Self.simple.utf8.count)
            let answer = await endpoint.respond(
                to: try RegistrationFixture.request(body: Self.simple + padding))
            #expect(answer.status == status)
        }
    }

    @Test(arguments: ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
    func `other methods are told which one there is`(method: String) async throws {
        let fixture = try await RegistrationFixture()
        let answer = await fixture.endpoint().respond(to: try RegistrationFixture.request(method))
        #expect(answer.status == 405)
        #expect(answer.fields.contains(.init("Allow", "POST, OPTIONS")))
        #expect(answer.fields.contains(.init("Access-Control-Allow-Origin", "*")))
    }

    @Test func `scripts of other origins may ask first`() async throws {
        let fixture = try await RegistrationFixture()
        let answer = await fixture.endpoint().respond(
            to: try RegistrationFixture.request("OPTIONS", type: nil))
        #expect(answer.status == 204)
        #expect(answer.body.isEmpty)
        #expect(answer.fields.contains(.init("Access-Control-Allow-Origin", "*")))
        #expect(answer.fields.contains(.init("Access-Control-Allow-Methods", "POST, OPTIONS")))
    }

    @Test func `where registration is off there is no endpoint and no self-registered client`()
        async throws
    {
        let open = try await RegistrationFixture()
        let id = try await open.register(Self.simple).clientID
        let off = try await RegistrationFixture(RegistrationOptions(dynamic: .off))
        for method in ["POST", "OPTIONS", "GET"] {
            let answer = await off.endpoint().respond(
                to: try RegistrationFixture.request(method, body: Self.simple))
            #expect(answer.status == 404)
        }
        let now = RegistrationFixture.now
        #expect(try await open.directory().client(id, at: now) != nil)
        #expect(try await open.directory(options: off.options).client(id, at: now) == nil)
    }

    @Test func `a flood is told how long to wait, and another network is served`() async throws {
        let fixture = try await RegistrationFixture()
        let endpoint = fixture.endpoint()
        let start = RegistrationFixture.now * 1000
        func register(
            from address: String, at now: Int64, _ body: String
        ) async throws
            -> EndpointResponse
        {
            await endpoint.respond(
                to: try RegistrationFixture.request(
                    body: body, from: address, atMilliseconds: now))
        }
        // What is refused for its content is counted too.
        for count in 0..<30 {
            let body = count % 2 == 0 ? Self.simple : "nonsense"
            let answer = try await register(from: "192.0.2.1", at: start, body)
            #expect(answer.status == (count % 2 == 0 ? 201 : 400))
        }
        let refused = try await register(from: "192.0.2.1", at: start, Self.simple)
        #expect(refused.status == 429)
        #expect(refused.fields.contains(.init("Retry-After", "2")))
        #expect(refused.fields.contains(.init("Access-Control-Allow-Origin", "*")))
        #expect(Self.error(refused) == "temporarily_unavailable")
        #expect(try await register(from: "192.0.2.2", at: start, Self.simple).status == 201)
        let later = start + 2000
        #expect(try await register(from: "192.0.2.1", at: later, Self.simple).status == 201)
        #expect(try await register(from: "192.0.2.1", at: later, Self.simple).status == 429)
    }

    @Test func `100,000 requests are mostly refused, and none leaves anything`() async throws {
        let fixture = try await RegistrationFixture()
        let rates = RegistrationRates(perMinute: 30, totalPerMinute: 1000)
        let endpoint = fixture.endpoint(rates: rates)
        var request = try RegistrationFixture.request(body: RealRegistration.all[3].body)
        var ids: Set<String> = []
        var refused = 0
        for count in 0..<100_000 {
            request.clientAddress = "10.\(count >> 16).\(count >> 8 & 255).\(count & 255)"
            request.nowMilliseconds += count % 2 == 0 ? 1 : 0
            let answer = await endpoint.respond(to: request)
            if answer.status == 201, let id = answer.clientID { ids.insert(id) }
            if answer.status == 429 { refused += 1 }
        }
        // A minute's worth at once, and what became due in 50 seconds.
        #expect((1833...1834).contains(ids.count))
        #expect(ids.count + refused == 100_000)
        #expect(rates.keyCount <= ids.count)
        #expect(try await fixture.rowCount() == 0)
    }

    @Test func `a store that fails is answered with 503, not with 500`() async throws {
        let fixture = try await RegistrationFixture()
        await fixture.store.close()
        let answer = await fixture.endpoint().respond(
            to: try RegistrationFixture.request(body: ClientDirectoryTests.large))
        #expect(answer.status == 503)
        #expect(answer.fields.contains { $0.name == "Retry-After" })
        #expect(Self.error(answer) == "temporarily_unavailable")
    }

    static func error(_ answer: EndpointResponse) -> String? {
        (try? JSONDocument(parsing: answer.body))?.root["error"]?.string
    }
}
