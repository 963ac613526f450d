import HTTP
import OAuth
import Testing

@Suite struct AuthorizationRequestTests {
    typealias Case = (name: String, values: [String], code: OAuthErrorCode?)

    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    /// RFC 6749 §4.1.1 with RFC 7636 §4.3 and RFC 8707 §2.1.
    private static let whole = [
        ("response_type", "code"), ("client_id", "s6BhdRkqt3"), ("state", "xyz"),
        ("redirect_uri", "https://client.example.com/cb"), ("scope", "a b"),
        ("code_challenge", challenge), ("code_challenge_method", "S256"),
        ("resource", "https://mcp.example.com/tickets/mcp"),
    ]

    @Test func `a request tells who asks and for what`() throws {
        let form = try form(Self.whole)
        let sender = try AuthorizationRequest.Sender(form)
        #expect(sender.clientID == "s6BhdRkqt3")
        #expect(sender.redirectURI?.text == "https://client.example.com/cb")
        #expect(sender.state == "xyz")
        let request = try AuthorizationRequest(form)
        #expect(request.codeChallenge.text == Self.challenge)
        #expect(request.resource?.text == "https://mcp.example.com/tickets/mcp")
        #expect(request.scope?.text == "a b")
    }

    @Test func `what may be missing is nil`() throws {
        let optional = ["redirect_uri", "state", "scope", "resource"]
        let form = try form(Self.whole.filter { !optional.contains($0.0) })
        let sender = try AuthorizationRequest.Sender(form)
        #expect(sender.redirectURI == nil)
        #expect(sender.state == nil)
        let request = try AuthorizationRequest(form)
        #expect(request.resource == nil)
        #expect(request.scope == nil)
    }

    /// RFC 6749 §4.1.2.1 — these are told to the person.
    @Test(
        arguments: [
            ("client_id", []), ("client_id", [""]), ("client_id", ["a", "a"]),
            ("client_id", ["a\n"]),
            ("client_id", ["é"]), ("client_id", [String(repeating: "a", count: 2049)]),
            ("redirect_uri", ["cb"]), ("redirect_uri", ["javascript:alert(1)"]),
            ("redirect_uri", ["https://client.example.com/cb#f"]),
            ("redirect_uri", ["https://client.example.com/cb", "https://client.example.com/cb"]),
            ("redirect_uri", ["https://client.example.com/cb", ""]),
        ] as [(String, [String])])
    func `who asks and where must be plain`(name: String, values: [String]) throws {
        let form = try form(Self.whole, changed: name, to: values)
        #expect(refusal { try AuthorizationRequest.Sender(form) }?.code == .invalidRequest)
    }

    @Test(
        arguments: [
            ("response_type", [], .invalidRequest), ("response_type", [""], .invalidRequest),
            ("response_type", ["code", "code"], .invalidRequest),
            ("response_type", ["token"], .unsupportedResponseType),
            ("response_type", ["code token"], .unsupportedResponseType),
            ("response_type", ["Code"], .unsupportedResponseType),
            ("response_mode", ["query"], nil), ("response_mode", [""], nil),
            ("response_mode", ["fragment"], .invalidRequest),
            ("response_mode", ["form_post"], .invalidRequest),
            ("response_mode", ["query", "query"], .invalidRequest),
            ("request", ["eyJhbGciOiJub25lIn0.e30."], .requestNotSupported),
            ("request_uri", ["https://client.example.com/r"], .requestURINotSupported),
            ("request", [""], nil), ("request", ["", "x"], .invalidRequest),
        ] as [Case])
    func `the response is a code in the query`(check: Case) throws {
        let form = try form(Self.whole, changed: check.name, to: check.values)
        #expect(refusal { try AuthorizationRequest(form) }?.code == check.code)
    }

    @Test(
        arguments: [
            ("code_challenge", [], .invalidRequest), ("code_challenge", [""], .invalidRequest),
            ("code_challenge", ["short"], .invalidRequest),
            ("code_challenge", [challenge + "="], .invalidRequest),
            ("code_challenge", [challenge, challenge], .invalidRequest),
            ("code_challenge_method", [], .invalidRequest),
            ("code_challenge_method", [""], .invalidRequest),
            ("code_challenge_method", ["plain"], .invalidRequest),
            ("code_challenge_method", ["s256"], .invalidRequest),
            ("code_challenge_method", ["S512"], .invalidRequest),
            ("code_challenge_method", ["S256", "S256"], .invalidRequest),
        ] as [Case])
    func `there is no code without a challenge of S256`(check: Case) throws {
        let form = try form(Self.whole, changed: check.name, to: check.values)
        #expect(refusal { try AuthorizationRequest(form) }?.code == check.code)
    }

    @Test(arguments: [
        (["https://a.example/x", "https://a.example/x"], "https://a.example/x"),
        (["https://a.example/x", "HTTPS://A.example:443/x/"], "https://a.example/x"),
        (["https://a.example/"], "https://a.example"),
        (["", "https://a.example"], "https://a.example"),
    ])
    func `one resource in several spellings is one`(values: [String], text: String) throws {
        let form = try form(Self.whole, changed: "resource", to: values)
        #expect(try AuthorizationRequest(form).resource?.text == text)
    }

    @Test(arguments: [
        ["https://a.example/x", "https://a.example/y"], ["https://a.example/x#f"], ["tickets"],
        ["https://a.example/x", "x"], ["urn:x:y"], ["https://u@a.example/"],
        ["https://a.example/x", "https://a.example/X"],
        ["https://a.example/" + String(repeating: "a", count: 2048)],
    ])
    func `two resources and what is none are refused`(values: [String]) throws {
        let form = try form(Self.whole, changed: "resource", to: values)
        #expect(refusal { try AuthorizationRequest(form) }?.code == .invalidTarget)
    }

    @Test(
        arguments: [
            ("a", nil), ("openid email offline_access", nil), ("a  b", .invalidScope),
            (" a", .invalidScope), ("a ", .invalidScope), ("a\tb", .invalidScope),
            ("\"a\"", .invalidScope), ("a\\", .invalidScope), ("é", .invalidScope),
            (String(repeating: "a", count: 257), .invalidScope),
        ] as [(String, OAuthErrorCode?)])
    func `a scope follows the grammar and any name will do`(
        text: String, code: OAuthErrorCode?
    ) throws {
        let form = try form(Self.whole, changed: "scope", to: [text])
        #expect(refusal { try AuthorizationRequest(form) }?.code == code)
    }

    @Test func `a scope that is given twice is refused`() throws {
        let form = try form(Self.whole, changed: "scope", to: ["a", "b"])
        #expect(refusal { try AuthorizationRequest(form) }?.code == .invalidRequest)
    }

    @Test(arguments: [
        " ", "%41+&=#", "a\"b\\c", String(repeating: "s", count: 2048), "eyJ4IjoxfQ==",
    ])
    func `a state is kept byte for byte`(state: String) throws {
        let form = try form(Self.whole, changed: "state", to: [state])
        #expect(try AuthorizationRequest.Sender(form).state == state)
        _ = try AuthorizationRequest(form)
    }

    @Test(arguments: [
        ["a", "a"], ["a", "b"], ["a", ""], [String(repeating: "s", count: 2049)], ["\n"], ["é"],
        ["\u{0}"], ["\u{7F}"],
    ])
    func `a state that cannot be carried is refused and not carried`(values: [String]) throws {
        let form = try form(Self.whole, changed: "state", to: values)
        #expect(try AuthorizationRequest.Sender(form).state == nil)
        #expect(refusal { try AuthorizationRequest(form) }?.code == .invalidRequest)
    }

    @Test func `what is not known is ignored and may come twice`() throws {
        let unknown = [
            ("prompt", "consent"), ("nonce", "n"), ("audience", "x"), ("claims", "{"),
            ("foo", "1"), ("foo", "2"), ("prompt", "none"),
        ]
        let plain = try AuthorizationRequest(form(Self.whole))
        #expect(try AuthorizationRequest(form(Self.whole + unknown)) == plain)
    }

    @Test func `the first thing wrong is the one that is told`() throws {
        let request = [
            ("client_id", "x"), ("response_type", "token"), ("scope", "\""), ("resource", "x"),
        ]
        var form = try form(request + [("state", "\n")])
        #expect(
            refusal { try AuthorizationRequest(form) }?.publicDescription
                == "The state is malformed")
        form = try OAuthTests.form(request)
        #expect(refusal { try AuthorizationRequest(form) }?.code == .unsupportedResponseType)
        form = try OAuthTests.form(request, changed: "scope", to: ["a", "b"])
        #expect(refusal { try AuthorizationRequest(form) }?.code == .invalidRequest)
        form = try OAuthTests.form(request, changed: "response_type", to: ["code"])
        #expect(refusal { try AuthorizationRequest(form) }?.code == .invalidRequest)
    }

    @Test(
        arguments: [
            ("response_type", ["x"]), ("request", ["x"]), ("request_uri", ["x"]), ("state", ["\n"]),
            ("code_challenge", []), ("resource", ["x"]), ("scope", ["\""]), ("scope", ["a", "b"]),
            ("response_mode", ["fragment"]),
        ] as [(String, [String])])
    func `every later error may travel by redirect`(name: String, values: [String]) throws {
        let form = try form(Self.whole, changed: name, to: values)
        let error = try #require(refusal { try AuthorizationRequest(form) })
        #expect(error.mayTravelByRedirect)
        // RFC 6749 §4.1.2.1 — what an error_description may hold.
        #expect(
            error.publicDescription.utf8.allSatisfy {
                0x20...0x7E ~= $0 && $0 != 0x22 && $0 != 0x5C
            })
    }
}
