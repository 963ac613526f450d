import OAuth
import Testing

@testable import AuthorizationServer

@Suite struct RememberedConsentTests {
    private static func ask(
        _ verification: Client.Verification, _ uri: String
    ) throws -> PendingAsk {
        let uri = try #require(RedirectURI(uri))
        let client = Client(
            id: "c", name: "A", redirectURIs: [uri], authenticationMethod: .none,
            verification: verification)
        let pending = PendingAuthorization(
            id: "i", clientID: "c", redirectURI: uri.text, namesRedirectURI: true, state: nil,
            codeChallenge: ConsentFixture.challenge, server: "tickets", scope: nil, expiresAt: 1)
        return PendingAsk(
            pending: pending, client: client, redirectURI: uri,
            resource: try ConsentFixture.tickets())
    }

    private static func answers(
        verification: Client.Verification = .named, uri: String = "https://agent.example/cb",
        site: [String] = ["same-origin"], offered: String = "a b", earlier: String? = "a b c"
    ) async throws -> Bool {
        let browser = ConsentBrowser(try await ConsentFixture())
        let request = try browser.request(
            "GET", "/authorize", fields: site.map { ("Sec-Fetch-Site", $0) })
        return RememberedConsent.answers(
            request.head, try ask(verification, uri),
            offered: try #require(ScopeSet(parsing: offered)),
            earlier: earlier.flatMap { ScopeSet(parsing: $0) })
    }

    @Test func `only who agreed to all of it, for a checked client, from this site, is not asked`()
        async throws
    {
        #expect(try await Self.answers())
        #expect(try await Self.answers(verification: .domain("agent.example")))
        #expect(try await Self.answers(site: ["same-site"]))
        #expect(!(try await Self.answers(verification: .unverified)))
        #expect(!(try await Self.answers(uri: "http://127.0.0.1:1/cb")))
        for site in [[], ["cross-site"], ["none"], ["same-origin", "cross-site"], ["Same-Origin"]] {
            #expect(!(try await Self.answers(site: site)), "\(site)")
        }
        #expect(!(try await Self.answers(offered: "a b d")))
        #expect(!(try await Self.answers(earlier: nil)))
        #expect(!(try await Self.answers(earlier: "")))
    }
}
