import Cryptography
import Foundation
import HTTP
import JOSE
import JSON
import OAuth
import Seals
import Storage
import Testing

@testable import AuthorizationServer

@Suite struct PushedRequestTests {
    private static let start = ConsentFixture.start

    /// The parameters of an authorization request, with some changed, or left out if nil.
    private static func pairs(
        _ client: String, _ changes: [String: String?] = [:]
    ) -> [(String, String)] {
        var parameters: [String: String?] = [
            "response_type": "code", "client_id": client,
            "redirect_uri": ConsentFixture.callback, "state": "state-1", "scope": "tickets:read",
            "code_challenge": ConsentFixture.challenge, "code_challenge_method": "S256",
        ]
        for (name, value) in changes { parameters[name] = .some(value) }
        return parameters.compactMap { name, value in value.map { (name, $0) } }
    }

    private static func push(
        _ fixture: ConsentFixture, _ pairs: [(String, String)], method: String = "POST"
    ) async throws -> EndpointResponse {
        let endpoint = PushedRequestEndpoint(
            issuer: ConsentFixture.issuer,
            authentication: ClientAuthentication(directory: fixture.clients),
            ring: { fixture.ring })
        let fields = [("Content-Type", "application/x-www-form-urlencoded")]
        return await endpoint.respond(
            to: try ConsentBrowser(fixture).request(
                method, "/par", body: ConsentFixture.encoded(pairs), fields: fields))
    }

    /// The name of a pushed request.
    private static func uri(_ fixture: ConsentFixture, _ client: String) async throws -> String {
        let answer = try await push(fixture, pairs(client))
        return try #require(answer.texts["request_uri"])
    }

    private static func target(_ client: String, _ uri: String, _ more: String = "") -> String {
        "/authorize?" + ConsentFixture.encoded([("client_id", client), ("request_uri", uri)]) + more
    }

    @Test func `a pushed request is shown to the user as any other`() async throws {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        let answer = try await Self.push(fixture, Self.pairs(client))
        // RFC 9126 §2.2
        #expect(answer.status == 201)
        #expect(answer.fields.contains(.init("Cache-Control", "no-store")))
        #expect(String(decoding: answer.body, as: UTF8.self).hasSuffix(#""expires_in":60}"#))
        let uri = try #require(answer.texts["request_uri"])
        #expect(uri.hasPrefix("urn:ietf:params:oauth:request_uri:"))
        let page = try await ConsentBrowser(fixture).get(Self.target(client, uri))
        #expect(page.status == 200)
        #expect(page.pageText.contains("Example Agent unverified wants to use Tickets"))
    }

    @Test func `nothing beside the name counts`() async throws {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        let uri = try await Self.uri(fixture, client)
        let evil = "&redirect_uri=https%3A%2F%2Fevil.example%2F&response_type=token"
        let page = try await ConsentBrowser(fixture).get(Self.target(client, uri, evil))
        #expect(page.status == 200 && page.pageText.contains("The answer goes to 127.0.0.1"))
    }

    @Test func `a name is used once`() async throws {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        let target = Self.target(client, try await Self.uri(fixture, client))
        let browser = ConsentBrowser(fixture)
        #expect(try await browser.get(target).status == 200)
        for _ in 0..<2 { #expect(try await browser.get(target).status == 400) }
        // Another server on the same store.
        let other = try fixture.reloaded { _ in }
        #expect(try await ConsentBrowser(other).get(target).status == 400)
    }

    @Test(arguments: [(59, 200), (60, 400), (3600, 400)])
    func `a name is good for a minute`(seconds: Int64, status: Int) async throws {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        let target = Self.target(client, try await Self.uri(fixture, client))
        let browser = ConsentBrowser(fixture)
        browser.now += seconds
        #expect(try await browser.get(target).status == status)
    }

    @Test func `a name is of no use to another client, and is not spent by it`() async throws {
        let fixture = try await ConsentFixture()
        let (client, other) = (try await fixture.client(), try await fixture.client())
        let uri = try await Self.uri(fixture, client)
        let browser = ConsentBrowser(fixture)
        #expect(try await browser.get(Self.target(other, uri)).status == 400)
        let without = "/authorize?" + ConsentFixture.encoded([("request_uri", uri)])
        #expect(try await browser.get(without).status == 400)
        #expect(try await browser.get(Self.target(client, uri)).status == 200)
    }

    @Test(arguments: [
        "urn:ietf:params:oauth:request_uri:", "urn:ietf:params:oauth:request_uri:AAAA",
        "urn:ietf:params:oauth:request_uri:" + String(repeating: "A", count: 200),
    ])
    func `a made-up name opens nothing`(uri: String) async throws {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        #expect(
            try await ConsentBrowser(fixture).get(Self.target(client, uri)).status == 400)
    }

    /// What is changed in a request, and how the client is told.
    static let requests: [([String: String?], String)] = [
        (["redirect_uri": "https://evil.example/"], "invalid_request"),
        (["redirect_uri": "nonsense"], "invalid_request"),
        (["response_type": "token"], "unsupported_response_type"),
        (["response_type": nil], "invalid_request"),
        (["code_challenge": nil], "invalid_request"),
        (["code_challenge_method": "plain"], "invalid_request"),
        // RFC 9126 §2.1
        (["request_uri": "urn:ietf:params:oauth:request_uri:x"], "request_uri_not_supported"),
        (["request": "a.b.c"], "request_not_supported"),
        (["client_id": nil], "invalid_client"), (["client_id": "nobody"], "invalid_client"),
        (["scope": "a  b"], "invalid_scope"), (["resource": "x"], "invalid_target"),
        (["state": String(repeating: "s", count: 3000)], "invalid_request"),
    ]

    @Test(arguments: requests)
    func `what the browser's request could not be is refused here`(
        changes: [String: String?], error: String
    ) async throws {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        let answer = try await Self.push(fixture, Self.pairs(client, changes))
        #expect(answer.tokenError == error)
        #expect(answer.status == (error == "invalid_client" ? 401 : 400))
    }

    /// RFC 9126 §2; each assertion's `aud`, and whether the client is proven.
    @Test(arguments: [
        ("", true), ("/token", true), ("/par", true), ("/", true), ("//", false),
        ("/introspect", false),
        ("/par/", false),
    ])
    func `a client may sign for the issuer, the token endpoint or this one`(
        path: String, isProven: Bool
    ) async throws {
        let fixture = try await MachineFixture.make { options in
            options.clients[1].grants = [.authorizationCode, .clientCredentials]
            let uri = try #require(RedirectURI(ConsentFixture.callback))
            options.clients[1].redirectURIs = [uri]
        }
        let endpoint = PushedRequestEndpoint(
            issuer: TokenFixture.issuer, authentication: fixture.authentication,
            ring: { KeyRing([KeyRing.makeSecret()]) })
        let assertion = try TokenFixture.clientAssertion(["aud": TokenFixture.issuer + path])
        let pairs = Dictionary(uniqueKeysWithValues: Self.pairs("signer", ["resource": nil]))
        let form = TokenFixture.encoded(TokenFixture.signed(assertion, pairs))
        let request = try TokenFixture.request(form, target: "/par")
        let answer = await endpoint.respond(to: request)
        #expect(answer.status == (isProven ? 201 : 401), "\(answer.texts)")
        #expect(answer.tokenError == (isProven ? nil : "invalid_client"))
        // It is used up, wherever it goes next.
        guard isProven, path != "/par" else { return }
        let again = try await fixture.post(
            TokenFixture.signed(assertion, ClientAssertionTests.form))
        #expect(again.tokenError == "invalid_client")
    }

    @Test func `name and client come once, and are not spent otherwise`() async throws {
        let fixture = try await ConsentFixture()
        let (client, other) = (try await fixture.client(), try await fixture.client())
        let uri = try await Self.uri(fixture, client)
        let browser = ConsentBrowser(fixture)
        for (name, value) in [
            ("client_id", other), ("client_id", client), ("request_uri", uri),
            ("request_uri", "x"), ("request_uri", ""),
        ] {
            let more = "&" + ConsentFixture.encoded([(name, value)])
            #expect(try await browser.get(Self.target(client, uri, more)).status == 400)
        }
        #expect(try await browser.get(Self.target(client, uri)).status == 200)
    }

    @Test func `who may not ask users pushes nothing`() async throws {
        let fixture = try await MachineFixture.make()
        let endpoint = PushedRequestEndpoint(
            issuer: TokenFixture.issuer, authentication: fixture.authentication,
            ring: { KeyRing([KeyRing.makeSecret()]) })
        let pairs =
            Self.pairs("robot", ["redirect_uri": nil])
            + [("client_secret", MachineFixture.secret)]
        let request = try TokenFixture.request(
            ConsentFixture.encoded(pairs), target: "/par")
        let answer = await endpoint.respond(to: request)
        #expect(answer.tokenError == "unauthorized_client", "\(answer.texts)")
    }

    @Test func `requests are pushed by POST`() async throws {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        let answer = try await Self.push(fixture, Self.pairs(client), method: "GET")
        #expect(answer.status == 405)
    }
}
