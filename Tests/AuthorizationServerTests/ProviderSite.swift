import Cryptography
import Foundation
import HTTP
import HTTPClient
import OAuth
import Storage
import Synchronization
import Testing

@testable import AuthorizationServer

/// A gateway with two OpenID providers and one without ID tokens, and a browser before it.
final class ProviderSite {
    static let atRest = KeysAtRest(
        masterKey: MasterKey(SecretBytes([UInt8](repeating: 7, count: 32))))

    let sso: StubProvider
    let other: StubProvider
    let hub: StubProvider
    let fixture: ConsentFixture
    let browser: ConsentBrowser
    let client: String
    let tokens: TokenEndpoint
    var now = ConsentFixture.start

    init(
        changing change: (inout ProviderOptions) -> Void = { _ in },
        scopes: [GuardedScope]? = nil,
        configuring configure: (inout AuthorizationServerOptions, StubProvider) throws -> Void = {
            _, _ in
        }
    ) async throws {
        sso = try StubProvider()
        other = try StubProvider(issuer: "https://other.example.com")
        hub = try StubProvider(issuer: "https://hub.example.com")
        hub.change { $0.userInfo = #"{"id":4711,"login":"lee"}"# }
        var options = Self.openID("sso", "Example SSO", sso)
        change(&options)
        let providers = [
            Self.provider(options, sso),
            Self.provider(Self.openID("other", "Other", other), other),
            Self.provider(try Self.oauth(hub), hub),
        ]
        let provider = sso
        fixture = try await ConsentFixture(providers: providers) { options in
            var tickets = try ConsentFixture.tickets()
            tickets.scopes = try scopes ?? Self.scopes()
            options.resources = [tickets]
            try configure(&options, provider)
        }
        browser = ConsentBrowser(fixture)
        client = try await fixture.client()
        let keys = try await SigningKeys.load(
            .es256, for: .accessTokens, from: fixture.store, Self.atRest, at: 1
        ) { try SigningKey.generate($0) }
        let ring = fixture.ring
        let issuer = AccessTokenIssuer(issuer: ConsentFixture.issuer, keys: keys)
        tokens = TokenEndpoint(
            options: fixture.options, store: fixture.store,
            authentication: ClientAuthentication(directory: fixture.clients),
            users: fixture.interaction.sessions.users, ring: { ring }, issuer: { issuer },
            keySets: MachineKeys.lookUp)
    }

    static func scopes() throws -> [GuardedScope] {
        [
            try ConsentFixture.scope("read", "Read tickets"),
            try ConsentFixture.scope(
                "write", "Change tickets", grantedTo: ["sso/group:support", "hub/user:4711"]),
            try ConsentFixture.scope("admin", "Delete tickets", clients: .verified),
        ]
    }

    static func openID(
        _ name: String, _ title: String, _ stub: StubProvider
    ) -> ProviderOptions {
        ProviderOptions(
            name: name, title: title, kind: .openID(issuer: stub.issuer), clientID: "gate",
            clientSecret: SecretBytes(Array("s3 cret".utf8)), groupsClaim: "groups")
    }

    static func oauth(_ stub: StubProvider) throws -> ProviderOptions {
        func url(_ path: String) throws -> AbsoluteURI {
            try AbsoluteURI(parsing: stub.issuer + path)
        }
        return ProviderOptions(
            name: "hub", title: "Hub",
            kind: .oauth(
                .init(
                    authorization: try url("/authorize"), token: try url("/token"),
                    userInfo: try url("/userinfo"), userClaim: "id")),
            clientID: "gate", clientSecret: SecretBytes(Array("x".utf8)), scopes: ["read:user"],
            nameClaim: "login")
    }

    static func provider(_ options: ProviderOptions, _ stub: StubProvider) -> Provider {
        Provider(options, client: stub) { RemoteKeySet(url: $0, client: stub, now: { 1 }) }
    }

    // MARK: In the browser

    /// Moves every clock.
    func advance(_ seconds: Int64) {
        now += seconds
        browser.now = now
        for stub in [sso, other, hub] { stub.clock.withLock { $0 = now } }
    }

    /// The first page of a request.
    func clientPage(_ changes: [String: String?] = [:]) async throws -> EndpointResponse {
        try await browser.get(ConsentFixture.target(client, changes))
    }

    /// Presses a provider's button; the boxes are as they are if none are named.
    func leave(
        _ source: String = "sso", on page: EndpointResponse, scopes: [String]? = nil
    ) async throws -> EndpointResponse {
        let ticked = try PageChecker(page.body).tags("input", ["name": "scope", "checked": ""])
            .compactMap { $0.attributes["value"] }
        return try await browser.post(
            "/sign-in",
            try ConsentBrowser.hidden(page).filter { $0.0 != "source" }
                + (scopes ?? ticked).map { ("scope", $0) } + [("source", source)])
    }

    /// Where a page sends the browser on to.
    static func destination(_ page: EndpointResponse) throws -> String {
        let refresh = try #require(page.fields.first { $0.name == "Refresh" }?.value)
        let url = String(refresh.dropFirst("0;url=".count))
        #expect(try PageChecker(page.body).tag("a", ["href": url]) != nil)
        return url
    }

    /// From the first page to the answer of the callback.
    func signIn(
        _ source: String = "sso", scopes: [String]? = nil, changing changes: [String: String?] = [:]
    ) async throws -> EndpointResponse {
        let page = try await clientPage()
        let leaving = try await leave(source, on: page, scopes: scopes)
        let stub = source == "sso" ? sso : source == "other" ? other : hub
        let target = try stub.authorize(Self.destination(leaving), changing: changes)
        return try await browser.get(target)
    }

    /// The subject of a user of a provider.
    static func subject(_ sub: String, _ source: String, _ stub: StubProvider) -> String {
        let issuer = source == "hub" ? stub.issuer + "/userinfo" : stub.issuer
        return User.subject(of: sub, from: source, issuer: issuer)
    }

    // MARK: At the token endpoint

    func post(_ form: [String: String]) async throws -> EndpointResponse {
        await tokens.respond(
            to: try TokenFixture.request(TokenFixture.encoded(form), at: now * 1000))
    }

    /// Redeems the code of an answer.
    func redeem(_ answer: EndpointResponse) async throws -> EndpointResponse {
        let code = try #require(answer.answer()?["code"])
        return try await post([
            "grant_type": "authorization_code", "code": code, "client_id": client,
            "redirect_uri": ConsentFixture.callback, "code_verifier": Self.verifier,
        ])
    }

    func refresh(_ token: String) async throws -> EndpointResponse {
        try await post([
            "grant_type": "refresh_token", "refresh_token": token, "client_id": client,
        ])
    }

    /// RFC 7636 appendix B.
    static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
}
