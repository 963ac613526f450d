import Foundation
import OAuth
import Storage
import Testing

@testable import AuthorizationServer

@Suite struct AuthorizationEndpointTests {
    @Test func `a stranger is shown who asks, and signs in first`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let response = try await browser.get(ConsentFixture.target(try await fixture.client()))
        #expect(response.status == 200 && response.clientID != nil)
        let text = response.pageText
        #expect(text.contains("Example Agent unverified wants to use Tickets"))
        #expect(text.contains("The answer goes to 127.0.0.1"))
        #expect(try PageChecker(response.body).field("username") == "")
        #expect(browser.cookies.keys.filter { $0.hasSuffix("browser") }.count == 1)
        #expect(!browser.cookies.keys.contains { $0.hasSuffix("session") })
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
    func `the endpoint is for reading only`(method: String) async throws {
        let fixture = try await ConsentFixture()
        let response = try await ConsentBrowser(fixture).send(
            method, ConsentFixture.target(try await fixture.client()))
        #expect(response.status == 405)
        #expect(response.fields.contains(.init("Allow", "GET, HEAD")))
        #expect(!response.fields.contains { $0.name.hasPrefix("Access-Control") })
    }

    @Test func `HEAD is answered like GET`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let target = ConsentFixture.target(try await fixture.client())
        #expect(try await browser.send("HEAD", target).status == 200)
    }

    /// Errors before client and redirect URI are certain: a page, nothing is sent anywhere.
    @Test(
        arguments: [
            (["client_id": nil], Notice.requestMalformed), (["client_id": ""], .requestMalformed),
            (["client_id": "unknown"], .clientUnknown), (["client_id": "dAAAA"], .clientUnknown),
            (["client_id": String(repeating: "d", count: 3000)], .requestMalformed),
            (["redirect_uri": nil], .redirectURIMissing),
            (["redirect_uri": ""], .redirectURIMissing),
            (["redirect_uri": "https://evil.example/"], .redirectURIForeign),
            (["redirect_uri": "http://127.0.0.1:4711/callback/.."], .redirectURIForeign),
            (["redirect_uri": "http://127.0.0.1:4711/callback?x"], .redirectURIForeign),
            (["redirect_uri": "http://localhost:4711/callback"], .redirectURIForeign),
            (["redirect_uri": "http://127.0.0.1.evil.example/callback"], .redirectURIForeign),
            (["redirect_uri": "javascript:alert(1)"], .redirectURIForeign),
            (["redirect_uri": "/callback"], .redirectURIForeign),
            (["redirect_uri": "http://127.0.0.1:4711/callback#x"], .redirectURIForeign),
        ] as [([String: String?], Notice)])
    func `an uncertain sender is a page with 400`(
        changes: [String: String?], notice: Notice
    )
        async throws
    {
        let fixture = try await ConsentFixture()
        let response = try await ConsentBrowser(fixture).get(
            ConsentFixture.target(try await fixture.client(), changes))
        #expect(response.status == 400)
        #expect(response.location == nil)
        #expect(response.pageText.contains("\(notice.happening)"), "\(response.reason ?? "")")
    }

    @Test func `what cannot be read, or names its sender twice, is a page with 400`() async throws {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        let target = ConsentFixture.target(client)
        for suffix in [
            "&client_id=\(client)", "&redirect_uri=http://127.0.0.1:4711/callback", "&x=%FF",
        ] {
            let response = try await ConsentBrowser(fixture).get(target + suffix)
            #expect(response.status == 400 && response.location == nil, "\(suffix)")
        }
    }

    /// Errors that the client is told, in the order in which they are found.
    @Test(
        arguments: [
            (["response_type": nil], "invalid_request"),
            (["response_type": "token"], "unsupported_response_type"),
            (["response_mode": "fragment"], "invalid_request"),
            (["code_challenge": nil], "invalid_request"),
            (["code_challenge": "short"], "invalid_request"),
            (["code_challenge_method": nil], "invalid_request"),
            (["code_challenge_method": "plain"], "invalid_request"),
            (["scope": "a\"b"], "invalid_scope"),
            (["resource": "https://gate.example/unknown"], "invalid_target"),
            (["resource": "tickets"], "invalid_target"),
            (["request": "eyJ"], "request_not_supported"),
        ] as [([String: String?], String)])
    func `later errors go to the client, with state and issuer`(
        changes: [String: String?], code: String
    ) async throws {
        let fixture = try await ConsentFixture()
        let response = try await ConsentBrowser(fixture).get(
            ConsentFixture.target(try await fixture.client(), changes))
        let answer = try #require(response.answer())
        #expect(answer["error"] == code)
        #expect(answer["state"] == "state-1" && answer["iss"] == ConsentFixture.issuer)
        #expect(answer["error_description"]?.isEmpty == false && answer["code"] == nil)
        #expect(response.fields.contains(.init("Cache-Control", "no-store")))
        #expect(response.clientID != nil && response.body.isEmpty)
    }

    @Test func `without the issuer parameter nobody is sent one`() async throws {
        let fixture = try await ConsentFixture { $0.sendsIssuer = false }
        let client = try await fixture.client()
        let browser = ConsentBrowser(fixture)
        let failure = try await browser.get(ConsentFixture.target(client, ["response_type": nil]))
        #expect(failure.answer().map { Set($0.keys) } == ["error", "error_description", "state"])
        let page = try await browser.consentPage(client)
        #expect(
            try await browser.decide(on: page).answer().map { Set($0.keys) } == ["code", "state"])
    }

    @Test(
        arguments: [
            nil, "https://gate.example/tickets/mcp", "https://gate.example/tickets/mcp/",
            "HTTPS://GATE.example:443/tickets/mcp",
        ] as [String?])
    func `the only server need not be named, and may be spelled in several ways`(
        resource: String?
    )
        async throws
    {
        let fixture = try await ConsentFixture()
        let response = try await ConsentBrowser(fixture).get(
            ConsentFixture.target(try await fixture.client(), ["resource": resource]))
        #expect(response.pageText.contains("wants to use Tickets"))
    }

    @Test func `of two servers one must be named, once or twice`() async throws {
        let fixture = try await ConsentFixture { $0.resources.append(try ConsentFixture.wiki()) }
        let client = try await fixture.client()
        let browser = ConsentBrowser(fixture)
        let none = try await browser.get(ConsentFixture.target(client))
        #expect(none.answer()?["error"] == "invalid_target")
        let wiki = ConsentFixture.target(client, ["resource": "https://gate.example/wiki/mcp"])
        #expect(try await browser.get(wiki).pageText.contains("wants to use Wiki"))
        let twice = try await browser.get(wiki + "&resource=https://gate.example/wiki/mcp/")
        #expect(twice.pageText.contains("wants to use Wiki"))
        let both = try await browser.get(wiki + "&resource=https://gate.example/tickets/mcp")
        #expect(both.answer()?["error"] == "invalid_target")
    }

    @Test func `a client with one address of its own need not repeat it`() async throws {
        let fixture = try await ConsentFixture()
        let uri = "https://agent.example/callback"
        let client = try await fixture.client(redirectURIs: [uri])
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(client, ["redirect_uri": nil])
        #expect(page.pageText.contains("Answer goes to agent.example"))
        #expect(try await browser.decide(on: page).answer(to: uri)?["code"] != nil)
        // With two there is a choice, which is the client's.
        let two = try await fixture.client(redirectURIs: [uri, "https://agent.example/other"])
        let response = try await browser.get(ConsentFixture.target(two, ["redirect_uri": nil]))
        #expect(response.pageText.contains("\(Notice.redirectURIMissing.happening)"))
    }

    @Test func `on this machine any port will do, and the presented one gets the answer`()
        async throws
    {
        let fixture = try await ConsentFixture()
        let uri = "http://127.0.0.1:50123/callback"
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client(), ["redirect_uri": uri])
        #expect(try await browser.decide(on: page).answer(to: uri)?["code"] != nil)
    }

    @Test func `a state is brought back byte for byte, and one that is too long is an error`()
        async throws
    {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        let browser = ConsentBrowser(fixture)
        for state in ["a b&c=d?e#f/%+\"'<script>", String(repeating: "x", count: 2048)] {
            let page = try await browser.consentPage(client, ["state": state])
            #expect(try await browser.decide(on: page).answer()?["state"] == state)
        }
        let long = String(repeating: "x", count: 2049)
        let failure = try await browser.get(ConsentFixture.target(client, ["state": long]))
        #expect(failure.answer()?["error"] == "invalid_request")
    }

    @Test func `a request that is too large to wait is a page with 400`() async throws {
        let fixture = try await ConsentFixture()
        let scope = (0..<120).map { "scope-\($0)-" + String(repeating: "x", count: 40) }
        let response = try await ConsentBrowser(fixture).get(
            ConsentFixture.target(
                try await fixture.client(),
                ["scope": scope.joined(separator: " ")]
            ).replacingOccurrences(of: "%20", with: "+"))
        #expect(response.status == 400, "\(response.reason ?? "")")
        #expect(response.pageText.contains("\(Notice.requestTooLarge.happening)"))
    }

    /// Threats 1 and 3: no earlier consent, of whatever client, spares the click.
    @Test func `no code comes of any GET, agreed before or not`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let client = try await fixture.client()
        let page = try await browser.consentPage(client)
        #expect(try await browser.decide(on: page).answer()?["code"] != nil)
        try await fixture.grant("g1", to: ConsentFixture.subject("lee"), client: client)
        let other = try await fixture.client(name: "Other Agent")
        for id in [client, other] {
            for prompt in [nil, "none", "consent"] {
                let response = try await browser.get(
                    ConsentFixture.target(id, ["prompt": prompt]))
                #expect(response.status == 200 && response.location == nil)
                #expect(response.pageText.contains("to use Tickets?"))
            }
        }
    }

    @Test func `a closed store is 503 with a time to come back`() async throws {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        await fixture.store.close()
        let response = try await ConsentBrowser(fixture).get(ConsentFixture.target(client))
        #expect(response.status == 503)
        #expect(response.fields.contains { $0.name == "Retry-After" })
    }
}
