import HTTP
import Testing

@Suite struct URIResolutionTests {
    private static let base = "http://a/b/c/d?q"

    /// RFC 3986 §5.4.1, with `http` for a scheme that is not served, and without path parameters.
    @Test(arguments: [
        ("http://h", "http://h"), ("g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d?y"),
        ("g?y", "http://a/b/c/g?y"), ("", "http://a/b/c/d?q"), ("g?y/./x", "http://a/b/c/g?y/./x"),
        ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"), ("g..", "http://a/b/c/g.."),
        ("..g", "http://a/b/c/..g"), ("//g:81/h?y", "http://g:81/h?y"), ("/g?", "http://a/g?"),
        ("g?http://x/", "http://a/b/c/g?http://x/"), ("./g?", nil), ("./g", nil), (".", nil),
        ("./", nil), ("..", nil), ("../", nil), ("../g", nil), ("../..", nil), ("../../g", nil),
        ("../../../g", nil), ("/./g", nil), ("/../g", nil), ("./../g", nil), ("g/./h", nil),
        ("g/../h", nil), ("%2e%2e/g", nil), ("%2E/g", nil), ("g;x=1/y", nil), ("g//h", nil),
        ("g%2fh", nil), ("g%5ch", nil),
    ])
    func `a reference means what the RFC says, and dot segments nothing`(
        reference: String, meaning: String?
    ) throws {
        let base = try AbsoluteURI(parsing: Self.base)
        guard let meaning else {
            #expect(throws: URIViolation.pathAmbiguous) {
                try AbsoluteURI(resolving: reference, against: base)
            }
            return
        }
        let uri = try AbsoluteURI(resolving: reference, against: base)
        #expect("\(uri)" == meaning)
        #expect(try AbsoluteURI(parsing: meaning) == uri)
    }

    @Test(arguments: [
        ("http:g", URIViolation.authorityMissing), ("http:", .authorityMissing),
        ("http:/g", .authorityMissing), ("g:h", .schemeUnsupported),
        ("javascript:alert(1)", .schemeUnsupported), (":", .schemeUnsupported),
        ("ws://a/g", .schemeUnsupported), ("#s", .fragment), ("g#s", .fragment),
        ("?y#s", .fragment),
        ("///g", .authorityMissing), ("//", .authorityMissing), ("//u@g", .userInformation),
        ("http://u:p@g/", .userInformation), ("//g:0/", .portInvalid), ("\\g", .invalidByte),
        ("\\\\g", .invalidByte), ("/\\g", .invalidByte), (" /g", .invalidByte),
        ("/g ", .invalidByte), ("/g\n", .invalidByte), ("/g\r\nX: y", .invalidByte),
        ("/g\t", .invalidByte), ("/\u{E9}", .invalidByte), ("/%", .percentEncoding),
    ])
    func `what is no reference is refused`(reference: String, violation: URIViolation) throws {
        let base = try AbsoluteURI(parsing: Self.base)
        #expect(throws: violation) { try AbsoluteURI(resolving: reference, against: base) }
    }

    @Test(arguments: [
        ("http://a", "g", "http://a/g"), ("http://a", "?y", "http://a?y"),
        ("http://a", "", "http://a"),
        ("http://[::1]:9000/sse", "/m", "http://[::1]:9000/m"),
        ("https://a:8443/x/sse", "m?s=1", "https://a:8443/x/m?s=1"),
        ("https://a/x/", "m", "https://a/x/m"), ("https://a/sse", "//b/m", "https://b/m"),
    ])
    func `scheme, host and port are those of the base`(
        base: String, reference: String, meaning: String
    ) throws {
        let uri = try AbsoluteURI(resolving: reference, against: AbsoluteURI(parsing: base))
        #expect("\(uri)" == meaning)
    }
}
