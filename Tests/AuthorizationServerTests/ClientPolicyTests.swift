import AuthorizationServer
import OAuth
import Storage
import Testing

@Suite struct ClientPolicyTests {
    private func accepted(
        _ name: String, _ uris: [String], _ rules: [RegistrationOptions.RedirectRule]
    ) async throws -> [String] {
        let fixture = try await RegistrationFixture(RegistrationOptions(redirectURIs: rules))
        let body = RegistrationFixture.body(name, uris)
        return try await fixture.register(body).metadata.redirectURIs.map(\.text)
    }

    @Test(
        arguments: [
            (.known, "https://claude.ai/api/mcp/auth_callback", true),
            (.known, "https://claude.com/api/mcp/auth_callback", true),
            (.known, "https://claude.ai/api/mcp/auth_callback/", false),
            (.known, "https://claude.ai/api/mcp/auth_callback?x=1", false),
            (.known, "https://claude.ai.evil.example/api/mcp/auth_callback", false),
            (.known, "https://claude.ai:8443/api/mcp/auth_callback", false),
            (.known, "http://claude.ai/api/mcp/auth_callback", false),
            (.known, "https://chatgpt.com/connector/oauth/aB-1_", true),
            (.known, "https://chatgpt.com/connector/oauth/", false),
            (.known, "https://chatgpt.com/connector/oauth/a/b", false),
            (.known, "https://chatgpt.com/connector/oauth/..", false),
            (.known, "https://chatgpt.com/connector/oauth/a%2Fb", false),
            (.known, "https://chatgpt.com/connector/oauth/a?b", false),
            (
                .known, "https://chatgpt.com/connector/oauth/" + String(repeating: "a", count: 128),
                true
            ),
            (
                .known, "https://chatgpt.com/connector/oauth/" + String(repeating: "a", count: 129),
                false
            ),
            (.known, "https://chatgpt.com/connector_platform_oauth_redirect", true),
            (.known, "https://vscode.dev/redirect", true),
            (.known, "https://insiders.vscode.dev/redirect", true),
            (.known, "https://www.cursor.com/agents/mcp/oauth/callback", true),
            (.known, "cursor://anysphere.cursor-mcp/oauth/callback", true),
            (.known, "cursor://anysphere.cursor-mcp/oauth/other", false),
            (.known, "http://localhost/cb", false),
            (.loopback, "http://localhost/cb", true), (.loopback, "http://127.0.0.1:7/cb", true),
            (.loopback, "http://[::1]:7/cb", true), (.loopback, "https://localhost/cb", false),
            (.loopback, "tool://localhost/cb", false), (.loopback, "https://a.example/cb", false),
            (.exactly("https://a.example/cb"), "https://a.example/cb", true),
            (.exactly("https://a.example/cb"), "https://a.example/cb/", false),
            (.exactly("https://a.example/cb"), "https://a.example:444/cb", false),
            (.exactly("http://localhost/cb"), "http://localhost:5/cb", true),
            (.exactly("http://localhost/cb"), "http://localhost:5/other", false),
            (.exactly("tool://cb"), "tool://cb", true),
            (.exactly("tool://cb"), "tool://cb2", false),
            (.host("a.example"), "https://a.example/any?x=1", true),
            (.host("a.example"), "https://A.example/any", true),
            (.host("a.example"), "https://b.a.example/any", false),
            (.host("a.example"), "https://a.example.evil.example/", false),
            (.host("*.a.example"), "https://b.a.example/", true),
            (.host("*.a.example"), "https://c.b.a.example/", true),
            (.host("*.a.example"), "https://a.example/", false),
            (.host("*.a.example"), "https://ba.example/", false),
            (.host("*.a.example"), "https://bbba.example/", false),
            (.host("*.a.example"), "https://b.a.example.evil.example/", false),
            (.host("localhost"), "http://localhost/cb", false),
            (.scheme("com.example.tool"), "com.example.tool:/cb", true),
            (.scheme("com.example.tool"), "com.example.tool2:/cb", false),
            (.scheme("https"), "https://a.example/", false),
        ] as [(RegistrationOptions.RedirectRule, String, Bool)])
    func `a rule allows just its redirect URIs`(
        rule: RegistrationOptions.RedirectRule, uri: String, isAllowed: Bool
    ) async throws {
        if isAllowed {
            #expect(try await accepted("Tool", [uri], [rule]) == [uri])
        } else {
            await #expect(throws: OAuthError.self) { try await accepted("Tool", [uri], [rule]) }
        }
    }

    @Test(arguments: [
        "Claude", "claude", "CLAUDE CODE", "The Claude Connector", "Claude (tickets)",
        "C l a u d e",
        "Cl\u{E1}ude", "Cla\u{301}ude", "C\u{200B}laude", "C\u{3164}laude", "Cl\u{363}aude",
        "Cl\u{AD}aude",
        "\u{FF23}\u{FF4C}\u{FF41}\u{FF55}\u{FF44}\u{FF45}", "\u{421}laude", "Cl\u{430}ud\u{435}",
        "\u{3F2}l\u{3B1}ude", "CIaude", "C1aude", "C|aude", "\u{1D402}\u{1D425}aude",
        "\u{24B8}laude", "Anthropic", "ClaudeAI", "Claude-AI", "claude.ai", "C_l_a_u_d_e",
        "OpenAI", "ChatGPT", "Chat GPT", "\u{41E}penAI", "0penAI", "Visual Studio Code",
        "VisualStudio Code", "VSCode", "VS-Code", "Cursor", "\u{421}urs\u{43E}r", "Codex",
        "Gemini CLI MCP Client", "Gernini CLI", "MCP Inspector",
    ])
    func `a product's name is not for others`(name: String) async throws {
        let rules: [RegistrationOptions.RedirectRule] = [.host("evil.example"), .loopback]
        let error = await #expect(throws: OAuthError.self) {
            try await accepted(name, ["https://evil.example/cb"], rules)
        }
        #expect(error?.code == .invalidClientMetadata)
        // One foreign place is enough.
        await #expect(throws: OAuthError.self) {
            try await accepted(name, ["http://localhost/cb", "https://evil.example/cb"], rules)
        }
        // On this machine the page says that nobody has verified the name.
        #expect(try await accepted(name, ["http://localhost/cb"], rules) == ["http://localhost/cb"])
    }

    @Test(arguments: [
        "Tool", "", "Precursor", "Claudette", "Open Air", "Decodex", "Studio Code",
        "\u{65E5}\u{672C}",
        "!!!", "Claud", "Tickets for everyone",
    ])
    func `other names are free`(name: String) async throws {
        let uris = ["https://a.example/cb"]
        #expect(try await accepted(name, uris, [.host("a.example")]) == uris)
    }

    @Test(arguments: [
        ("Claude", "https://claude.ai/api/mcp/auth_callback", true),
        ("Claude", "https://chatgpt.com/connector_platform_oauth_redirect", false),
        ("ChatGPT", "https://chatgpt.com/connector/oauth/x", true),
        ("ChatGPT", "https://claude.ai/api/mcp/auth_callback", false),
        ("Visual Studio Code - Insiders", "https://insiders.vscode.dev/redirect", true),
        ("Cursor", "cursor://anysphere.cursor-mcp/oauth/callback", true),
        ("Codex", "cursor://anysphere.cursor-mcp/oauth/callback", false),
    ])
    func `a product bears its name at its own places`(
        name: String, uri: String, isAllowed: Bool
    ) async throws {
        if isAllowed {
            #expect(try await accepted(name, [uri], [.known]) == [uri])
        } else {
            await #expect(throws: OAuthError.self) { try await accepted(name, [uri], [.known]) }
        }
    }

    @Test(arguments: [("Clxude", "Claude"), ("Cxxxlaude", "C\u{3164}laude")])
    func `a name that was free when the client registered is judged anew`(
        then: String, today: String
    ) async throws {
        let fixture = try await RegistrationFixture(
            RegistrationOptions(redirectURIs: [.host("evil.example")]))
        let now = RegistrationFixture.now
        let uri = "https://evil.example/" + String(repeating: "x", count: 400)
        let body = RegistrationFixture.body(then, [uri])
        let free = try await fixture.register(body).clientID
        let stored = try await fixture.store.client(free)
        var metadata = try #require(stored).metadata
        let name = try #require(metadata.firstRange(of: Array(then.utf8)))
        metadata.replaceSubrange(name, with: Array(today.utf8))
        let id = try await fixture.keep(metadata)
        #expect(try await fixture.directory().client(free, at: now) != nil)
        #expect(try await fixture.directory().client(id, at: now) == nil)
    }
}
