import Cryptography
import HTTPClient
import Storage
import Synchronization
import Testing

@testable import AuthorizationServer

/// Access of a user who left the provider ends, and of nobody else.
@Suite struct ProviderRefreshTests {
    private static let interval = ProviderUsers.checkInterval

    /// A site whose user has tokens.
    private static func signedIn(
        _ change: (inout ProviderOptions) -> Void = { _ in },
        _ script: (inout StubProvider.Script) -> Void = { _ in }
    ) async throws -> (site: ProviderSite, tokens: TokenAnswer) {
        let site = try await ProviderSite(changing: change)
        site.sso.change(script)
        let answer = try await site.signIn()
        return (site, try TokenAnswer(try await site.redeem(answer)))
    }

    @Test func `the provider is asked once in five minutes, and its tokens change each time`()
        async throws
    {
        let (site, first) = try await Self.signedIn()
        #expect(site.sso.count("/token") == 1)
        site.advance(Self.interval - 1)
        let second = try TokenAnswer(try await site.refresh(first.refresh))
        #expect(site.sso.count("/token") == 1)
        site.advance(1)
        let third = try TokenAnswer(try await site.refresh(second.refresh))
        #expect(site.sso.count("/token") == 2)
        let fourth = try TokenAnswer(try await site.refresh(third.refresh))
        #expect(site.sso.count("/token") == 2)
        site.advance(Self.interval)
        _ = try TokenAnswer(try await site.refresh(fourth.refresh))
        #expect(site.sso.count("/token") == 3)
    }

    @Test func `the refresh token is sealed with the master key and the row`() async throws {
        let (site, _) = try await Self.signedIn()
        let subject = ProviderSite.subject("u1", "sso", site.sso)
        let row = try #require(try await site.fixture.store.providerUser(subject))
        let stored = try #require(row.token)
        #expect(stored.isSealed)
        let plain = try #require(site.sso.script.withLock { $0.refreshTokens.first })
        #expect(!String(decoding: stored.bytes, as: UTF8.self).contains(plain))
        let kind = "provider token"
        #expect(
            try ProviderSite.atRest.secret(stored, kind: kind, row: subject).bytes
                == Array(plain.utf8))
        #expect(throws: KeyViolation.self) {
            try ProviderSite.atRest.secret(stored, kind: kind, row: subject + "x")
        }
    }

    @Test func `a user whom the provider no longer knows loses every grant`() async throws {
        let (site, tokens) = try await Self.signedIn()
        let second = try await site.browser.decide(on: try await site.clientPage())
        let others = try TokenAnswer(try await site.redeem(second))
        site.sso.change { $0.refreshTokens = [] }
        site.advance(Self.interval)
        let answer = try await site.refresh(tokens.refresh)
        #expect(answer.status == 400 && answer.tokenError == "invalid_grant")
        #expect(answer.endedGrants.count == 2)
        #expect(answer.events.count == 3)
        #expect(try await site.refresh(others.refresh).tokenError == "invalid_grant")
        #expect(site.sso.count("/token") == 2)
        // The session at the browser is over, too.
        #expect(!(try await site.browser.get("/account").pageText.contains("Lee Doe")))
        // Signing in again begins anew; what was ended stays so, sessions in other browsers too.
        let old = site.browser.cookies
        let again = try TokenAnswer(try await site.redeem(try await site.signIn()))
        #expect(try await site.browser.get("/account").pageText.contains("Lee Doe"))
        let stale = ConsentBrowser(site.fixture)
        (stale.cookies, stale.now) = (old, site.now)
        #expect(!(try await stale.get("/account").pageText.contains("Lee Doe")))
        #expect(try await site.refresh(tokens.refresh).tokenError == "invalid_grant")
        _ = try TokenAnswer(try await site.refresh(again.refresh))
    }

    @Test(arguments: ["", #"{"error":"invalid_grant"}"#, #"{"error":"bad_refresh_token"}"#])
    func `a provider may say in several ways that a user is gone`(body: String) async throws {
        let (site, tokens) = try await Self.signedIn()
        site.sso.change { $0.answers["/token"] = .success((400, body)) }
        site.advance(Self.interval)
        #expect(try await site.refresh(tokens.refresh).tokenError == "invalid_grant")
    }

    @Test(
        arguments: [
            .failure(OutboundFailure(.unreachable, "down")),
            .failure(OutboundFailure(.timeout, "slow")),
            .success((500, "oops")), .success((200, "<html>")), .success((400, "<html>")),
            .success((401, #"{"error":"invalid_client"}"#)),
            .success((429, #"{"error":"slow_down"}"#)),
        ] as [Result<(status: Int, body: String), OutboundFailure>])
    func `while the provider cannot be asked nothing is issued and nothing is lost`(
        fault: Result<(status: Int, body: String), OutboundFailure>
    ) async throws {
        let (site, tokens) = try await Self.signedIn()
        site.sso.change { $0.answers["/token"] = fault }
        site.advance(Self.interval)
        let answer = try await site.refresh(tokens.refresh)
        #expect(answer.status == 503 && answer.tokenError == "temporarily_unavailable")
        #expect(answer.fields.contains { $0.name == "Retry-After" })
        // Who asks again at once does not reach the provider.
        #expect(try await site.refresh(tokens.refresh).status == 503)
        #expect(site.sso.count("/token") == 2)
        site.sso.change { $0.answers = [:] }
        site.advance(ProviderUsers.pauseAfterFailure)
        _ = try TokenAnswer(try await site.refresh(tokens.refresh))
    }

    @Test func `what a group no longer gives is not granted, and what it gives again is`()
        async throws
    {
        let (site, first) = try await Self.signedIn()
        #expect(first.scope == "read write")
        site.sso.change { $0.claims["groups"] = "[]" }
        let early = try TokenAnswer(try await site.refresh(first.refresh))
        #expect(early.scope == "read write")
        site.advance(Self.interval)
        let second = try TokenAnswer(try await site.refresh(early.refresh))
        #expect(second.scope == "read")
        site.sso.change { $0.claims["groups"] = #"["support"]"# }
        site.advance(Self.interval)
        #expect(try TokenAnswer(try await site.refresh(second.refresh)).scope == "read write")
    }

    @Test func `without an ID token at a refresh the groups are asked for`() async throws {
        let (site, first) = try await Self.signedIn({ _ in }, { $0.refreshesIDToken = false })
        site.sso.change { $0.userInfo = #"{"sub":"u1","groups":[]}"# }
        site.advance(Self.interval)
        let second = try TokenAnswer(try await site.refresh(first.refresh))
        #expect(second.scope == "read" && site.sso.count("/userinfo") == 1)
        #expect(try await site.browser.get("/account").pageText.contains("Lee Doe"))
        site.sso.change { $0.userInfo = #"{"sub":"u2","groups":["support"]}"# }
        site.advance(Self.interval)
        #expect(try await site.refresh(second.refresh).status == 503)
    }

    @Test func `a refresh that is about another user gives nothing`() async throws {
        let (site, tokens) = try await Self.signedIn()
        site.sso.change { $0.claims["sub"] = "\"u2\"" }
        site.advance(Self.interval)
        #expect(try await site.refresh(tokens.refresh).status == 503)
    }

    @Test func `without a refresh token a grant ends after max_age, and its access token with it`()
        async throws
    {
        let (site, first) = try await Self.signedIn(
            { $0.maxAge = 7200 }, { $0.givesRefreshToken = false })
        #expect(first.lifetime == 3600)
        site.advance(7000)
        let second = try TokenAnswer(try await site.refresh(first.refresh))
        #expect(second.lifetime == 200 && site.sso.count("/token") == 1)
        site.advance(200)
        let ended = try await site.refresh(second.refresh)
        #expect(ended.tokenError == "invalid_grant" && ended.endedGrants.count == 1)
    }

    @Test func `who signs in again in time keeps the grants`() async throws {
        let (site, first) = try await Self.signedIn(
            { $0.maxAge = 7200 }, { $0.givesRefreshToken = false })
        site.advance(7000)
        site.browser.cookies = [:]
        _ = try await site.signIn()
        site.advance(7000)
        let second = try TokenAnswer(try await site.refresh(first.refresh))
        #expect(second.lifetime == 200)
    }

    @Test func `a provider that gives a refresh token once is believed with the first one`()
        async throws
    {
        let (site, tokens) = try await Self.signedIn()
        site.browser.cookies = [:]
        site.sso.change { $0.givesRefreshToken = false }
        _ = try await site.signIn()
        site.sso.change { $0.givesRefreshToken = true }
        site.advance(Self.interval)
        _ = try TokenAnswer(try await site.refresh(tokens.refresh))
    }

    @Test func `many refreshes at once are one question, and equal answers`() async throws {
        let (site, tokens) = try await Self.signedIn()
        site.advance(Self.interval)
        let answers = try await withThrowingTaskGroup(of: EndpointResponse.self) { group in
            let form = TokenFixture.encoded([
                "grant_type": "refresh_token", "refresh_token": tokens.refresh,
                "client_id": site.client,
            ])
            let request = try TokenFixture.request(form, at: site.now * 1000)
            let endpoint = site.tokens
            for _ in 0..<16 { group.addTask { await endpoint.respond(to: request) } }
            var answers: [EndpointResponse] = []
            for try await answer in group { answers.append(answer) }
            return answers
        }
        let refreshes = try answers.map { try TokenAnswer($0).refresh }
        #expect(Set(refreshes).count == 1 && site.sso.count("/token") == 2)
    }

    @Test func `a user of a source that is no longer configured is gone`() async throws {
        let (site, tokens) = try await Self.signedIn()
        let bare = try await ConsentFixture()
        let users = bare.interaction.sessions.users
        let reference = UserReference(
            source: "sso", name: "u1", subject: ProviderSite.subject("u1", "sso", site.sso))
        #expect(await users.standing(of: reference, at: site.now) == .gone(endedGrants: []))
        _ = tokens
    }

    @Test(arguments: [true, false])
    func `a code is not redeemed for a user who left, nor burnt while nobody can be asked`(
        isThere: Bool
    ) async throws {
        let (site, _) = try await Self.signedIn()
        site.advance(Self.interval - 20)
        let answer = try await site.browser.decide(on: try await site.clientPage())
        site.advance(20)
        site.sso.change { $0.answers["/token"] = .failure(OutboundFailure(.timeout, "slow")) }
        #expect(try await site.redeem(answer).tokenError == "temporarily_unavailable")
        site.sso.change { $0.answers = [:] }
        if !isThere { site.sso.change { $0.refreshTokens = [] } }
        site.advance(ProviderUsers.pauseAfterFailure)
        let redeemed = try await site.redeem(answer)
        #expect(redeemed.tokenError == (isThere ? nil : "invalid_grant"))
    }
}
