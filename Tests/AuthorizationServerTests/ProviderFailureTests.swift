import HTTPClient
import Storage
import Testing

@testable import AuthorizationServer

@Suite struct ProviderFailureTests {
    private static let discovery = "/.well-known/openid-configuration"

    /// A place that fails, and what it says instead.
    struct Fault: Sendable, CustomTestStringConvertible {
        let path: String
        let answer: Result<(status: Int, body: String), OutboundFailure>
        var testDescription: String { "\(path) \(answer)" }
    }

    static let faults: [Fault] = [discovery, "/jwks", "/token", "/userinfo"].flatMap { path in
        [
            .failure(OutboundFailure(.unreachable, "refused")),
            .failure(OutboundFailure(.timeout, "slow")),
            .failure(OutboundFailure(.tooLarge, "large")),
            .success((500, "oops")), .success((302, "")), .success((200, "<html>")),
            .success((200, "[]")), .success((200, "{}")), .success((200, "{\"keys\":[]}")),
        ].map { Fault(path: path, answer: $0) }
    }

    @Test(arguments: faults)
    func `a provider that is down, slow or talks nonsense leaves nothing behind`(
        fault: Fault
    ) async throws {
        let site = try await ProviderSite()
        // The groups are asked for.
        site.sso.change { $0.claims["groups"] = .some(nil) }
        let page = try await site.clientPage()
        var leaving = try await site.leave(on: page)
        if fault.path == Self.discovery {
            let second = try await ProviderSite()
            second.sso.change { $0.answers[fault.path] = fault.answer }
            let failed = try await second.leave(on: try await second.clientPage())
            #expect(failed.status == 503)
            #expect(failed.pageText.contains("Example SSO cannot be asked"))
            #expect(failed.events.count == 1)
            #expect(second.browser.cookies["__Host-gatehouse-sign-in"] == nil)
            return
        }
        site.sso.change { $0.answers[fault.path] = fault.answer }
        let target = try site.sso.authorize(ProviderSite.destination(leaving))
        let failed = try await site.browser.get(target)
        // A userinfo answer without a user is not nothing, but does not hold.
        #expect([403, 503].contains(failed.status))
        #expect(failed.pageText.contains("Nothing was changed"))
        guard case .signIn(let signIn) = failed.events.first else {
            Issue.record("no sign-in in the audit log")
            return
        }
        #expect(signIn.outcome == (failed.status == 503 ? .unavailable : .refused))
        #expect(signIn.source == "sso" && signIn.user == nil)
        #expect(site.browser.cookies["__Host-gatehouse-session"] == nil)
        #expect(site.browser.cookies["__Host-gatehouse-sign-in"] == nil)
        let subject = ProviderSite.subject("u1", "sso", site.sso)
        #expect(try await site.fixture.store.providerUser(subject) == nil)

        // The page is the way to try again.
        guard fault.path != "/jwks" else { return }
        site.sso.change { $0.answers = [:] }
        leaving = try await site.leave(on: failed)
        let again = try await site.browser.get(
            try site.sso.authorize(ProviderSite.destination(leaving)))
        #expect(again.answer()?["code"] != nil)
    }

    @Test func `a store that fails signs nobody in`() async throws {
        let site = try await ProviderSite()
        let leaving = try await site.leave(on: try await site.clientPage())
        let target = try site.sso.authorize(ProviderSite.destination(leaving))
        await site.fixture.store.close()
        let answer = try await site.browser.get(target)
        #expect(answer.status == 503)
        #expect(site.browser.cookies["__Host-gatehouse-session"] == nil)
    }

    /// ID tokens that are not for this gateway, this request or this time.
    @Test(
        arguments: [
            ["iss": "\"https://login.example.com/\""], ["iss": nil], ["iss": "7"],
            ["aud": "\"gat\""], ["aud": nil], ["aud": "[]"], ["aud": "[\"gate\",\"else\"]"],
            ["azp": "\"else\""], ["azp": "7"],
            ["exp": "1799999000"], ["exp": nil], ["exp": "\"1900000000\""],
            ["iat": "1800009000"], ["iat": nil], ["iat": "1799999000"],
            ["nonce": "\"another\""], ["nonce": nil], ["nonce": "7"],
            ["at_hash": "\"AAAAAAAAAAAAAAAAAAAAAA\""], ["at_hash": "7"],
            ["sub": nil], ["sub": "\"\""], ["sub": "7"], ["sub": "\"é\""], ["sub": "null"],
            ["groups": "7"], ["groups": "[7]"], ["groups": "[\"\"]"], ["groups": "{}"],
        ] as [[String: String?]])
    func `an ID token that does not hold signs nobody in`(
        claims: [String: String?]
    ) async throws {
        let site = try await ProviderSite()
        site.sso.change { $0.claims = claims }
        let answer = try await site.signIn()
        #expect(answer.status == 403)
        #expect(answer.pageText.contains("Example SSO did not sign you in"))
        let subject = ProviderSite.subject("u1", "sso", site.sso)
        #expect(try await site.fixture.store.providerUser(subject) == nil)
    }

    @Test(
        arguments: [
            ["aud": "[\"gate\"]"], ["aud": "[\"gate\",\"else\"]", "azp": "\"gate\""],
            ["sub": "\"a@evil@corp\""], ["sub": "\"u 1\""], ["name": "7"],
            ["name": "\"a@evil@corp\""],
            ["groups": "\"support\""], ["groups": "[\"súpport, tech\"]"], ["groups": "null"],
        ] as [[String: String?]])
    func `what is odd but holds is carried as text`(claims: [String: String?]) async throws {
        let site = try await ProviderSite()
        site.sso.change { $0.claims = claims }
        let answer = try await site.signIn(scopes: ["read"])
        #expect(answer.answer()?["code"] != nil)
    }

    @Test(arguments: ["at+jwt", "logout+jwt", "JOSE"])
    func `a token of another kind is no ID token`(type: String) async throws {
        let site = try await ProviderSite()
        site.sso.change { $0.type = type }
        #expect(try await site.signIn().status == 403)
    }

    @Test func `a token by another key or an algorithm that the provider does not name is refused`()
        async throws
    {
        let site = try await ProviderSite()
        let key = try StubProvider().key
        site.sso.change { $0.otherKey = key }
        #expect(try await site.signIn().status == 403)
        let second = try await ProviderSite()
        second.sso.change { $0.metadata["id_token_signing_alg_values_supported"] = "[\"RS256\"]" }
        #expect(try await second.signIn().status == 403)
    }

    @Test func `groups of another user are nobody's`() async throws {
        let site = try await ProviderSite()
        site.sso.change {
            $0.claims["groups"] = .some(nil)
            $0.userInfo = #"{"sub":"u2","groups":["support"]}"#
        }
        #expect(try await site.signIn().status == 403)
        let second = try await ProviderSite()
        second.sso.change { $0.claims["groups"] = .some(nil) }
        let answer = try await second.signIn()
        #expect(try TokenAnswer(try await second.redeem(answer)).scope == "read write")
        #expect(second.sso.count("/userinfo") == 1)
    }
}
