import Cryptography
import HTTP
import OAuth
import Testing

@Suite struct TokenRequestTests {
    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

    /// RFC 6749 §4.1.3 with RFC 7636 §4.5.
    private static let code = [
        ("grant_type", "authorization_code"), ("code", "SplxlOBeZQQYbYS6WxSbIA"),
        ("redirect_uri", "https://client.example.com/cb"), ("code_verifier", verifier),
        ("client_id", "s6BhdRkqt3"), ("resource", "https://mcp.example.com/a"),
    ]
    /// RFC 6749 §6.
    private static let refresh = [
        ("grant_type", "refresh_token"), ("refresh_token", "tGzv3JOkF0XG5Qx2TlKWIA"),
    ]

    @Test func `a code comes with its verifier`() throws {
        let request = try TokenRequest(form(Self.code))
        guard case .authorizationCode(let code, let redirectURI, let verifier) = request.grant
        else {
            Issue.record("another grant")
            return
        }
        #expect(code.bytes == Array("SplxlOBeZQQYbYS6WxSbIA".utf8))
        #expect(redirectURI == "https://client.example.com/cb")
        #expect(verifier == CodeVerifier(Self.verifier))
        #expect(request.resource?.text == "https://mcp.example.com/a")
    }

    @Test func `a code without its verifier is one without`() throws {
        for values in [[], [""]] {
            let form = try form(Self.code, changed: "code_verifier", to: values)
            guard case .authorizationCode(_, _, let verifier) = try TokenRequest(form).grant else {
                Issue.record("another grant")
                return
            }
            #expect(verifier == nil)
        }
    }

    @Test func `a refresh token may name scopes and a resource`() throws {
        var request = try TokenRequest(form(Self.refresh))
        #expect(request.resource == nil)
        guard case .refreshToken(let token, nil) = request.grant else {
            Issue.record("another grant")
            return
        }
        #expect(token.bytes == Array("tGzv3JOkF0XG5Qx2TlKWIA".utf8))
        request = try TokenRequest(
            form(Self.refresh + [("scope", "a offline_access"), ("resource", "https://a/")]))
        #expect(request.resource?.text == "https://a")
        guard case .refreshToken(_, let scope) = request.grant else {
            Issue.record("another grant")
            return
        }
        #expect(scope?.text == "a offline_access")
    }

    @Test(
        arguments: [
            ("grant_type", [], .invalidRequest), ("grant_type", [""], .invalidRequest),
            ("grant_type", ["authorization_code", "authorization_code"], .invalidRequest),
            ("grant_type", ["password"], .unsupportedGrantType),
            ("grant_type", ["password"], .unsupportedGrantType),
            ("grant_type", ["Authorization_Code"], .unsupportedGrantType),
            (
                "grant_type", ["urn:ietf:params:oauth:grant-type:saml2-bearer"],
                .unsupportedGrantType
            ),
            ("grant_type", ["implicit"], .unsupportedGrantType),
            ("code", [], .invalidRequest), ("code", [""], .invalidRequest),
            ("code", ["a", "b"], .invalidRequest),
            ("code", [String(repeating: "a", count: 1025)], .invalidGrant),
            ("redirect_uri", ["https://a.example", "https://a.example"], .invalidRequest),
            ("code_verifier", ["short"], .invalidGrant),
            ("code_verifier", [String(repeating: "a", count: 129)], .invalidGrant),
            ("code_verifier", [verifier + "="], .invalidGrant),
            ("code_verifier", [verifier, verifier], .invalidRequest),
            ("resource", ["https://mcp.example.com/a/", "https://mcp.example.com/a"], nil),
            (
                "resource", ["https://mcp.example.com/a", "https://mcp.example.com/b"],
                .invalidTarget
            ),
            ("resource", ["a"], .invalidTarget), ("unknown", ["a", "b"], nil),
        ] as [AuthorizationRequestTests.Case])
    func `a code is asked for as RFC 6749 has it`(check: AuthorizationRequestTests.Case) throws {
        let form = try form(Self.code, changed: check.name, to: check.values)
        #expect(refusal { try TokenRequest(form) }?.code == check.code)
    }

    @Test(
        arguments: [
            ("refresh_token", [], .invalidRequest), ("refresh_token", [""], .invalidRequest),
            ("refresh_token", ["a", "a"], .invalidRequest),
            ("refresh_token", [String(repeating: "a", count: 1025)], .invalidGrant),
            ("refresh_token", [String(repeating: "a", count: 1024)], nil),
            ("scope", ["a  b"], .invalidScope), ("scope", ["a", "b"], .invalidRequest),
            ("scope", [""], nil), ("resource", ["a"], .invalidTarget),
        ] as [AuthorizationRequestTests.Case])
    func `a token is refreshed as RFC 6749 has it`(check: AuthorizationRequestTests.Case) throws {
        let form = try form(Self.refresh, changed: check.name, to: check.values)
        #expect(refusal { try TokenRequest(form) }?.code == check.code)
    }

    @Test func `describing a request shows no secret`() throws {
        for parameters in [Self.code, Self.refresh] {
            let request = try TokenRequest(form(parameters))
            var dumped = ""
            dump(request, to: &dumped)
            for text in ["\(request)", String(reflecting: request), dumped] {
                #expect(!text.contains("SplxlOBeZQQYbYS6WxSbIA"))
                #expect(!text.contains("tGzv3JOkF0XG5Qx2TlKWIA") && !text.contains(Self.verifier))
            }
        }
    }
}
