import Testing

/// Pairs of redirect URIs: which was registered, which is presented, and whether the second is the
/// first.
enum RedirectURITable {
    struct Pair: Sendable, CustomTestStringConvertible {
        let registered: String
        let presented: String
        let matches: Bool

        var testDescription: String { "\(registered) \(matches ? "~" : "≠") \(presented)" }
    }

    private static func same(_ registered: String, _ presented: [String]) -> [Pair] {
        presented.map { Pair(registered: registered, presented: $0, matches: true) }
    }

    private static func different(_ registered: String, _ presented: [String]) -> [Pair] {
        presented.map { Pair(registered: registered, presented: $0, matches: false) }
    }

    static let pairs: [Pair] = websites + loopback + applications

    private static let websites =
        same("https://a.example/cb", ["https://a.example/cb"])
        + different(
            "https://a.example/cb",
            [
                "https://a.example/cb/", "https://a.example/CB", "https://a.example/cb?",
                "https://a.example/cb?x=1", "https://a.example/c", "https://a.example/cb2",
                "https://a.example/cb/../cb", "https://a.example/./cb", "https://a.example//cb",
                "https://a.example/%63b", "https://a.example/cb%20", "https://a.example/cb;x",
                "https://a.example:443/cb", "https://a.example:8443/cb", "https://A.example/cb",
                "HTTPS://a.example/cb", "https://a.example./cb", "https://b.a.example/cb",
                "https://a.example.evil/cb", "https://evila.example/cb", "https://a.example",
                "http://a.example/cb", "https://user@a.example/cb", "https://a.example@evil/cb",
                "https://a.example/cb#f", "https://a.example\\@evil/cb", "https:/a.example/cb",
                "https:///a.example/cb", "//a.example/cb", "/cb", " https://a.example/cb",
                "https://a.example/cb\n", "https://a.example/cb\u{0}", "https://а.example/cb",
            ])
        + different("https://a.example", ["https://a.example/"])
        + same("https://a.example:8443/cb?x=1", ["https://a.example:8443/cb?x=1"])
        + different("https://a.example:8443/cb", ["https://a.example:8444/cb"])
        + different("https://localhost:1/cb", ["https://localhost:2/cb", "http://localhost:1/cb"])

    private static let loopback =
        same(
            "http://127.0.0.1/cb",
            ["http://127.0.0.1/cb", "http://127.0.0.1:1/cb", "http://127.0.0.1:65535/cb"])
        + different(
            "http://127.0.0.1/cb",
            [
                "http://localhost/cb", "http://[::1]/cb", "http://127.0.0.1:1/cb/",
                "http://127.0.0.1:1/CB", "http://127.0.0.1:1/", "http://127.0.0.1:1",
                "http://127.0.0.1:1/cb?x", "https://127.0.0.1/cb", "http://127.0.0.2/cb",
                "http://127.1/cb", "http://2130706433/cb", "http://0x7f.0.0.1/cb",
                "http://127.0.0.1.evil/cb", "http://127.0.0.1./cb", "http://127.0.0.1:0/cb",
                "http://127.0.0.1:65536/cb", "http://127.0.0.1:/cb", "http://127.0.0.1:01/cb",
                "http://127.0.0.1:1@evil/cb", "http://127.0.0.1:1/x/../cb", "http://0.0.0.0/cb",
            ])
        + same(
            "http://localhost:3118/callback",
            ["http://localhost:8080/callback", "http://localhost/callback"])
        + different(
            "http://localhost:3118/callback",
            [
                "http://LOCALHOST:3118/callback", "http://localhost.:3118/callback",
                "http://localhost.evil:3118/callback", "http://evil.localhost:3118/callback",
                "http://127.0.0.1:3118/callback", "http://localhost:3118/callback/x",
            ])
        + same("http://[::1]/cb", ["http://[::1]:9/cb"])
        + different("http://[::1]/cb", ["http://[0:0:0:0:0:0:0:1]/cb", "http://[::2]/cb"])
        + same("http://127.0.0.1:33418", ["http://127.0.0.1:5/", "http://127.0.0.1"])
        + same("http://127.0.0.1/", ["http://127.0.0.1:7"])
        + same("http://localhost/cb?x=1", ["http://localhost:9/cb?x=1"])
        + different(
            "http://localhost/cb?x=1", ["http://localhost:9/cb?x=2", "http://localhost/cb"])

    private static let applications =
        same(
            "cursor://anysphere.cursor-mcp/oauth/callback",
            ["cursor://anysphere.cursor-mcp/oauth/callback"])
        + different(
            "cursor://anysphere.cursor-mcp/oauth/callback",
            [
                "cursor://anysphere.cursor-mcp/oauth/callback/", "cursor://other/oauth/callback",
                "Cursor://anysphere.cursor-mcp/oauth/callback",
                "cursor://anysphere.cursor-mcp:1/oauth/callback",
                "cursors://anysphere.cursor-mcp/oauth/callback",
            ])
        + same("com.example.app:/oauth2redirect", ["com.example.app:/oauth2redirect"])
        + different(
            "com.example.app:/oauth2redirect",
            ["com.example.app://oauth2redirect", "com.example.app:oauth2redirect"])
        + different("com.example.app:/", ["com.example.app:"])
}
