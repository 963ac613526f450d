import HTTP
import Testing

@testable import ResourceServer

@Suite struct OriginTests {
    private static let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#

    @Test(
        arguments: [
            (nil, true), ("https://mcp.example.com", true), ("https://mcp.example.com:443", true),
            ("https://app.example.org", true), ("https://app.example.org:8443", false),
            ("http://mcp.example.com", false), ("https://mcp.example.com:8443", false),
            ("https://mcp.example.com.evil", false), ("https://evil", false), ("null", false),
            ("", false), ("https://mcp.example.com/", false), ("https://mcp.example.com/x", false),
            ("http://localhost:3000", false), ("http://127.0.0.1", false),
            ("https://mcp.example.com, https://evil", false),
            ("https://u@mcp.example.com", false),
        ] as [(String?, Bool)])
    func `a foreign origin is refused before the token is looked at`(
        origin: String?, isAllowed: Bool
    ) throws {
        let test = try TestServer(allowedOrigins: ["https://app.example.org"])
        let lines = origin.map { ["Origin: \($0)"] } ?? []
        let bare = try test.outcome(token: nil, lines, body: Self.ping)
        #expect(bare.status == (isAllowed ? 401 : 403))
        let full = try test.outcome(token: test.token(), lines, body: Self.ping)
        #expect(full.status == (isAllowed ? nil : 403))
        let preflight = try test.outcome("OPTIONS", token: nil, lines)
        #expect(preflight.status == (isAllowed ? 204 : 403))
        for outcome in [bare, full, preflight] where !isAllowed {
            #expect(outcome.field("Access-Control-Allow-Origin") == nil)
            #expect(outcome.field("WWW-Authenticate") == nil)
        }
    }

    @Test(arguments: [
        ("http://localhost:6274", true), ("http://127.0.0.1:6274", true),
        ("http://[::1]:6274", true), ("https://localhost", true),
        ("http://localhost.evil:6274", false), ("http://127.0.0.1.evil", false),
        ("https://evil", false),
    ])
    func `a loopback gateway takes pages of the same machine`(
        origin: String, isAllowed: Bool
    ) throws {
        let test = try TestServer(publicURL: "http://127.0.0.1:8080")
        let outcome = try test.outcome(token: nil, ["Origin: \(origin)"], body: Self.ping)
        #expect(outcome.status == (isAllowed ? 401 : 403))
    }

    @Test func `two origins are foreign`() throws {
        let test = try TestServer()
        let head = try? TestServer.head(
            "OPTIONS", "/tickets/mcp",
            ["Origin: https://mcp.example.com", "Origin: https://mcp.example.com"])
        // The decoder may refuse it before; if it does not, this must.
        guard let head else { return }
        #expect(test.server.originRule.verdict(on: head.fields) == .foreign)
    }

    @Test func `a preflight echoes the origin and what was asked for`() throws {
        let test = try TestServer(allowedOrigins: ["https://app.example.org"])
        let outcome = try test.outcome(
            "OPTIONS", token: nil,
            [
                "Origin: https://app.example.org", "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization, Mcp-Param-Region,<b>",
            ])
        #expect(outcome.status == 204)
        #expect(outcome.refusal?.body == [])
        let fields = try #require(outcome.refusal).fields.map { "\($0.name): \($0.value)" }
        #expect(
            fields == [
                "Allow: GET, POST, DELETE, OPTIONS",
                "Access-Control-Allow-Origin: https://app.example.org",
                "Access-Control-Expose-Headers: WWW-Authenticate, Mcp-Session-Id, "
                    + "MCP-Protocol-Version, DPoP-Nonce",
                "Vary: Origin", "Access-Control-Allow-Methods: GET, POST, DELETE, OPTIONS",
                "Access-Control-Allow-Headers: authorization, content-type, accept, "
                    + "mcp-protocol-version, mcp-session-id, mcp-method, mcp-name, last-event-id, "
                    + "dpop, mcp-param-region",
                "Access-Control-Max-Age: 7200",
            ])
    }

    @Test func `a refusal can be read by the page that asked`() throws {
        let test = try TestServer()
        let lines = ["Origin: https://mcp.example.com"]
        let outcomes = [
            try test.outcome(token: nil, lines, body: Self.ping),
            try test.outcome(token: test.token(), lines, body: "["),
            try test.outcome(token: test.token(), lines, body: TestServer.call("create_x")),
            try test.outcome("PUT", token: test.token(), lines),
        ]
        #expect(outcomes.map(\.status) == [401, 400, 403, 405])
        for outcome in outcomes {
            #expect(
                outcome.field("Access-Control-Allow-Origin") == "https://mcp.example.com")
            #expect(outcome.field("Vary") == "Origin")
        }
    }

    @Test func `without an origin nothing is said about origins`() throws {
        let outcome = try TestServer().outcome(token: nil, body: Self.ping)
        #expect(outcome.refusal?.fields.map(\.name) == ["WWW-Authenticate"])
        let options = try TestServer().outcome("OPTIONS", token: nil)
        #expect(options.refusal?.fields.map(\.name) == ["Allow"])
    }
}
