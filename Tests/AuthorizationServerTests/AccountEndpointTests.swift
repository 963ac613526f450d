import OAuth
import Storage
import Testing

@testable import AuthorizationServer

@Suite struct AccountEndpointTests {
    @Test func `a stranger signs in and comes back`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let first = try await browser.get("/account")
        #expect(first.status == 200 && first.pageText.contains("Sign in"))
        let page = try await browser.signIn(on: first)
        #expect(page.pageText.contains("What you have allowed Signed in as lee."))
        #expect(page.pageText.contains("No application has access"))
        #expect(page.subject == ConsentFixture.subject("lee"))
    }

    @Test func `one sees what was granted through oneself, and still holds`() async throws {
        let fixture = try await ConsentFixture()
        let lee = ConsentFixture.subject("lee")
        try await fixture.grant("g1", to: lee, scope: "tickets:read gone", name: "<b>Agent</b>")
        try await fixture.grant("g2", to: lee, server: "removed", name: "")
        try await fixture.grant("g3", to: ConsentFixture.subject("ann"), name: "Foreign Agent")
        try await fixture.grant("g4", to: lee, name: "Ended Agent")
        _ = try await fixture.store.endGrant("g4", at: ConsentFixture.start)
        try await fixture.grant("g5", to: lee, name: "Old Agent", endsAt: ConsentFixture.start)
        let browser = ConsentBrowser(fixture)
        _ = try await browser.signIn()
        let text = try await browser.get("/account").pageText
        #expect(text.contains("<b>Agent</b> on Tickets Since 15 Jan 2027 Read tickets gone"))
        #expect(text.contains("A client without a name on removed"))
        for name in ["Foreign", "Ended", "Old"] { #expect(!text.contains("\(name) Agent")) }
    }

    @Test func `ending a grant ends it, and the answer tells which`() async throws {
        let fixture = try await ConsentFixture()
        try await fixture.grant("g1", to: ConsentFixture.subject("lee"))
        let browser = ConsentBrowser(fixture)
        _ = try await browser.signIn()
        let page = try await browser.get("/account")
        #expect(page.endedGrants.isEmpty)
        let response = try await browser.post("/account", try ConsentBrowser.hidden(page))
        #expect(response.status == 200 && response.endedGrants == ["g1"])
        #expect(response.pageText.contains("The access has ended."))
        #expect(try await fixture.store.grant("g1")?.endedAt == ConsentFixture.start)
        // Once more, as a browser does that loads the page again.
        let again = try await browser.post("/account", try ConsentBrowser.hidden(page))
        #expect(again.status == 200 && again.endedGrants.isEmpty)
    }

    @Test func `nobody ends what is another's`() async throws {
        let fixture = try await ConsentFixture()
        try await fixture.grant("g1", to: ConsentFixture.subject("lee"))
        try await fixture.grant("g2", to: ConsentFixture.subject("ann"))
        let browser = ConsentBrowser(fixture)
        _ = try await browser.signIn()
        let hidden = try ConsentBrowser.hidden(try await browser.get("/account"))
        for id in ["g2", "unknown"] {
            let pairs = hidden.map { ($0.0, $0.0 == "grant" ? id : $0.1) }
            let response = try await browser.post("/account", pairs)
            #expect(response.status == 404 && response.endedGrants.isEmpty)
        }
        #expect(try await fixture.store.grant("g2")?.endedAt == nil)
    }

    @Test func `ending needs a form of ours, and a session`() async throws {
        let fixture = try await ConsentFixture()
        try await fixture.grant("g1", to: ConsentFixture.subject("lee"))
        let browser = ConsentBrowser(fixture)
        _ = try await browser.signIn()
        let hidden = try ConsentBrowser.hidden(try await browser.get("/account"))
        let without = hidden.filter { $0.0 != "csrf" }
        #expect(try await browser.post("/account", without).status == 403)
        let foreign = [("Origin", "https://evil.example")]
        #expect(try await browser.post("/account", hidden, fields: foreign).status == 403)
        #expect(try await browser.post("/account", hidden.filter { $0.0 != "grant" }).status == 400)
        browser.cookies = browser.cookies.filter { $0.key.hasSuffix("browser") }
        let signedOut = try await browser.post("/account", hidden)
        #expect(signedOut.status == 403 && signedOut.pageText.contains("You are signed out"))
        #expect(try await fixture.store.grant("g1")?.endedAt == nil)
        #expect(try await browser.send("OPTIONS", "/account").status == 405)
    }

    @Test func `signing out ends the session and makes the browser a new one`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let client = try await fixture.client()
        let consent = try await browser.consentPage(client)
        let account = try PageChecker(try await browser.get("/account").body)
        let token = try #require(
            account.tags("input", ["name": "csrf"]).last?.attributes["value"])
        let old = browser.cookies
        #expect(try await browser.send("GET", "/sign-out").status == 405)
        #expect(try await browser.post("/sign-out", [("csrf", "x")]).status == 403)
        let foreign = [("Sec-Fetch-Site", "cross-site")]
        #expect(
            try await browser.post("/sign-out", [("csrf", token)], fields: foreign).status == 403)
        let response = try await browser.post("/sign-out", [("csrf", token)])
        #expect(response.status == 200 && response.pageText.contains("You are signed out"))
        #expect(!browser.cookies.values.contains { old.values.contains($0) })
        #expect(try await browser.get("/account").pageText.contains("User name"))
        #expect(try await browser.decide(on: consent).status == 403)
    }

    @Test func `a wrong password keeps the name, says no more, and waits with the request`()
        async throws
    {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let first = try await browser.get(ConsentFixture.target(try await fixture.client()))
        let refused = try await browser.signIn("lee<b>", password: "wrong-secret", on: first)
        #expect(refused.status == 403)
        let html = try PageChecker(refused.body)
        #expect(html.field("username") == "lee<b>" && html.field("password") == nil)
        #expect(!String(decoding: refused.body, as: UTF8.self).contains("wrong-secret"))
        #expect(refused.reason?.contains("wrong-secret") == false)
        #expect(html.text.contains("The user name or the password is wrong."))
        #expect(html.text.contains("wants to use Tickets"))
        let page = try await browser.signIn(on: refused)
        #expect(try await browser.decide(on: page).answer()?["code"] != nil)
    }

    @Test func `a session is worth nothing in another browser`() async throws {
        let fixture = try await ConsentFixture()
        let (one, other) = (ConsentBrowser(fixture), ConsentBrowser(fixture))
        _ = try await one.signIn()
        _ = try await other.get("/sign-in")
        other.cookies.merge(one.cookies.filter { $0.key.hasSuffix("session") }) { $1 }
        #expect(other.cookies.count == 2)
        #expect(try await other.get("/account").pageText.contains("User name"))
        #expect(try await one.get("/account").pageText.contains("Signed in as lee"))
    }

    @Test func `after too many failures the page says how long to wait`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        for _ in 0..<5 {
            #expect(try await browser.signIn(password: "wrong").status == 403)
        }
        let refused = try await browser.signIn()
        #expect(refused.status == 429)
        let seconds = try #require(refused.fields.first { $0.name == "Retry-After" }?.value)
        #expect(Int(seconds).map { $0 >= 1 } == true)
        #expect(refused.pageText.contains("Please wait \(seconds) second"))
        browser.now += 900
        #expect(try await browser.signIn().pageText.contains("Signed in as lee"))
    }

    @Test func `too many people at once is 503 with a time to come back`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let pairs =
            try ConsentBrowser.hidden(try await browser.get("/sign-in"))
            + [("username", "lee"), ("password", "right")]
        let request = try browser.request(
            "POST", "/sign-in", body: ConsentFixture.encoded(pairs),
            fields: [("Content-Type", "application/x-www-form-urlencoded")])
        let response = try await fixture.overloadedSignIn().respond(to: request)
        #expect(response.status == 503)
        #expect(response.fields.contains { $0.name == "Retry-After" })
        #expect(response.pageText.contains("Many people are signing in right now."))
    }

    @Test func `signing in needs a form of ours`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let hidden = try ConsentBrowser.hidden(try await browser.get("/sign-in"))
        let pairs = hidden + [("username", "lee"), ("password", "right")]
        let foreign = [("Origin", "https://evil.example")]
        #expect(try await browser.post("/sign-in", pairs, fields: foreign).status == 403)
        #expect(try await browser.post("/sign-in", pairs.filter { $0.0 != "csrf" }).status == 403)
        let source = pairs.map { ($0.0, $0.0 == "source" ? "other" : $0.1) }
        #expect(try await browser.post("/sign-in", source).status == 400)
        // A form of another browser: signing somebody in as somebody else.
        #expect(try await ConsentBrowser(fixture).post("/sign-in", pairs).status == 403)
        #expect(try await browser.post("/sign-in", pairs).status == 303)
        #expect(try await browser.send("OPTIONS", "/sign-in").status == 405)
    }

    @Test func `one can become somebody else without losing the request`() async throws {
        let fixture = try await ConsentFixture()
        let browser = ConsentBrowser(fixture)
        let page = try await browser.consentPage(try await fixture.client())
        let link = try #require(
            try PageChecker(page.body).tags("a").compactMap { $0.attributes["href"] }
                .first { $0.hasPrefix("/sign-in?") })
        let other = try await browser.signIn("ann", on: try await browser.get(link))
        #expect(other.pageText.contains("Signed in as ann"))
        #expect(try await browser.decide(on: other).answer()?["code"] != nil)
    }
}
