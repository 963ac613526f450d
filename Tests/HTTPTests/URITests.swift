import HTTP
import Testing

@Suite struct URITests {
    @Test(arguments: [
        ("http://127.0.0.1:8080", "127.0.0.1", 8_080, "", nil, "127.0.0.1:8080", "/"),
        ("https://MCP.Example.com/", "mcp.example.com", 443, "/", nil, "mcp.example.com", "/"),
        (
            "HTTPS://a.example:443/b/c?d=e?f", "a.example", 443, "/b/c", "d=e?f", "a.example",
            "/b/c?d=e?f"
        ),
        ("http://[::1]:9000/mcp", "[::1]", 9_000, "/mcp", nil, "[::1]:9000", "/mcp"),
        ("http://[2001:DB8::1]", "[2001:db8::1]", 80, "", nil, "[2001:db8::1]", "/"),
        ("http://localhost?x", "localhost", 80, "", "x", "localhost", "/?x"),
        (
            "https://search.internal/m%20cp", "search.internal", 443, "/m%20cp", nil,
            "search.internal", "/m%20cp"
        ),
        ("http://a.example./", "a.example.", 80, "/", nil, "a.example.", "/"),
        ("http://1.example/", "1.example", 80, "/", nil, "1.example", "/"),
    ])
    func `a URI is read into its parts`(
        text: String, host: String, port: Int, path: String, query: String?, authority: String,
        target: String
    ) throws {
        let uri = try AbsoluteURI(parsing: text)
        #expect(uri.host.text == host)
        #expect(uri.port == port)
        #expect(uri.path == path)
        #expect(uri.query == query)
        #expect(uri.authority == authority)
        #expect(uri.requestTarget == target)
        #expect(try AbsoluteURI(parsing: uri.description) == uri)
    }

    private static let refused: [(String, URIViolation)] = [
        ("", .schemeUnsupported), ("/mcp", .schemeUnsupported), ("//a.example", .schemeUnsupported),
        ("ftp://a.example", .schemeUnsupported), ("javascript:alert(1)", .schemeUnsupported),
        (" http://a.example", .schemeUnsupported), ("http ://a.example", .schemeUnsupported),
        ("http:", .authorityMissing), ("http:a.example", .authorityMissing),
        ("http:/a.example", .authorityMissing), ("http://", .authorityMissing),
        ("http:///mcp", .authorityMissing), ("http://?x", .authorityMissing),
        ("http://a@b.example", .userInformation), ("http://a:b@b.example/", .userInformation),
        ("http://@b.example/", .userInformation),
        ("http://a.example@evil.example/", .userInformation),
        ("http://a..b/", .hostInvalid), ("http://.a/", .hostInvalid), ("http://./", .hostInvalid),
        ("http://a_b c/", .hostInvalid), ("http://a.example\\@b/", .userInformation),
        ("http://a\\b/", .hostInvalid), ("http://%61.example/", .hostInvalid),
        ("http://\u{E9}.example/", .hostInvalid), ("http://a,b/", .hostInvalid),
        ("http://2130706433/", .hostInvalid), ("http://0x7f000001/", .hostInvalid),
        ("http://127.1/", .hostInvalid), ("http://0177.0.0.1/", .hostInvalid),
        ("http://127.0.0.1.5/", .hostInvalid), ("http://256.0.0.1/", .hostInvalid),
        ("http://127.0.0.01/", .hostInvalid), ("http://127.0.0.0x1/", .hostInvalid),
        ("http://127.0.0.1./", .hostInvalid), ("http://a.1/", .hostInvalid),
        ("http://[::1/", .hostInvalid), ("http://[]/", .hostInvalid),
        ("http://[::1]a/", .hostInvalid),
        ("http://[1::2::3]/", .hostInvalid), ("http://[:::1]/", .hostInvalid),
        ("http://[:1]/", .hostInvalid),
        ("http://[1:2:3:4:5:6:7]/", .hostInvalid), ("http://[1:2:3:4:5:6:7:8:9]/", .hostInvalid),
        ("http://[1:2:3:4:5:6:7::8]/", .hostInvalid), ("http://[12345::]/", .hostInvalid),
        ("http://[::g]/", .hostInvalid), ("http://[::1%25eth0]/", .hostInvalid),
        ("http://[::1.2.3]/", .hostInvalid), ("http://[v1.a]/", .hostInvalid),
        ("http://a:/", .portInvalid), ("http://a:0/", .portInvalid),
        ("http://a:65536/", .portInvalid),
        ("http://a:080/", .portInvalid), ("http://a:8o/", .portInvalid),
        ("http://a:-1/", .portInvalid),
        ("http://a:80:80/", .portInvalid), ("http://a:99999999999999999999/", .portInvalid),
        ("http://a/#b", .fragment), ("http://a/?b#c", .fragment), ("http://a#", .fragment),
        ("http://a/b c", .invalidByte), ("http://a/b\\c", .invalidByte),
        ("http://a/\u{E9}", .invalidByte),
        ("http://a/b\r\n", .invalidByte), ("http://a/\0", .invalidByte),
        ("http://a/?{}", .invalidByte),
        ("http://a/%", .percentEncoding), ("http://a/%4", .percentEncoding),
        ("http://a/%4g", .percentEncoding),
        ("http://a/?%zz", .percentEncoding),
    ]

    @Test(arguments: refused)
    func `what is no such URI is refused`(text: String, violation: URIViolation) {
        #expect(throws: violation) { try AbsoluteURI(parsing: text) }
    }

    @Test(arguments: [
        ("[::]", true), ("[::1]", true), ("[1::]", true), ("[1:2:3:4:5:6:7:8]", true),
        ("[::2:3:4:5:6:7:8]", true), ("[1:2:3:4:5:6:7::]", true), ("[::ffff:1.2.3.4]", true),
        ("[1:2:3:4:5:6:1.2.3.4]", true), ("[1:2:3:4:5:6:7:1.2.3.4]", false), ("[1.2.3.4]", false),
        ("[::1.2.3.4:5]", false), ("[:]", false), ("[1:]", false), ("[::1::]", false),
    ])
    func `IPv6 addresses follow the grammar`(text: String, valid: Bool) {
        #expect((URIHost(Array(text.utf8)[...])?.kind == .ipv6) == valid)
    }

    @Test(arguments: [
        ("localhost", true), ("LOCALHOST", true), ("127.0.0.1", true), ("127.9.9.9", true),
        ("[::1]", true), ("localhost.evil.example", false), ("128.0.0.1", false), ("[::2]", false),
        ("127.evil.example", false),
    ])
    func `loopback hosts are known`(text: String, loopback: Bool) {
        #expect(URIHost(Array(text.utf8)[...])?.isLoopback == loopback)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", true),
        ("https://A.example:443", "https://a.example", false),
        ("http://a.example:443", "http://a.example:443", false),
        ("http://[::1]:3000", "http://[::1]:3000", true),
        ("vscode-webview://abcdef", "vscode-webview://abcdef", false),
        ("http://localhost", "http://localhost", true),
    ])
    func `origins have one serialization`(text: String, serialized: String, loopback: Bool) throws {
        let origin = try Origin(parsing: text)
        #expect(origin.description == serialized)
        #expect(origin.isLoopback == loopback)
        #expect(try Origin(parsing: serialized) == origin)
    }

    @Test func `origins differ by scheme, host and port`() throws {
        let texts = ["http://a", "https://a", "http://b", "http://a:81", "http://a.b"]
        let origins = try texts.map { try Origin(parsing: $0) }
        #expect(Set(origins).count == texts.count)
        #expect(try Origin(parsing: "http://a:80") == origins[0])
        #expect(try AbsoluteURI(parsing: "http://A:81/x?y").origin == origins[3])
    }

    @Test(arguments: [
        ("null", URIViolation.schemeUnsupported), ("", .schemeUnsupported),
        ("://a", .schemeUnsupported),
        ("1http://a", .schemeUnsupported), ("http:a", .authorityMissing),
        ("http://", .authorityMissing),
        ("http://a/", .notAnOrigin), ("http://a?b", .notAnOrigin), ("http://a#b", .notAnOrigin),
        ("http://a http://b", .notAnOrigin), ("http://a, http://b", .notAnOrigin),
        ("http://a@b", .userInformation), ("http://a\\b", .hostInvalid),
        ("http://a:x", .portInvalid),
    ])
    func `what is not one origin is refused`(text: String, violation: URIViolation) {
        #expect(throws: violation) { try Origin(parsing: text) }
    }

    @Test func `every violation of a URI is provoked`() {
        let provoked = Set(Self.refused.map(\.1)).union([.notAnOrigin, .pathAmbiguous])
        #expect(provoked == Set(URIViolation.allCases))
        #expect(Set(URIViolation.allCases.map(\.description)).count == URIViolation.allCases.count)
    }

    @Test(arguments: [
        ("/", false), ("/demo/mcp", false), ("/demo/mcp/", false), ("/a-b_c.d~e/%C3%A9", false),
        ("/.well-known/x", false), ("/...", false), ("/a..b", false), ("*", true), ("", true),
        ("//demo/mcp", true), ("/demo//mcp", true), ("/demo/.", true), ("/demo/./mcp", true),
        ("/demo/..", true), ("/../demo", true), ("/demo/%2e/mcp", true), ("/demo/%2E%2e/mcp", true),
        ("/demo/.%2e/mcp", true), ("/demo%2fmcp", true), ("/demo%5Cmcp", true),
        ("/demo\\mcp", true),
        ("/demo;a/mcp", true), ("/dem%6f/mcp", true), ("/demo%00", true), ("/demo%252e", true),
        ("/demo%", true), ("/demo%7", true), ("/demo%7f", true), ("/.n/.#/280", true),
        ("/demo#x", true), ("/demo/..%3Bx", true), ("/demo/.%23x", true), ("/demo/.%3fx", true),
        ("/demo%3A%40", false),
    ])
    func `a path with a second reading is ambiguous`(path: String, ambiguous: Bool) {
        #expect(RequestTarget(path).isAmbiguous == ambiguous)
    }

    @Test(arguments: [
        ("/a?b=c", "/a", "b=c"), ("/a", "/a", nil), ("/a?", "/a", ""), ("/a?b?c", "/a", "b?c"),
        ("/a?\u{301}b", "/a", "\u{301}b"),
    ])
    func `a target is split behind its first question mark`(
        target: String, path: String, query: String?
    ) {
        let target = RequestTarget(target)
        #expect(target.path.utf8.elementsEqual(path.utf8))
        #expect(target.query.map { Array($0.utf8) } == query.map { Array($0.utf8) })
    }
}
