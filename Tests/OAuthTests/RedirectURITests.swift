import OAuth
import Testing

@Suite struct RedirectURITests {
    @Test(arguments: RedirectURITable.pairs)
    func `a presented URI is the registered one or it is not`(pair: RedirectURITable.Pair) throws {
        guard let registered = RedirectURI(pair.registered) else {
            Issue.record("the registered URI is refused, or the table is wrong")
            return
        }
        let presented = RedirectURI(pair.presented)
        #expect((presented.map { registered.matches(presented: $0) } ?? false) == pair.matches)
        if let presented { #expect(presented.matches(presented: registered) == pair.matches) }
    }

    @Test func `the table is as long as it ought to be`() {
        #expect(RedirectURITable.pairs.count >= 60)
    }

    @Test(arguments: [
        ("https://claude.ai/api/mcp/auth_callback", RedirectURI.Kind.https(host: "claude.ai")),
        ("https://A.Example:8443/cb", .https(host: "a.example:8443")),
        ("https://a.example:443", .https(host: "a.example")),
        ("https://[2001:db8::1]/cb", .https(host: "[2001:db8::1]")),
        ("https://localhost/cb", .https(host: "localhost")),
        ("http://127.0.0.1:33418/", .loopback(host: "127.0.0.1")),
        ("http://localhost:3118/callback", .loopback(host: "localhost")),
        ("http://[::1]:1/cb", .loopback(host: "[::1]")),
        ("cursor://anysphere.cursor-mcp/oauth/callback", .privateUse(scheme: "cursor")),
        ("com.example.app:/oauth2redirect/x", .privateUse(scheme: "com.example.app")),
        ("com.example.app:x?a=%20b", .privateUse(scheme: "com.example.app")),
        ("app+v1-a.b:///cb", .privateUse(scheme: "app+v1-a.b")),
        ("app://host", .privateUse(scheme: "app")),
    ])
    func `each kind is told apart`(text: String, kind: RedirectURI.Kind) throws {
        let uri = try #require(RedirectURI(text))
        #expect(uri.kind == kind)
        #expect(uri.text == text && uri.description == text)
    }

    @Test(arguments: [
        "", ":", "cb", "://a/cb", "https", "https:", "https://", "http://a.example/cb",
        "http://192.168.0.1/cb", "http://127.0.0.2/cb", "http://localhost.evil/cb",
        "http://localhost./cb", "http://user@localhost/cb", "http://localhost:x/cb",
        "https://user:p@a.example/cb", "https://a.example/cb#", "https://a.example/ cb",
        "https://a.example/\u{E9}", "https://a.example/\\cb", "https://a.example/<cb>",
        "https://a.example/\"", "https://a.example/cb|", "https://a.example/[x]",
        "https://a.example/%", "https://a.example/%4", "https://a.example/%zz",
        "https://a.example/a/../b", "https://a.example/..", "https://a.example/a/.",
        "https://a.example/%2e%2E/b", "https://a.example/a%2F..%2Fb", "https://a.example/a/..%5Cb",
        "https://a.example/%00", "https://a.example/%0d%0aX", "https://a.example/\t",
        "https://a..example/cb", "https://a.example./cb", "https://0x7f.1/cb", "1app:/cb",
        "App:/cb", "a_b:/cb", "app:", "app:?x", "app://", "app://?x", "app://u@host/cb",
        "app:/cb#f", "app:/a/../b", "app:/%2e./b", "app:/%0A", "app:/%4", "app://h%41/cb",
        "app://[::1]/cb", "app:/<x>", "app:/cb cd", "-app:/cb",
    ])
    func `what cannot receive an answer is refused`(text: String) {
        #expect(RedirectURI(text) == nil)
    }

    @Test(arguments: [
        "javascript:alert(1)", "JavaScript:alert(1)", "javascript://a.example/%250aalert(1)",
        "data:text/html,x", "vbscript:x", "file:///etc/passwd", "blob:https://a.example/1",
        "about:blank", "ws://a.example/cb", "wss://a.example/cb", "ftp://a.example/cb",
        "mailto:a@a.example", "tel:1", "view-source:https://a.example", "filesystem:x",
        "intent://scan/", "ms-msdt:/id", "search-ms:x", "chrome://settings", "urn:x:y",
        "jar:x", "ldap://a.example/x", "smb://a.example/x",
    ])
    func `schemes that belong to somebody else are refused`(text: String) {
        #expect(RedirectURI(text) == nil)
    }

    @Test func `the length is limited`() {
        let start = "https://a.example/"
        let longest = start + String(repeating: "a", count: 512 - start.utf8.count)
        #expect(RedirectURI(longest) != nil)
        #expect(RedirectURI(longest + "a") == nil)
    }

    @Test func `a query may hold dots and encoded bytes`() throws {
        // Nothing there leads to another place.
        let text = "https://a.example/cb?x=/../%2e%2e/%00"
        #expect(try #require(RedirectURI(text)).text == text)
    }

    @Test(arguments: [
        ("https://a.example/cb", "https://a.example/cb?code=a%20b%26&state=%C3%A9"),
        ("https://a.example/cb?x=1", "https://a.example/cb?x=1&code=a%20b%26&state=%C3%A9"),
        ("https://a.example/cb?", "https://a.example/cb?code=a%20b%26&state=%C3%A9"),
        ("https://a.example/cb?x&", "https://a.example/cb?x&code=a%20b%26&state=%C3%A9"),
        ("https://a.example/cb?x?", "https://a.example/cb?x?&code=a%20b%26&state=%C3%A9"),
        ("https://a.example/cb??", "https://a.example/cb??&code=a%20b%26&state=%C3%A9"),
        ("http://127.0.0.1:9", "http://127.0.0.1:9?code=a%20b%26&state=%C3%A9"),
        ("com.example.app:cb", "com.example.app:cb?code=a%20b%26&state=%C3%A9"),
    ])
    func `an answer is added to the query that was there`(text: String, whole: String) throws {
        let uri = try #require(RedirectURI(text))
        #expect(uri.appending(query: [("code", "a b&"), ("state", "é")]) == whole)
    }

    @Test(arguments: [
        (
            "https://client.example.com/cb",
            [("code", "SplxlOBeZQQYbYS6WxSbIA"), ("state", "xyz")],
            "https://client.example.com/cb?code=SplxlOBeZQQYbYS6WxSbIA&state=xyz"
        ),
        (
            "https://client.example/cb",
            [
                ("code", "x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58"),
                ("state", "ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI"),
                ("iss", "https://honest.as.example"),
            ],
            "https://client.example/cb?code=x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58"
                + "&state=ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI"
                + "&iss=https%3A%2F%2Fhonest.as.example"
        ),
        (
            "https://client.example/cb",
            [
                ("error", "access_denied"),
                ("state", "N2JjNGJhY2JiZjRhYzA3MGJkMzNmMDE5OWJhZmJhZjA"),
                ("iss", "https://honest.as.example"),
            ],
            "https://client.example/cb?error=access_denied"
                + "&state=N2JjNGJhY2JiZjRhYzA3MGJkMzNmMDE5OWJhZmJhZjA"
                + "&iss=https%3A%2F%2Fhonest.as.example"
        ),
    ])
    func `answers are those of RFC 6749 §4.1.2 and RFC 9207 §2.1 and §2.2`(
        text: String, parameters: [(String, String)], whole: String
    ) throws {
        #expect(try #require(RedirectURI(text)).appending(query: parameters) == whole)
    }

    @Test func `an answer cannot break the line of the field that carries it`() throws {
        let uri = try #require(RedirectURI("https://a.example/cb"))
        let whole = uri.appending(query: [("state", "\r\nSet-Cookie: a=b#\"")])
        #expect(whole == "https://a.example/cb?state=%0D%0ASet-Cookie%3A%20a%3Db%23%22")
    }

    @Test(arguments: [
        ("https://a.example/cb", "https://a.example", "a.example"),
        ("https://A.example:443/cb;x,y'", "https://a.example", "a.example"),
        ("https://a.example:8443/cb", "https://a.example:8443", "a.example:8443"),
        ("https://[2001:db8::1]/cb", "https:", "[2001:db8::1]"),
        ("http://127.0.0.1:3118/cb", "http://127.0.0.1:3118", "127.0.0.1"),
        ("http://localhost/cb", "http://localhost", "localhost"),
        ("http://localhost:8787/cb", "http://localhost:8787", "localhost"),
        ("http://[::1]:1/cb", "http:", "[::1]"),
        ("cursor://x/cb", "cursor:", "cursor:"),
    ])
    func `a policy and a person are told the place and no more`(
        text: String, source: String, host: String
    ) throws {
        let uri = try #require(RedirectURI(text))
        #expect(uri.formActionSource == source)
        #expect(uri.displayHost == host)
        #expect(uri.isLoopback == text.hasPrefix("http:"))
    }

    @Test func `equal URIs are equal texts`() throws {
        let first = try #require(RedirectURI("http://localhost:1/cb"))
        let second = try #require(RedirectURI("http://localhost:2/cb"))
        #expect(first != second)
        #expect(Set([first, second, first]).count == 2)
    }
}
