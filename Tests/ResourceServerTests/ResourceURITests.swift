import Testing

@testable import ResourceServer

@Suite struct ResourceURITests {
    @Test(arguments: [
        "ticket://42", "file:///public/a.txt", "file:///public/..a", "file:///public/a..",
        "file:///public/...", "https://h:80/a?b=c#d", "urn:isbn:0451450523", "note:plain",
        "config", "a/b", "ticket://a%20b", "ticket://a%3Fb", "x://h/%e9", "mem://%25", "x://[::1]/",
        "ticket://UPPER".lowercased(), "x://h/UPPER", "x://h/a;b", "x://h/...%3Fa", "x://h/..a%3Fb",
        "x://h/a%23", "x://h/..%20", "x://h/.well-known",
        "note://caf\u{E9}",
    ])
    func `a URI with one reading is matched`(uri: String) {
        #expect(ResourceURI.violation(in: uri.utf8) == nil)
    }

    @Test(arguments: [
        ("", ResourceURIViolation.length),
        (String(repeating: "a", count: 8193), .length),
        ("a b", .controlCharacter), ("a\u{0}", .controlCharacter), ("a\nb", .controlCharacter),
        ("a\u{7F}", .controlCharacter),
        ("file:///public/../etc/passwd", .dotSegment), ("file:///public/./a", .dotSegment),
        ("file:///public/..", .dotSegment), ("file:///..", .dotSegment), ("file:../a", .dotSegment),
        ("..", .dotSegment), ("../a", .dotSegment), ("x://../a", .dotSegment),
        ("file:///public/?/../../etc", .dotSegment), ("file:///public/#/../a", .dotSegment),
        ("file:///public/..;x=1/a", .dotSegment), ("file:///public/..?a", .dotSegment),
        ("file:///public/..%3Bx/a", .dotSegment), ("file:///public/.%3f", .dotSegment),
        ("file:///public/..%23/a", .dotSegment), (".%3f", .dotSegment),
        ("file:///public\\..\\etc", .backslash), ("file:\\\\x", .backslash),
        ("file:///%", .malformedEncoding), ("file:///%2", .malformedEncoding),
        ("file:///%zz", .malformedEncoding), ("file:///%-1", .malformedEncoding),
        ("file:///public/%2e%2e/etc", .needlessEncoding),
        ("file:///public/%2E./x", .needlessEncoding),
        ("file:///public%2f..%2fetc", .needlessEncoding), ("file:///a%5cb", .needlessEncoding),
        ("file:///%41", .needlessEncoding), ("file:///%7e", .needlessEncoding),
        ("file:///%00", .needlessEncoding), ("file:///%252e%252e/x", .needlessEncoding),
        ("https://u@h/a", .userinfo), ("https://u:p@h/a", .userinfo),
        ("FILE:///a", .upperCase), ("File:///a", .upperCase), ("https://Host/a", .upperCase),
    ])
    func `a URI with two readings is refused before it is matched`(
        uri: String, violation: ResourceURIViolation
    ) {
        #expect(ResourceURI.violation(in: uri.utf8) == violation)
    }
}
