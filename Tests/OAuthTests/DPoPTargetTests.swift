import OAuth
import Testing

@Suite struct DPoPTargetTests {
    private static let own = "https://mcp.example.com/tickets/mcp"

    /// URLs, and whether a proof for one is good for `own`.
    static let urls: [(String, Bool)] = [
        (own, true), (own + "/", true), (own + "?a=b", true), (own + "#part", true),
        (own + "?a=b#c?d", true), (own + "/?session_id=x", true),
        ("HTTPS://MCP.Example.COM/tickets/mcp", true),
        ("https://mcp.example.com:443/tickets/mcp", true),
        ("https://mcp.example.com:444/tickets/mcp", false),
        ("https://mcp.example.com:80/tickets/mcp", false),
        ("http://mcp.example.com/tickets/mcp", false),
        ("http://mcp.example.com:443/tickets/mcp", false),
        ("https://mcp.example.com/Tickets/mcp", false), (own + "//", false), (own + "/x", false),
        ("https://mcp.example.com/tickets", false), ("https://mcp.example.com", false),
        ("https://mcp.example.com.evil.example/tickets/mcp", false),
        ("https://evil.example/tickets/mcp", false),
        ("https://evil.example/?https://mcp.example.com/tickets/mcp", false),
        ("https://mcp.example.com/search/../tickets/mcp", false),
        ("https://mcp.example.com/tickets%2Fmcp", false),
        ("https://user@mcp.example.com/tickets/mcp", false), ("", false), ("tickets", false),
        ("//mcp.example.com/tickets/mcp", false), (" " + own, false), (own + " ", false),
    ]

    @Test(arguments: urls)
    func `URLs are one if they differ in what means nothing`(url: String, isOwn: Bool) throws {
        let target = try #require(DPoPTarget(Self.own))
        #expect((DPoPTarget(url) == target) == isOwn)
    }

    @Test func `an origin has one target, with a slash or without`() {
        #expect(DPoPTarget("https://a.example") == DPoPTarget("https://a.example/"))
    }

    @Test(arguments: [
        ("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", true),
        ("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J", false),
        ("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4", false),
        ("0ZcOCORZNYy+DWpqq30jZyJGHTN0d2HglBV3uiguA4I", false),
        ("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I=", false), ("", false),
    ])
    func `a thumbprint has one spelling`(text: String, isOne: Bool) {
        #expect((KeyThumbprint(text) != nil) == isOne)
    }
}
