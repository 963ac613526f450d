import OAuth
import Testing

@Suite struct ResourceIndicatorTests {
    @Test(arguments: [
        ("https://mcp.example.com/a", "https://mcp.example.com/a"),
        ("https://mcp.example.com/a/", "https://mcp.example.com/a"),
        ("HTTPS://MCP.Example.COM/a", "https://mcp.example.com/a"),
        ("https://mcp.example.com:443/a", "https://mcp.example.com/a"),
        ("https://mcp.example.com:8443/a", "https://mcp.example.com:8443/a"),
        ("http://127.0.0.1:8080/demo/mcp", "http://127.0.0.1:8080/demo/mcp"),
        ("http://[::1]:80/x/", "http://[::1]/x"),
        ("https://mcp.example.com", "https://mcp.example.com"),
        ("https://mcp.example.com/", "https://mcp.example.com"),
        ("https://mcp.example.com/A", "https://mcp.example.com/A"),
        ("https://mcp.example.com/a//", "https://mcp.example.com/a/"),
        ("https://mcp.example.com/a/?q=/", "https://mcp.example.com/a/?q=/"),
    ])
    func `two spellings of one resource are one`(url: String, canonical: String) {
        #expect(ResourceIndicator(url)?.text == canonical)
    }

    @Test(arguments: [
        "", "mcp.example.com", "//h/a", "ftp://h/a", "https:/h", "https://", "https://u@h/a",
        "https://u:p@h/a", "https://h/a#f", "https://h/a b", "https://h/\u{E9}", "https://h:0/",
        "https://h:99999/", "https://h:x/", "https://[::1/", " https://h/a",
        "https://h/" + String(repeating: "a", count: 2048),
    ])
    func `what is no absolute URL without fragment is refused`(url: String) {
        #expect(ResourceIndicator(url) == nil)
    }
}
