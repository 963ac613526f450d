import Cryptography
import HTTP
import JSON
import OAuth
import Testing

/// The examples of RFC 7523 and RFC 8693 as they are on the wire.
///
/// Where an RFC leaves a part of a token out, another one stands there.
@Suite struct AssertionAndExchangeExamplesTests {
    private static func read(_ text: String) throws -> FormParameters {
        try FormParameters(parsing: Array(text.utf8)[...])
    }

    private static func credentials(
        _ text: String, authorization: String? = nil
    ) throws -> ClientCredentials {
        var fields = Fields()
        if let authorization { fields.append("Authorization", authorization) }
        return try ClientCredentials(fields, read(text))
    }

    // MARK: - RFC 7523

    /// §2.1 and §4; the header is that of §4, whole in the RFC.
    private static let assertion = "eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0.eyJpc3Mi.J9l-ZhwP"
    private static let assertionForm =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + assertion

    @Test func `the request of RFC 7523 §2.1 shows its assertion`() throws {
        let request = try TokenRequest(Self.read(Self.assertionForm))
        guard case .jwtBearer(let assertion, nil) = request.grant else {
            Issue.record("another grant")
            return
        }
        #expect(assertion.bytes == Array(Self.assertion.utf8))
        #expect(request.resource == nil)
        // §3.1 — it says nothing of the client, who is somebody else's to prove.
        #expect(refusal { try Self.credentials(Self.assertionForm) }?.code == .invalidClient)
    }

    @Test func `the request of RFC 7523 §2.2 proves the client by its assertion`() throws {
        let assertion = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjIyIn0.eyJpc3Mi.cC4hiUPo"
        let text =
            "grant_type=authorization_code&code=n0esc3NRze7LTCu7iYzS6a5acc3f0ogp4"
            + "&client_assertion_type="
            + "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
            + "&client_assertion=" + assertion
        let credentials = try Self.credentials(text)
        #expect(credentials.method == .privateKeyJWT)
        #expect(credentials.readings.isEmpty)
        #expect(credentials.assertion?.bytes == Array(assertion.utf8))
        guard case .authorizationCode(let code, nil, nil) = try TokenRequest(Self.read(text)).grant
        else {
            Issue.record("another grant")
            return
        }
        #expect(code.bytes == Array("n0esc3NRze7LTCu7iYzS6a5acc3f0ogp4".utf8))
    }

    // MARK: - RFC 8693

    /// §2.3, figure 1.
    private static let exchange =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
        + "&resource=https%3A%2F%2Fbackend.example.com%2Fapi"
        + "&subject_token=accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC"
        + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token"

    @Test func `the request of RFC 8693 §2.3 shows its token and names its resource`() throws {
        let request = try TokenRequest(Self.read(Self.exchange))
        guard case .tokenExchange(let exchange) = request.grant else {
            Issue.record("another grant")
            return
        }
        let token = "accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC"
        #expect(exchange.subjectToken.bytes == Array(token.utf8))
        #expect(exchange.scope == nil)
        #expect(request.resource?.text == "https://backend.example.com/api")
        let credentials = try Self.credentials(
            Self.exchange, authorization: "Basic cnMwODpsb25nLXNlY3VyZS1yYW5kb20tc2VjcmV0")
        #expect(credentials.method == .clientSecretBasic)
        #expect(credentials.readings.map(\.clientID) == ["rs08"])
        #expect(credentials.readings.map(\.secret) == ["long-secure-random-secret"])
    }

    /// §2.3, figure 2.
    private static let issued =
        "eyJhbGciOiJFUzI1NiIsImtpZCI6IjllciJ9.eyJhdWQiOiJodHRwczovL2JhY2tlbmQuZXhhbXBsZS5jb20iLC"
        + "Jpc3MiOiJodHRwczovL2FzLmV4YW1wbGUuY29tIiwiZXhwIjoxNDQxOTE3NTkzLCJpYXQiOjE0NDE5MTc1MzMs"
        + "InN1YiI6ImJkY0BleGFtcGxlLmNvbSIsInNjb3BlIjoiYXBpIn0.40y3ZgQedw6rxf59WlwHDD9jryFOr0_Wh3"
        + "CGozQBihNBhnXEQgU85AI9x3KmsPottVMLPIWvmDCMy5-kdXjwhw"

    private static func answer(_ kind: String, _ type: String) -> [UInt8] {
        Array(
            """
            {
             "access_token":"\(issued)",
             "issued_token_type":
                 "urn:ietf:params:oauth:token-type:\(kind)",
             "token_type":"\(type)",
             "expires_in":60
            }
            """.utf8)
    }

    @Test func `the answer of RFC 8693 §2.3 brings its token`() throws {
        let response = try TokenExchangeResponse(parsing: Self.answer("access_token", "Bearer"))
        #expect(response.accessToken.bytes == Array(Self.issued.utf8))
        #expect(response.expiresIn == 60)
    }

    @Test(arguments: [
        // §2.2.1 — what is no access token has the type N_A; an ID-JAG is such a one.
        ("access_token", "N_A", TokenExchangeViolation.otherTokenType),
        ("id-jag", "N_A", .otherTokenType), ("id-jag", "Bearer", .otherKindOfToken),
        ("id_token", "Bearer", .otherKindOfToken), ("refresh_token", "Bearer", .otherKindOfToken),
        ("saml2", "Bearer", .otherKindOfToken), ("access_token", "DPoP", .otherTokenType),
    ])
    func `an answer that brings another kind of token than asked for is refused`(
        kind: String, type: String, violation: TokenExchangeViolation
    ) {
        #expect(throws: violation) {
            try TokenExchangeResponse(parsing: Self.answer(kind, type))
        }
    }

    @Test func `our answer has the members of RFC 8693 §2.3`() throws {
        let response = TokenResponse(
            accessToken: SecretBytes(Array(Self.issued.utf8)), lifetime: 60, refreshToken: nil,
            scope: try #require(ScopeSet(parsing: "api")),
            issuedTokenType: TokenExchangeRequest.accessTokenType)
        let root = try JSONDocument(parsing: response.body).root
        let theirs = try JSONDocument(parsing: Self.answer("access_token", "Bearer")).root
        for member in theirs.members {
            let name = try #require(member.name.string)
            let ours = try #require(root.member(name), "\(name)")
            #expect(Array(ours.rawBytes) == Array(member.value.rawBytes), "\(name)")
        }
        // What a gateway elsewhere would take, we give.
        #expect(try TokenExchangeResponse(parsing: response.body).expiresIn == 60)
    }

    @Test(arguments: [
        // Appendix A.1.1: a token of another issuer, for a logical name.
        [
            ("audience", "urn:example:cooperation-context"), ("subject_token", issued),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ],
        // Appendix A.2.1: somebody else acts.
        [
            ("audience", "urn:example:cooperation-context"), ("subject_token", issued),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            ("actor_token", issued),
            ("actor_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ],
    ])
    func `tokens of others and for others as in RFC 8693, appendix A, are not exchanged`(
        parameters: [(String, String)]
    ) throws {
        let form = try form(
            [("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")] + parameters)
        #expect(refusal { try TokenRequest(form) }?.code == .invalidRequest)
    }
}
