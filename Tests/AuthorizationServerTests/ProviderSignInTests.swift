import HTTP
import OAuth
import Synchronization
import Testing

@testable import AuthorizationServer

@Suite struct ProviderSignInTests {
    @Test func `who asks for what is shown first, and nothing is made by looking at it`()
        async throws
    {
        let site = try await ProviderSite()
        let page = try await site.clientPage()
        #expect(page.status == 200)
        for words in [
            "Example Agent unverified", "127.0.0.1", "Tickets", "Read tickets", "Change tickets",
            "Example SSO will be asked who you are, your name",
            "Hub will be asked who you are, for read:user",
            "Allow and sign in with Example SSO", "Or sign in with a password",
        ] { #expect(page.pageText.contains(words), "\(words)") }
        // Nobody may have it through this client.
        #expect(!page.pageText.contains("Delete tickets"))
        #expect(site.browser.cookies.keys.sorted() == ["__Host-gatehouse-browser"])
        #expect(site.sso.script.withLock { $0.paths } == [])
        #expect(page.fields.allSatisfy { $0.name != "Refresh" })
    }

    @Test func `the whole way leads to a code for what was ticked, without a second page`()
        async throws
    {
        let site = try await ProviderSite()
        let answer = try await site.signIn(scopes: ["write"])
        #expect(answer.answer()?["state"] == "state-1" && answer.answer()?["code"] != nil)
        #expect(answer.answer()?["iss"] == ConsentFixture.issuer)
        let subject = ProviderSite.subject("u1", "sso", site.sso)
        #expect(answer.subject == subject)
        guard case .signIn(let signIn) = answer.events.first else {
            Issue.record("no sign-in in the audit log")
            return
        }
        #expect(signIn.outcome == .accepted && signIn.user?.title == "Lee Doe")
        #expect(signIn.user?.name == "u1" && signIn.user?.groups == ["support", "tech"])
        let tokens = try TokenAnswer(try await site.redeem(answer))
        #expect(tokens.scope == "write")
        let account = try await site.browser.get("/account")
        #expect(account.pageText.contains("Lee Doe (Example SSO)"))
        #expect(
            site.browser.cookies.keys.sorted() == [
                "__Host-gatehouse-browser", "__Host-gatehouse-session",
            ])
        // RFC 6749 §2.3.1: both parts are encoded before.
        #expect(site.sso.script.withLock { $0.credentials } == ["Basic Z2F0ZTpzMyUyMGNyZXQ="])
        #expect(site.sso.count("/userinfo") == 0)
    }

    @Test func `a provider without ID tokens is asked who it is`() async throws {
        let site = try await ProviderSite()
        let answer = try await site.signIn("hub")
        let tokens = try TokenAnswer(try await site.redeem(answer))
        // granted_to names the user by the id that cannot change.
        #expect(tokens.scope == "read write")
        #expect(answer.subject == ProviderSite.subject("4711", "hub", site.hub))
        let form = try #require(site.hub.script.withLock { $0.forms.first })
        #expect(form["client_id"] == "gate" && form["client_secret"] == "x")
        let account = try await site.browser.get("/account")
        #expect(account.pageText.contains("lee (Hub)"))
    }

    @Test func `a user who may get less is asked again, with the ticks as they were`() async throws
    {
        let site = try await ProviderSite()
        let answer = try await site.signIn("other", scopes: ["write", "read"])
        #expect(answer.status == 303)
        let page = try await site.browser.get(try #require(answer.location))
        #expect(page.pageText.contains("Read tickets"))
        #expect(!page.pageText.contains("Change tickets"))
        let decided = try await site.browser.decide(on: page)
        #expect(try TokenAnswer(try await site.redeem(decided)).scope == "read")

        let second = try await ProviderSite()
        let less = try await second.signIn("other", scopes: ["write"])
        let empty = try await second.browser.get(try #require(less.location))
        #expect(
            try PageChecker(empty.body).tags("input", ["name": "scope", "checked": ""]).isEmpty)
    }

    @Test func `nothing ticked asks again, and to deny tells the client without asking anybody`()
        async throws
    {
        let site = try await ProviderSite()
        let page = try await site.clientPage()
        let again = try await site.leave(on: page, scopes: [])
        #expect(again.pageText.contains("Nothing is ticked"))
        let foreign = try await site.leave(on: page, scopes: ["admin"])
        #expect(foreign.pageText.contains("Nothing is ticked"))
        let denied = try await site.browser.post(
            "/sign-in", try ConsentBrowser.hidden(page) + [("decision", "deny")])
        #expect(denied.answer()?["error"] == "access_denied")
        #expect(site.sso.script.withLock { $0.paths } == [])
    }

    @Test func `without a request the way leads to the account page`() async throws {
        let site = try await ProviderSite()
        let page = try await site.browser.get("/account")
        #expect(page.pageText.contains("Sign in with Example SSO"))
        let leaving = try await site.leave(on: page)
        let target = try site.sso.authorize(ProviderSite.destination(leaving))
        let answer = try await site.browser.get(target)
        #expect(answer.location == "/account")
    }

    // MARK: - Whose answer it is

    @Test func `an answer counts in the browser that began, once`() async throws {
        let site = try await ProviderSite()
        let leaving = try await site.leave(on: try await site.clientPage())
        let target = try site.sso.authorize(ProviderSite.destination(leaving))
        let stranger = ConsentBrowser(site.fixture)
        #expect(try await stranger.get(target).status == 403)
        // With a cookie of its own for the browser, and the attempt of the first one.
        _ = try await stranger.get("/account")
        stranger.cookies["__Host-gatehouse-sign-in"] =
            site.browser.cookies["__Host-gatehouse-sign-in"]
        #expect(try await stranger.get(target).status == 403)
        #expect(site.sso.count("/token") == 0)

        let kept = site.browser.cookies
        #expect(try await site.browser.send("HEAD", target).status == 405)
        #expect(try await site.browser.get(target).answer()?["code"] != nil)
        site.browser.cookies = kept
        let again = try await site.browser.get(target)
        #expect(again.status == 400 && again.pageText.contains("used already"))
        #expect(site.sso.count("/token") == 1)
    }

    @Test func `an answer without a begun sign-in is refused`() async throws {
        let site = try await ProviderSite()
        _ = try await site.clientPage()
        let answer = try await site.browser.get("/sign-in/callback/sso?code=x&state=y")
        #expect(answer.status == 403 && answer.pageText.contains("not begun here"))
        #expect(site.sso.script.withLock { $0.paths } == [])
    }

    @Test(
        arguments: [
            ["state": "another"], ["state": nil], ["state": ""], ["state": "é"],
        ] as [[String: String?]])
    func `a foreign state is refused`(changes: [String: String?]) async throws {
        let site = try await ProviderSite()
        let answer = try await site.signIn(changing: changes)
        #expect(answer.status == 403 && site.sso.count("/token") == 0)
    }

    @Test func `an answer that comes late is refused`() async throws {
        let site = try await ProviderSite()
        let leaving = try await site.leave(on: try await site.clientPage())
        let target = try site.sso.authorize(ProviderSite.destination(leaving))
        site.advance(SignInAttempt.lifetime)
        let answer = try await site.browser.get(target)
        #expect(answer.status == 400 && answer.pageText.contains("took too long"))
        #expect(site.sso.count("/token") == 0)
    }

    @Test func `an answer at another provider's place is refused`() async throws {
        let site = try await ProviderSite()
        let leaving = try await site.leave(on: try await site.clientPage())
        let target = try site.sso.authorize(ProviderSite.destination(leaving))
        let moved = target.replacing("/callback/sso?", with: "/callback/other?")
        #expect(try await site.browser.get(moved).status == 403)
        #expect(site.sso.count("/token") == 0 && site.other.count("/token") == 0)
    }

    @Test(
        arguments: [
            ("https://evil.example", false), ("https://login.example.com/", false),
            ("https://LOGIN.example.com", false), ("https://login.example.com", true), (nil, true),
        ] as [(String?, Bool)])
    func `an answer of another issuer is refused`(issuer: String?, isTaken: Bool) async throws {
        let site = try await ProviderSite()
        let answer = try await site.signIn(changing: ["iss": issuer])
        #expect((answer.answer()?["code"] != nil) == isTaken)
        #expect(site.sso.count("/token") == (isTaken ? 1 : 0))
    }

    @Test func `an answer without the issuer is refused where the provider always names it`()
        async throws
    {
        let site = try await ProviderSite()
        site.sso.change {
            $0.metadata["authorization_response_iss_parameter_supported"] = "true"
        }
        let answer = try await site.signIn()
        #expect(answer.status == 403 && site.sso.count("/token") == 0)
    }

    @Test(
        arguments: [
            ["error": "access_denied", "code": nil], ["code": nil], ["code": ""],
            ["code": String(repeating: "x", count: 4097)],
        ] as [[String: String?]])
    func `who was not signed in there is not signed in here`(
        changes: [String: String?]
    ) async throws {
        let site = try await ProviderSite()
        let answer = try await site.signIn(changing: changes)
        #expect(answer.status == 403)
        #expect(answer.pageText.contains("Example SSO did not sign you in"))
        #expect(site.browser.cookies["__Host-gatehouse-session"] == nil)
        #expect(site.sso.count("/token") == 0)
    }

    // MARK: - Sessions

    @Test func `browser and session are new after a sign-in, and survive a restart`() async throws {
        let site = try await ProviderSite()
        let page = try await site.clientPage()
        let planted = try #require(site.browser.cookies["__Host-gatehouse-browser"])
        let leaving = try await site.leave(on: page)
        let target = try site.sso.authorize(ProviderSite.destination(leaving))
        _ = try await site.browser.get(target)
        let browser = try #require(site.browser.cookies["__Host-gatehouse-browser"])
        #expect(browser != planted)
        // The same store and keys, everything else anew.
        site.browser.fixture = try site.fixture.reloaded { _ in }
        #expect(try await site.browser.get("/account").pageText.contains("Lee Doe"))
        let session = site.browser.cookies["__Host-gatehouse-session"]
        site.browser.cookies["__Host-gatehouse-browser"] = planted
        #expect(!(try await site.browser.get("/account").pageText.contains("Lee Doe")))
        site.browser.cookies["__Host-gatehouse-browser"] = browser
        site.browser.cookies["__Host-gatehouse-session"] = session
        let account = try await site.browser.get("/account")
        let form = try PageChecker(account.body).tags("input", ["name": "csrf"]).last
        let out = try await site.browser.post(
            "/sign-out", [("csrf", form?.attributes["value"] ?? "")])
        #expect(out.status == 200)
        #expect(!(try await site.browser.get("/account").pageText.contains("Lee Doe")))
    }

    @Test func `a session ends after max_age`() async throws {
        let site = try await ProviderSite { $0.maxAge = 3 * 86_400 }
        _ = try await site.signIn()
        site.advance(3 * 86_400)
        #expect(try await site.browser.get("/account").pageText.contains("Lee Doe"))
        site.advance(1)
        #expect(!(try await site.browser.get("/account").pageText.contains("Lee Doe")))
    }

    @Test func `the same names at two sources are two people`() async throws {
        let site = try await ProviderSite()
        let first = try await site.signIn("sso", scopes: ["read"])
        let second = ConsentBrowser(site.fixture)
        let page = try await second.get(ConsentFixture.target(site.client))
        #expect(page.status == 200)
        let two = try await ProviderSite()
        let other = try await two.signIn("other", scopes: ["read"])
        let subjects = [first.subject, other.subject, ConsentFixture.subject("u1")]
        #expect(Set(subjects).count == 3)
        #expect(first.subject?.hasPrefix("sso:") == true)
        #expect(other.subject?.hasPrefix("other:") == true)
        // A source of the same name at another issuer is another, too.
        #expect(
            User.subject(of: "u1", from: "sso", issuer: site.other.issuer) != first.subject)
    }
}
