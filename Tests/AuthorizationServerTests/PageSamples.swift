import OAuth
import Testing

@testable import AuthorizationServer

/// The pages with a stranger's text in every place that takes one.
enum PageSamples {
    static func redirectURI(_ text: String = "http://127.0.0.1:4711/callback") throws -> RedirectURI
    {
        try #require(RedirectURI(text))
    }

    static func client(
        name: String = "Example Agent", verification: Client.Verification = .unverified
    ) throws -> Client {
        Client(
            id: "dAAAA", name: name, redirectURIs: [try redirectURI()], authenticationMethod: .none,
            verification: verification)
    }

    static func scope(
        _ name: String, _ description: String = "", includes: [String] = []
    ) throws -> GuardedScope {
        GuardedScope(
            name: try #require(ScopeToken(name)), description: description,
            includes: includes.compactMap(ScopeToken.init))
    }

    static func resource(
        title: String = "Tickets", description: String = "Read tickets"
    ) throws
        -> GuardedResource
    {
        GuardedResource(
            name: "tickets", title: title,
            resource: try #require(ResourceIndicator("https://gate.example/tickets/mcp")),
            scopes: [
                try scope("tickets:read", description),
                try scope("tickets:write", "Create and change tickets", includes: ["tickets:read"]),
                try scope("tickets:admin"),
            ])
    }

    static func consent(_ text: String? = nil) throws -> ConsentPage {
        let resource = try resource(title: text ?? "Tickets", description: text ?? "Read tickets")
        return ConsentPage(
            client: try client(
                name: text ?? "Example Agent", verification: text.map { .domain($0) } ?? .unverified
            ),
            redirectURI: try redirectURI(), resource: resource, userName: text ?? "lee",
            choices: [
                ScopeChoice(
                    scope: resource.scopes[0], included: [], isAgreed: true, isTicked: true),
                ScopeChoice(
                    scope: resource.scopes[1], included: [resource.scopes[0]], isAgreed: false,
                    isTicked: true),
                ScopeChoice(
                    scope: resource.scopes[2], included: [], isAgreed: false, isTicked: false),
            ], isNothingTicked: text != nil, request: "AAAA-request", csrf: "AAAA-csrf")
    }

    static func signIn(_ text: String? = nil) throws -> SignInPage {
        SignInPage(
            sources: [
                .init(name: "local", title: text ?? "This server"),
                .init(name: text ?? "other", title: "Other"),
            ],
            source: "local",
            purpose: .init(
                client: try client(name: text ?? "Example Agent"),
                redirectHost: text ?? "127.0.0.1",
                serverTitle: text ?? "Tickets"),
            userName: text ?? "", problem: text == nil ? nil : .refused, request: "AAAA-request",
            csrf: "AAAA-csrf")
    }

    static func clientPage(_ text: String? = nil) throws -> ClientPage {
        let consent = try consent(text)
        return ClientPage(
            facts: ClientFacts(
                client: consent.client, redirectURI: consent.redirectURI,
                resource: consent.resource),
            choices: consent.choices,
            sources: [
                .init(name: "local", title: "This server"),
                .init(
                    name: text ?? "sso", title: text ?? "Example SSO",
                    kind: .provider(scopes: ["openid", text ?? "groups"])),
            ], userName: text ?? "", problem: text.map { .providerSilent(title: $0) },
            request: "AAAA-request", csrf: "AAAA-csrf")
    }

    static func account(_ text: String? = nil) throws -> AccountPage {
        AccountPage(
            userName: text ?? "lee",
            entries: [
                .init(
                    id: "gid", clientName: text ?? "Example Agent", serverTitle: text ?? "Tickets",
                    scopes: try resource(description: text ?? "Read tickets").scopes,
                    since: 784_111_777)
            ], isTruncated: text != nil, hasEnded: text != nil, csrf: "AAAA-csrf",
            signOutCSRF: "BBBB-csrf")
    }

    /// A hundred texts that would break out of a careless page, one way or another.
    static let hostileTexts: [String] = {
        let payloads = [
            "<script>alert(1)</script>", "</title><script>x</script>", "\"><script>x</script>",
            "'><img src=x onerror=alert(1)>", "\" autofocus onfocus=alert(1) x=\"",
            "' onmouseover='alert(1)", "<svg/onload=alert(1)>", "&lt;script&gt;",
            "&#60;script&#62;",
            "&amp;lt;b&amp;gt;", "</main></body></html>", "</style><style>*{display:none}",
            "<!-- ", "--><b>", "<![CDATA[x]]>", "<?php x ?>", "<form action=https://evil.example>",
            "<base href=https://evil.example>", "<meta http-equiv=refresh content=0>",
            "javascript:alert(1)", "\u{0000}<b>", "\u{202E}elpmaxe.live", "\u{2066}a\u{2069}<i>",
            "\u{0301}<b>", "\u{FEFF}<u>", "<\u{0301}script>", "\u{2028}<b>", "a\r\nSet-Cookie: x=1",
            "\u{1F468}\u{200D}\u{1F469}<b>", "＜script＞", "`${alert(1)}`", "{{7*7}}", "\\\"><b>",
        ]
        let wraps: [(String) -> String] = [{ $0 }, { "Agent " + $0 }, { $0 + $0 + "\u{0301}&" }]
        return payloads.flatMap { payload in wraps.map { $0(payload) } } + ["&"]
    }()
}
