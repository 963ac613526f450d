import Cryptography
import Foundation
import OAuth
import Storage
import Testing

@testable import AuthorizationServer

@Suite struct ConsentEndpointTests {
    @Test func `from the first page to the code`() async throws {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        let browser = ConsentBrowser(fixture)
        let first = try await browser.get(ConsentFixture.target(client))
        let planted = browser.cookies
        let page = try await browser.signIn(on: first)
        #expect(page.pageText.contains("Allow Example Agent to use Tickets?"))
        #expect(page.clientID == client && page.subject == ConsentFixture.subject("lee"))
        // Threat 24: what the browser held before is worth nothing now.
        #expect(!browser.cookies.values.contains { planted.values.contains($0) })
        let response = try await browser.decide(on: page)
        let answer = try #require(response.answer())
        #expect(Set(answer.keys) == ["code", "state", "iss"])
        #expect(answer["state"] == "state-1" && answer["iss"] == ConsentFixture.issuer)
        let code = try #require(answer["code"])
        #expect(Base64URL.decode(code)?.count == 32)
        let record = try #require(
            try await fixture.store.code(sha256(Array(code.utf8)).bytes))
        #expect(record.clientID == client && record.clientName == "Example Agent")
        #expect(record.redirectURI == ConsentFixture.callback)
        #expect(record.codeChallenge == ConsentFixture.challenge && record.server == "tickets")
        #expect(record.subject == ConsentFixture.subject("lee") && record.userName == "lee")
        #expect(record.scope == "tickets:read tickets:write" && record.declinedScope == "")
        #expect(record.expiresAt == ConsentFixture.start + 60 && record.grantID == nil)
    }

    @Test func `a request without redirect URI leaves none in the code`() async throws {
        let fixture = try await ConsentFixture()
        let uri = "https://agent.example/callback"
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(
            try await fixture.client(redirectURIs: [uri]), ["redirect_uri": nil])
        let code = try #require(try await browser.decide(on: page).answer(to: uri)?["code"])
        let record = try await fixture.store.code(sha256(Array(code.utf8)).bytes)
        #expect(record?.redirectURI == "")
    }

    @Test func `only what is ticked, asked for and grantable is granted`() async throws {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        let asked = "tickets:read tickets:close tickets:admin unknown offline_access"
        let cases: [(user: String, ticked: [String], scope: String, declined: String)] = [
            ("lee", ["tickets:read"], "tickets:read", "tickets:close"),
            ("lee", ["tickets:close", "tickets:read"], "tickets:read tickets:close", ""),
            // Not asked for; not for this client; not for this user; not there.
            ("lee", ["tickets:read", "tickets:write"], "tickets:read", "tickets:close"),
            ("lee", ["tickets:read", "tickets:admin"], "tickets:read", "tickets:close"),
            ("ann", ["tickets:read", "tickets:close"], "tickets:read", ""),
            ("lee", ["tickets:read", "unknown"], "tickets:read", "tickets:close"),
        ]
        for expected in cases {
            let browser = ConsentBrowser(fixture)
            let page = try await browser.consentPage(client, ["scope": asked], as: expected.user)
            // Threat 57: what is for verified clients is not even offered.
            #expect(!page.pageText.contains("Delete tickets"))
            #expect(page.pageText.contains("Close tickets") == (expected.user == "lee"))
            let answer = try await browser.decide(on: page, scopes: expected.ticked).answer()
            let code = try #require(answer?["code"])
            let record = try await fixture.store.code(sha256(Array(code.utf8)).bytes)
            #expect(record?.scope == expected.scope, "\(expected)")
            #expect(record?.declinedScope == expected.declined, "\(expected)")
        }
    }

    @Test(arguments: [[], ["tickets:admin"], ["unknown"], ["tickets:close"]])
    func `nothing ticked shows the page again`(ticked: [String]) async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        let again = try await browser.decide(on: page, scopes: ticked)
        #expect(again.status == 200 && again.pageText.contains("Nothing is ticked"))
        #expect(!String(decoding: again.body, as: UTF8.self).contains(" checked>"))
        #expect(
            try await browser.decide(on: again, scopes: ["tickets:read"]).answer()?["code"] != nil)
    }

    @Test func `a denial goes to the client, with state and issuer`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        let answer = try #require(try await browser.decide("deny", on: page).answer())
        #expect(answer["error"] == "access_denied" && answer["code"] == nil)
        #expect(answer["state"] == "state-1" && answer["iss"] == ConsentFixture.issuer)
    }

    @Test func `who may be granted nothing is told so and can only go back`() async throws {
        let fixture = try await ConsentFixture { options in
            options.resources[0].scopes = [
                try ConsentFixture.scope("secret", grantedTo: ["local/user:ann"])
            ]
        }
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        #expect(page.status == 200)
        #expect(page.pageText.contains("may not give this application any access"))
        let forced = try await browser.decide(on: page, scopes: ["secret"])
        #expect(forced.location == nil)
        #expect(try await browser.decide("deny", on: page).answer()?["error"] == "access_denied")
    }

    // MARK: - Whose form it is

    /// Threats 2 and 43.
    @Test func `a request opens in its own browser only`() async throws {
        let fixture = try await ConsentFixture()
        let client = try await fixture.client()
        let (one, other) = (ConsentBrowser(fixture), ConsentBrowser(fixture))
        let page = try await one.consentPage(client)
        let otherPage = try await other.consentPage(client, as: "ann")
        let request = try #require(try PageChecker(page.body).field("request"))
        // The request of one, with all that the other browser has of its own.
        let posted = try await other.decide(on: otherPage, changing: ["request": request])
        #expect(
            posted.status == 400 && posted.pageText.contains("\(Notice.requestForeign.happening)"))
        let shown = try await other.get("/consent?request=\(request)")
        #expect(shown.status == 400 && shown.location == nil)
        let signIn = try await other.get("/sign-in?request=\(request)")
        #expect(signIn.status == 400)
        // The whole form of one.
        #expect(try await other.decide(on: page).status == 403)
        #expect(try await one.decide(on: page).answer()?["code"] != nil)
    }

    @Test func `a form needs the token of this form and browser`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        let signInToken =
            try PageChecker(try await browser.get("/sign-in").body).field("csrf") ?? ""
        for token in ["", "x", signInToken] {
            let response = try await browser.decide(on: page, changing: ["csrf": token])
            #expect(response.status == 403 && response.location == nil, "\(token)")
            #expect(response.pageText.contains("\(Notice.formForeign.happening)"))
        }
    }

    @Test(arguments: [
        [("Origin", "https://evil.example")], [("Origin", "null")],
        [("Origin", "http://gate.example")],
        [("Origin", "https://gate.example:444")], [("Origin", "https://gate.example.evil.example")],
        [("Origin", "https://gate.example"), ("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "same-site")], [("Sec-Fetch-Site", "cross-site")], [("Origin", "")],
    ])
    func `forms of other sites are refused`(fields: [(String, String)]) async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        let response = try await browser.decide(on: page, fields: fields)
        #expect(response.status == 403 && response.location == nil)
        #expect(response.pageText.contains("\(Notice.originForeign.happening)"))
    }

    @Test(arguments: [
        [], [("Origin", "https://gate.example")], [("Origin", "HTTPS://gate.example:443")],
        [("Sec-Fetch-Site", "none")], [("Sec-Fetch-Site", "same-origin")],
    ])
    func `forms of our own are taken`(fields: [(String, String)]) async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        #expect(try await browser.decide(on: page, fields: fields).answer()?["code"] != nil)
    }

    // MARK: - What the request has become

    /// Threat 9.
    @Test func `a request that was changed in any place is refused`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        let request = try #require(try PageChecker(page.body).field("request"))
        for index in stride(from: 0, to: request.utf8.count, by: 7) {
            var bytes = Array(request.utf8)
            bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let changed = String(decoding: bytes, as: UTF8.self)
            let response = try await browser.decide(on: page, changing: ["request": changed])
            #expect(response.status == 400 && response.location == nil)
        }
        for text in ["", "AAAA", String(repeating: "A", count: 20_000)] {
            let response = try await browser.decide(on: page, changing: ["request": text])
            #expect(response.status == 400)
        }
    }

    @Test func `a request waits ten minutes`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        let request = try #require(try PageChecker(page.body).field("request"))
        browser.now += 599
        #expect(try await browser.get("/consent?request=\(request)").status == 200)
        browser.now += 1
        for response in [
            try await browser.decide(on: page),
            try await browser.get("/consent?request=\(request)"),
            try await browser.get("/sign-in?request=\(request)"),
        ] {
            #expect(response.status == 400)
            #expect(response.pageText.contains("\(Notice.requestExpired.happening)"))
        }
    }

    @Test func `looking at the page again does not lengthen the wait`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let first = try await browser.consentPage(try await fixture.client())
        browser.now += 500
        let request = try #require(try PageChecker(first.body).field("request"))
        let second = try await browser.get("/consent?request=\(request)")
        browser.now += 100
        #expect(try await browser.decide(on: second).status == 400)
    }

    @Test func `a request has one answer`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        #expect(try await browser.decide(on: page).answer()?["code"] != nil)
        let second = try await browser.decide(on: page)
        #expect(second.status == 400 && second.location == nil)
        #expect(second.pageText.contains("\(Notice.requestUsed.happening)"))
        // Nor does a new seal of it help, such as after signing in anew.
        let request = try #require(try PageChecker(page.body).field("request"))
        let again = try await browser.signIn(
            on: try await browser.get("/sign-in?request=\(request)"))
        #expect(again.status == 200)
        #expect(try await browser.decide(on: again).status == 400)
    }

    @Test func `a client that is revoked meanwhile gets nothing`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let client = try await fixture.client()
        let page = try await browser.consentPage(client)
        _ = try await fixture.store.revokeClient(client, name: "x", at: ConsentFixture.start)
        for decision in ["approve", "deny"] {
            let response = try await browser.decide(decision, on: page)
            #expect(response.status == 400 && response.location == nil)
            #expect(response.pageText.contains("\(Notice.clientUnknown.happening)"))
        }
    }

    @Test func `a redirect URI or a server that is gone meanwhile gets nothing`() async throws {
        let fixture = try await ConsentFixture { $0.resources.append(try ConsentFixture.wiki()) }
        let browser = ConsentBrowser(fixture)
        let client = try await fixture.client(
            redirectURIs: ["https://agent.example/callback", ConsentFixture.callback])
        let page = try await browser.consentPage(
            client,
            [
                "redirect_uri": "https://agent.example/callback",
                "resource": "https://gate.example/wiki/mcp",
            ])
        #expect(page.pageText.contains("to use Wiki?"))
        browser.fixture = try fixture.reloaded { $0.registration.redirectURIs = [.loopback] }
        for decision in ["approve", "deny"] {
            let response = try await browser.decide(decision, on: page)
            #expect(response.status == 400 && response.location == nil)
            #expect(response.pageText.contains("\(Notice.redirectURIForeign.happening)"))
        }
        browser.fixture = try fixture.reloaded { $0.resources.removeLast() }
        #expect(try await browser.decide(on: page).status == 400)
        browser.fixture = fixture
        #expect(
            try await browser.decide(on: page).answer(to: "https://agent.example/callback")?["code"]
                != nil)
    }

    @Test func `what became forbidden meanwhile is not granted`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        browser.fixture = try fixture.reloaded { $0.resources[0].scopes[1].grantedTo = [] }
        let code = try #require(try await browser.decide(on: page).answer()?["code"])
        let record = try await fixture.store.code(sha256(Array(code.utf8)).bytes)
        #expect(record?.scope == "tickets:read" && record?.declinedScope == "")
    }

    @Test func `who is signed out meanwhile signs in and decides again`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        browser.cookies = browser.cookies.filter { $0.key.hasSuffix("browser") }
        let response = try await browser.decide(on: page)
        #expect(response.status == 403 && response.location == nil)
        #expect(response.pageText.contains("You are signed out"))
        let again = try await browser.signIn(on: response)
        #expect(try await browser.decide(on: again).answer()?["code"] != nil)
    }

    @Test func `a form that is none, or decides nothing, is refused`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        for decision in ["", "APPROVE", "yes"] {
            let response = try await browser.decide(decision, on: page)
            #expect(response.status == 400 && response.location == nil)
        }
        let pairs = try ConsentBrowser.hidden(page) + [("scope", "tickets:read")]
        let both = try await browser.post(
            "/consent", pairs + [("decision", "deny"), ("decision", "approve")])
        #expect(both.status == 400)
        let body = ConsentFixture.encoded(pairs + [("decision", "approve")])
        for type in ["text/plain", "multipart/form-data", "application/json"] {
            let response = try await browser.send(
                "POST", "/consent", body: body,
                fields: browser.formFields + [("Content-Type", type)])
            #expect(response.status == 415)
        }
        #expect(try await browser.send("POST", "/consent", body: body).status == 415)
        let long = try await browser.post(
            "/consent",
            pairs + [("decision", "approve"), ("x", String(repeating: "x", count: 40_000))])
        #expect(long.status == 400)
        #expect(try await browser.send("OPTIONS", "/consent").status == 405)
    }

    // MARK: - What was decided before

    @Test func `what was agreed before is said, what was declined is not ticked`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let client = try await fixture.client()
        let lee = ConsentFixture.subject("lee")
        try await fixture.grant(
            "g1", to: lee, client: client, scope: "tickets:read", declined: "tickets:write")
        // Those of others do not count.
        try await fixture.grant("g2", to: lee, client: "other", scope: "tickets:close")
        try await fixture.grant(
            "g3", to: ConsentFixture.subject("ann"), client: client, scope: "tickets:close")
        let page = try await browser.consentPage(
            client, ["scope": "tickets:read tickets:write tickets:close"])
        let boxes = try PageChecker(page.body).tags("input", ["name": "scope"])
        #expect(boxes.map { $0.attributes["checked"] } == ["", nil, ""])
        #expect(page.pageText.contains("Read tickets tickets:read You agreed to this before."))
        #expect(page.pageText.components(separatedBy: "You agreed").count == 2)
        // What has ended does not count either.
        _ = try await fixture.store.endGrant("g1", at: ConsentFixture.start)
        let later = try await browser.consentPage(client)
        #expect(!later.pageText.contains("You agreed"))
    }

    /// Threat 44: what a client sends of its own reaches the page as text.
    @Test func `hostile names are shown as text`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        _ = try await browser.signIn()
        for name in ["<script>alert(1)</script>", "\"><img src=x>", "</title><b>", "&lt;b&gt;"] {
            let client = try await fixture.client(name: name)
            let page = try await browser.get(ConsentFixture.target(client, ["state": name]))
            #expect(page.pageText.contains("Allow \(name) to use Tickets?"))
        }
    }
}
