import OAuth
import Storage
import Synchronization
import Testing

@testable import AuthorizationServer

/// Documents of clients at the endpoints: what people see, and what a change comes to.
@Suite struct ClientDocumentFlowTests {
    private static let url = "https://app.example/client.json"

    private let host = DocumentHost()

    private func browser(
        _ kind: RegistrationOptions.MetadataDocuments = .trusted
    ) async throws -> ConsentBrowser {
        let fixture = try await ConsentFixture(documents: ClientDocuments(outbound: host)) {
            $0.registration.metadataDocuments = kind
            $0.registration.trustedDomains = ["app.example"]
        }
        return ConsentBrowser(fixture)
    }

    private func put(
        name: String = "Tool", uris: [String] = [ConsentFixture.callback], members: String = ""
    ) {
        host.put(
            RealDocument.body(at: Self.url, name: name, uris: uris, members: members),
            at: Self.url, seconds: 60)
    }

    @Test func `the consent page names the domain, and warns of whoever listens here`()
        async throws
    {
        let browser = try await browser()
        put()
        let page = try await browser.consentPage(Self.url)
        #expect(page.status == 200)
        let text = page.pageText
        #expect(text.contains("verified: app.example"))
        #expect(text.contains("Described by app.example"))
        #expect(text.contains("Any program on this computer can use it"))
        #expect(text.contains("the access goes to 127.0.0.1"))
    }

    @Test(arguments: [("true", true), ("false", false), (nil, false)] as [(String?, Bool)])
    func `a client is held to what its document says of bound tokens`(
        value: String?, expected: Bool
    ) async throws {
        let browser = try await browser()
        put(members: value.map { "\"dpop_bound_access_tokens\":\($0)" } ?? "")
        let client = try await browser.fixture.clients.client(Self.url, at: browser.now)
        #expect(client?.bindsTokens == expected)
    }

    @Test func `a document that also names a web site has no warning of its own`() async throws {
        let browser = try await browser()
        put(uris: ["https://agent.example/callback", ConsentFixture.callback])
        let page = try await browser.consentPage(
            Self.url, ["redirect_uri": "https://agent.example/callback"])
        #expect(page.status == 200)
        #expect(page.pageText.contains("agent.example"))
        #expect(!page.pageText.contains("Any program on this computer"))
    }

    @Test func `a host that nobody trusts is shown as unverified`() async throws {
        let browser = try await browser(.any)
        let url = "https://stranger.example/c"
        host.put(RealDocument.body(at: url, name: "Tool", uris: [ConsentFixture.callback]), at: url)
        let text = try await browser.consentPage(url).pageText
        #expect(text.contains("unverified"))
        #expect(!text.contains("verified: "))
        #expect(text.contains("Nobody has checked who is behind stranger.example"))
    }

    @Test func `a redirect URI that is not in the document gets nothing`() async throws {
        let browser = try await browser()
        put()
        let page = try await browser.consentPage(
            Self.url, ["redirect_uri": "http://127.0.0.1:4711/other"])
        #expect(page.status == 400)
        #expect(page.location == nil)
    }

    @Test func `a document that cannot be had is a page, and goes nowhere`() async throws {
        let browser = try await browser()
        let page = try await browser.consentPage(Self.url)
        #expect(page.status == 400)
        #expect(page.location == nil)
        #expect(page.pageText.contains("The application’s description cannot be used"))
    }

    @Test func `a client that changes while the person reads is not agreed to`() async throws {
        let browser = try await browser()
        put()
        let page = try await browser.consentPage(Self.url)
        put(name: "Another Tool")
        browser.now += 61
        let answer = try await browser.decide(on: page)
        #expect(answer.status == 400)
        #expect(answer.answer() == nil)
        #expect(answer.pageText.contains("The application has changed"))
        // Asked again, it is the new one that is agreed to.
        let again = try await browser.consentPage(Self.url)
        #expect(again.pageText.contains("Another Tool"))
        #expect(try await browser.decide(on: again).answer()?["code"] != nil)
    }

    @Test func `a client that dies while the person reads gets nothing`() async throws {
        let browser = try await browser()
        put()
        let page = try await browser.consentPage(Self.url)
        host.put(nil, at: Self.url)
        browser.now += 61
        let answer = try await browser.decide(on: page)
        #expect(answer.status == 400)
        #expect(answer.answer() == nil)
    }

    @Test func `what was agreed with an earlier document is not remembered`() async throws {
        let browser = try await browser()
        put()
        let page = try await browser.consentPage(Self.url)
        #expect(!page.pageText.contains("You agreed to this before"))
        let client = try #require(
            try await browser.fixture.clients.client(Self.url, at: browser.now))
        for (id, revision) in [("g1", client.revision), ("g2", [UInt8](repeating: 1, count: 32))] {
            try await browser.fixture.store.record(
                GrantRecord(
                    id: id, server: "tickets", subject: ConsentFixture.subject("lee"),
                    source: "local", userName: "lee", client: Self.url, clientRevision: revision,
                    clientName: "Tool", scope: id == "g1" ? "tickets:read" : "tickets:write",
                    issuedAt: browser.now, expiresAt: browser.now + 3600))
        }
        let again = try await browser.consentPage(Self.url)
        let count = again.pageText.components(of: "You agreed to this before")
        #expect(count == 1)
    }

    @Test func `who agreed before is not asked again by this site, unless something is new`()
        async throws
    {
        let browser = try await browser()
        let web = "https://agent.example/callback"
        let target = ConsentFixture.target(Self.url, ["redirect_uri": web])
        func again(
            _ more: String = "", site: String = "same-origin"
        ) async throws
            -> EndpointResponse
        {
            try await browser.send("GET", target + more, fields: [("Sec-Fetch-Site", site)])
        }
        put(uris: [web])
        _ = try await browser.signIn()
        let first = try await again()
        #expect(first.status == 200)
        let client = try #require(
            try await browser.fixture.clients.client(Self.url, at: browser.now))
        try await browser.fixture.store.record(
            GrantRecord(
                id: "g1", server: "tickets", subject: ConsentFixture.subject("lee"),
                source: "local", userName: "lee", client: Self.url,
                clientRevision: client.revision, clientName: "Tool",
                scope: "tickets:read tickets:write", issuedAt: browser.now,
                expiresAt: browser.now + 3600))
        let answer = try await again()
        #expect(answer.answer(to: web)?["code"] != nil)
        #expect(answer.events.count == 1)
        #expect(try await again(site: "cross-site").status == 200)
        // OpenID Connect Core §3.1.2.1
        #expect(try await again("&prompt=consent").status == 200)
        // Who looks ahead gets no code.
        let site = [("Sec-Fetch-Site", "same-origin")]
        #expect(try await browser.send("HEAD", target, fields: site).answer(to: web) == nil)
        // The client is another one now.
        put(name: "Another Tool", uris: [web])
        browser.now += 61
        #expect(try await again().status == 200)
    }

    // MARK: - Tokens

    private func tokens() async throws -> TokenFixture {
        try await TokenFixture(documents: ClientDocuments(outbound: host)) {
            $0.registration.trustedDomains = ["app.example"]
        }
    }

    private func revision(_ fixture: TokenFixture) async throws -> [UInt8] {
        let documents = ClientDocuments(outbound: host)
        let directory = ClientDirectory(
            store: fixture.store, ring: { fixture.ring.withLock { $0 } },
            options: fixture.options.registration, documents: documents)
        return try #require(try await directory.client(Self.url, at: TokenFixture.now)).revision
    }

    @Test(arguments: ["name", "uri", "keys", "method"])
    func `a code and a grant are for the client that was agreed to`(change: String) async throws {
        let fixture = try await tokens()
        put()
        let revision = try await revision(fixture)
        func code() async throws -> String {
            try await fixture.code(client: Self.url, revision: revision)
        }
        let (first, second) = (try await code(), try await code())
        let answer = try TokenAnswer(
            try await fixture.post(fixture.redemption(first, ["client_id": Self.url])))
        #expect(try await answer.grant(fixture).clientRevision == revision)
        let refreshed = try TokenAnswer(
            try await fixture.post(fixture.refresh(answer.refresh, ["client_id": Self.url])))
        let keys = #""jwks_uri":"https://app.example/keys""#
        switch change {
        case "name": put(name: "Another Tool")
        case "uri": put(uris: [ConsentFixture.callback, "http://127.0.0.1/other"])
        case "keys": put(members: keys)
        default:
            put(
                members: keys
                    + #","token_endpoint_auth_methods_supported":["none","private_key_jwt"]"#)
        }
        for form in [
            fixture.redemption(second, ["client_id": Self.url]),
            fixture.refresh(refreshed.refresh, ["client_id": Self.url]),
        ] {
            // The refusal of a code is earlier than its end.
            let late = try await fixture.post(form, seconds: 61)
            #expect(late.tokenError == "invalid_grant")
            #expect(late.reason?.contains("has changed since the consent") == true)
        }
    }

    @Test func `a client whose document is gone gets nothing, and one that is away waits`()
        async throws
    {
        let fixture = try await tokens()
        put()
        let revision = try await revision(fixture)
        let code = try await fixture.code(client: Self.url, lifetime: 600, revision: revision)
        let form = fixture.redemption(code, ["client_id": Self.url])
        host.put(DocumentHost.Answer(status: 503), at: Self.url)
        let away = try await fixture.post(form)
        #expect(away.status == 503)
        #expect(away.tokenError == "temporarily_unavailable")
        host.put(DocumentHost.Answer(status: 404), at: Self.url)
        let gone = try await fixture.post(form, seconds: 60)
        #expect(gone.status == 401)
        #expect(gone.tokenError == "invalid_client")
        // Neither has used up the code.
        put()
        #expect(try await fixture.post(form, seconds: 120).status == 200)
    }

    @Test func `ChatGPT may come without an assertion, and who only signs may not`() async throws {
        let fixture = try await tokens()
        let keys =
            #""jwks_uri":"https://app.example/keys","token_endpoint_auth_method":"private_key_jwt""#
        for (members, status) in [
            (keys + #","token_endpoint_auth_methods_supported":["none","private_key_jwt"]"#, 200),
            (keys, 401),
        ] {
            put(members: members)
            let seconds: Int64 = status == 200 ? 0 : 61
            let revision = try await revision(fixture)
            let code = try await fixture.code(
                client: Self.url, lifetime: 600, revision: revision)
            let form = fixture.redemption(code, ["client_id": Self.url])
            #expect(try await fixture.post(form, seconds: seconds).status == status)
        }
    }

    @Test(arguments: ["/token", "/revoke", "/introspect", "/par"])
    func `whichever endpoint is asked, a fetch is counted for who asks`(path: String) async throws {
        let fixture = try await TokenFixture(documents: ClientDocuments(outbound: host)) {
            $0.registration.trustedDomains = ["app.example"]
            $0.clients = try MachineFixture.clients()
        }
        let issuer = AccessTokenIssuer(issuer: TokenFixture.issuer, keys: fixture.keys)
        func ask(_ id: String) async throws -> EndpointResponse {
            let form = ["grant_type": "authorization_code", "code": "x", "client_id": id]
            let request = try TokenFixture.request(TokenFixture.encoded(form), target: path)
            return switch path {
            case "/token": await fixture.endpoint.respond(to: request)
            case "/revoke": await fixture.revocation.respond(to: request)
            case "/introspect":
                await IntrospectionEndpoint(
                    options: fixture.options, store: fixture.store,
                    authentication: fixture.authentication, issuer: { issuer }
                ).respond(to: request)
            default:
                await PushedRequestEndpoint(
                    issuer: TokenFixture.issuer, authentication: fixture.authentication,
                    ring: { fixture.ring.withLock { $0 } }
                ).respond(to: request)
            }
        }
        let limit = ClientDocuments.perMinuteOfNetwork
        for number in 0..<limit { _ = try await ask(Self.url + "?\(number)") }
        #expect(host.requests.count == limit)
        let limited = try await ask(Self.url + "?x")
        #expect(host.requests.count == limit)
        #expect(limited.status == 503)
        #expect(limited.tokenError == "temporarily_unavailable")
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int {
        ranges(of: text).count
    }
}
