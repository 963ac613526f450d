import Cryptography
import HTTP
import JOSE
import JSON
import OAuth
import Testing

@testable import AuthorizationServer

/// Registrations with a signed statement about the software (RFC 7591 §2.3).
@Suite struct SoftwareStatementTests {
    private static let issuer = "https://store.example"
    private static let audience = "https://gw.example"
    private static let now = RegistrationFixture.now

    private let key: SigningKey
    private let fixture: RegistrationFixture

    init() async throws {
        key = try SigningKey.generate(.es256)
        let set = try JSONWebKeySet([
            JSONWebKey(id: "k", algorithm: .es256, key: key.verificationKey)
        ])
        fixture = try await RegistrationFixture(
            RegistrationOptions(
                softwareStatements: [
                    SoftwareStatementIssuer(issuer: Self.issuer, keys: .set(set)),
                    SoftwareStatementIssuer(
                        issuer: "https://distant.example",
                        keys: .url(try AbsoluteURI(parsing: MachineKeys.place))),
                    SoftwareStatementIssuer(
                        issuer: "https://lost.example",
                        keys: .url(try AbsoluteURI(parsing: MachineKeys.unreachable))),
                ]))
    }

    private func statement(
        _ changes: [String: String?] = [:], type: String? = "software-statement+jwt",
        header more: String = "", keyID: String = "k", by other: SigningKey? = nil
    ) throws -> String {
        var claims: [String: String?] = [
            "iss": "\"\(Self.issuer)\"", "aud": "\"\(Self.audience)\"", "exp": "\(Self.now + 60)",
            "client_name": "\"Vouched Tool\"",
            "redirect_uris": #"["http://127.0.0.1/a","http://127.0.0.1/b"]"#,
        ]
        for (name, value) in changes { claims[name] = .some(value) }
        let members = claims.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }
        let header = type.map { #","typ":"\#($0)""# } ?? ""
        let parts = [
            #"{"alg":"ES256","kid":"\#(keyID)"\#(header)\#(more)}"#,
            "{\(members.joined(separator: ","))}",
        ].map { Base64URL.encode(Array($0.utf8)) }
        let signed = parts.joined(separator: ".")
        let signature = try (other ?? key).signature(of: Array(signed.utf8)[...])
        return signed + "." + Base64URL.encode(signature)
    }

    private func register(
        _ statement: String?, uris: [String]? = ["http://127.0.0.1/a"], name: String = "Tool",
        more: String = ""
    ) async throws -> EndpointResponse {
        var members = [#""client_name":"\#(name)""#]
        if let uris {
            members.append(
                #""redirect_uris":[\#(uris.map { "\"\($0)\"" }.joined(separator: ","))]"#)
        }
        if let statement { members.append(#""software_statement":"\#(statement)""#) }
        if !more.isEmpty { members.append(more) }
        return await fixture.endpoint().respond(
            to: try RegistrationFixture.request(body: "{\(members.joined(separator: ","))}"))
    }

    @Test func `what the statement says wins, and the statement comes back`() async throws {
        let statement = try statement()
        let answer = try await register(
            statement, uris: ["http://127.0.0.1/a", "http://127.0.0.1/c"])
        #expect(answer.status == 201)
        let root = try JSONDocument(parsing: answer.body).root
        #expect(root["client_name"]?.string == "Vouched Tool")
        #expect(root["redirect_uris"]?.elements.map(\.string) == ["http://127.0.0.1/a"])
        #expect(root["software_statement"]?.string == statement)
        let id = try #require(answer.clientID)
        let client = try #require(try await fixture.directory().client(id, at: Self.now))
        #expect(client.name == "Vouched Tool")
        #expect(client.redirectURIs.map(\.text) == ["http://127.0.0.1/a"])
    }

    @Test func `a client that names no redirect URI has those of its statement`() async throws {
        let answer = try await register(try statement(), uris: nil)
        let root = try JSONDocument(parsing: answer.body).root
        #expect(
            root["redirect_uris"]?.elements.map(\.string) == [
                "http://127.0.0.1/a", "http://127.0.0.1/b",
            ])
    }

    @Test func `redirect URIs that are all outside of the statement are refused`() async throws {
        let answer = try await register(try statement(), uris: ["http://127.0.0.1/c"])
        #expect(RegistrationEndpointTests.error(answer) == "invalid_redirect_uri")
    }

    @Test func `policy judges what a statement allows`() async throws {
        let statement = try statement(["redirect_uris": #"["https://evil.example/cb"]"#])
        let answer = try await register(statement, uris: ["https://evil.example/cb"])
        #expect(RegistrationEndpointTests.error(answer) == "invalid_redirect_uri")
    }

    @Test func `keys of the statement are the client's only ones`() async throws {
        let statement = try statement([
            "jwks_uri": "\"https://store.example/keys\"",
            "token_endpoint_auth_method": "\"private_key_jwt\"",
        ])
        let answer = try await register(
            statement,
            more: #""jwks":{"keys":[]},"token_endpoint_auth_method":"none""#)
        #expect(answer.status == 201)
        let root = try JSONDocument(parsing: answer.body).root
        #expect(root["jwks_uri"]?.string == "https://store.example/keys")
        #expect(root["token_endpoint_auth_method"]?.string == "private_key_jwt")
    }

    @Test(
        arguments: [
            ["iss": "\"https://other.example\""], ["iss": "\"https://store.example/\""],
            ["iss": nil], ["aud": "\"https://other.example\""], ["aud": nil],
            ["aud": "\"https://gw.example/\""], ["exp": nil], ["exp": "\(now - 31)"],
            ["exp": "\"never\""], ["nbf": "\(now + 31)"], ["iat": "\(now + 31)"],
        ] as [[String: String?]])
    func `a statement with wrong claims is refused`(changes: [String: String?]) async throws {
        let answer = try await register(try statement(changes))
        #expect(answer.status == 400)
        #expect(RegistrationEndpointTests.error(answer) == "invalid_software_statement")
    }

    @Test(arguments: ["nonce", "at_hash", "c_hash", "s_hash", "events", "htm", "htu"])
    func `a claim of another kind of token makes it no statement`(name: String) async throws {
        let answer = try await register(try statement([name: "\"x\""], type: "JWT"))
        #expect(RegistrationEndpointTests.error(answer) == "invalid_software_statement")
    }

    @Test func `a statement that holds another token is none`() async throws {
        let answer = try await register(try statement(header: #","cty":"JWT""#))
        #expect(RegistrationEndpointTests.error(answer) == "invalid_software_statement")
    }

    @Test func `keys of an issuer are got from their place, or the client comes again`()
        async throws
    {
        let distant = try statement(
            ["iss": "\"https://distant.example\""], keyID: "own", by: MachineKeys.own)
        #expect(try await register(distant).status == 201)
        let lost = try statement(
            ["iss": "\"https://lost.example\""], keyID: "own", by: MachineKeys.own)
        let answer = try await register(lost)
        #expect(answer.status == 503)
        #expect(RegistrationEndpointTests.error(answer) == "temporarily_unavailable")
        // One issuer's keys are not another's.
        let crossed = try statement(keyID: "own", by: MachineKeys.own)
        #expect(
            RegistrationEndpointTests.error(try await register(crossed))
                == "invalid_software_statement")
    }

    @Test func `a statement wants bound tokens for a client that does not`() async throws {
        let answer = try await register(
            try statement(["dpop_bound_access_tokens": "true"]),
            more: #""dpop_bound_access_tokens":false"#)
        let root = try JSONDocument(parsing: answer.body).root
        #expect(root["dpop_bound_access_tokens"]?.bool == true)
    }

    @Test(arguments: ["at+jwt", "gatehouse-identity+jwt", "oauth-id-jag+jwt", "dpop+jwt", "x"])
    func `tokens of other kinds are no statements`(type: String) async throws {
        let answer = try await register(try statement(type: type))
        #expect(RegistrationEndpointTests.error(answer) == "invalid_software_statement")
    }

    @Test(arguments: ["JWT", "jwt", "application/software-statement+jwt", nil])
    func `statements come under several types`(type: String?) async throws {
        #expect(try await register(try statement(type: type)).status == 201)
    }

    @Test func `a statement that somebody else signed, or nobody, is refused`() async throws {
        let other = try SigningKey.generate(.es256)
        let good = try statement()
        let unsigned =
            Base64URL.encode(Array(#"{"alg":"none"}"#.utf8)) + "."
            + good.split(separator: ".")[1] + "."
        for text in [
            try statement(by: other), unsigned, String(good.dropLast(4)), "x", "", good + ".x",
        ] {
            let answer = try await register(text)
            #expect(RegistrationEndpointTests.error(answer) == "invalid_software_statement")
        }
        let answer = try await register(nil, more: #""software_statement":7"#)
        #expect(RegistrationEndpointTests.error(answer) == "invalid_software_statement")
    }

    @Test func `without an issuer that vouches statements are not looked at`() async throws {
        let other = try await RegistrationFixture()
        let body =
            #"{"client_name":"Tool","redirect_uris":["http://127.0.0.1/c"],"software_statement":"x"}"#
        let answer = await other.endpoint().respond(to: try RegistrationFixture.request(body: body))
        #expect(answer.status == 201)
        let root = try JSONDocument(parsing: answer.body).root
        #expect(root["software_statement"] == nil)
    }

    @Test func `a registration without a statement is as any`() async throws {
        let answer = try await register(nil, uris: ["http://127.0.0.1/c"])
        #expect(answer.status == 201)
    }
}
