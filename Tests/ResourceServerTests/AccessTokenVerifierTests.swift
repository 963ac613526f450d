import Cryptography
import JOSE
import JSON
import OAuth
import Testing

@testable import ResourceServer

@Suite struct AccessTokenVerifierTests {
    private static let now = TestServer.now

    @Test func `a good token tells who acts and what is granted`() throws {
        let test = try TestServer()
        let token = try test.verify(test.token())
        #expect(token.issuer == TestServer.issuer)
        #expect(token.subject == "local:lee")
        #expect(token.clientID == "cli")
        #expect(token.scopes.text == "tickets:read")
        #expect(token.expiresAt == Self.now + 3600)
        #expect(token.grantID == "g1")
        #expect(token.tokenID == "j1")
    }

    @Test(
        arguments: [
            ("iss", nil, TokenViolation.claims(.missing(claim: "iss"))),
            ("iss", "\"https://mcp.example.com/\"", .claims(.wrongIssuer)),
            ("iss", "\"https://MCP.example.com\"", .claims(.wrongIssuer)),
            ("iss", "7", .claims(.malformed(claim: "iss"))),
            ("aud", nil, .claims(.missing(claim: "aud"))),
            ("aud", "\"https://mcp.example.com/search/mcp\"", .claims(.wrongAudience)),
            ("aud", "\"https://mcp.example.com/tickets/mcp/\"", .claims(.wrongAudience)),
            ("aud", "\"https://mcp.example.com/tickets\"", .claims(.wrongAudience)),
            ("aud", "[\"a\",\"b\"]", .claims(.wrongAudience)),
            ("aud", "[]", .claims(.missing(claim: "aud"))),
            ("exp", nil, .claims(.missing(claim: "exp"))),
            ("exp", "\(now - 30)", .claims(.expired)),
            ("exp", "\"\(now + 60)\"", .claims(.malformed(claim: "exp"))),
            ("exp", "1e12", .claims(.malformed(claim: "exp"))),
            ("nbf", "\(now + 31)", .claims(.notYetValid)),
            ("iat", "\(now + 31)", .claims(.issuedInTheFuture)),
            ("iat", nil, .missingClaim(name: "iat")),
            ("jti", nil, .missingClaim(name: "jti")),
            ("sub", nil, .missingClaim(name: "sub")),
            ("sub", "\"\"", .malformedClaim(name: "sub")),
            ("sub", "[\"a\"]", .claims(.malformed(claim: "sub"))),
            ("client_id", nil, .missingClaim(name: "client_id")),
            ("scope", "[\"tickets:read\"]", .malformedClaim(name: "scope")),
            ("scope", "\"a  b\"", .malformedClaim(name: "scope")),
            ("grantable", "7", .malformedClaim(name: "grantable")),
            ("nonce", "\"n\"", .otherKindOfToken(claim: "nonce")),
            ("at_hash", "\"n\"", .otherKindOfToken(claim: "at_hash")),
            ("events", "{}", .otherKindOfToken(claim: "events")),
            ("cnf", "{\"jkt\":\"x\"}", .boundToKey),
        ] as [(String, String?, TokenViolation)])
    func `each claim that does not hold refuses the token`(
        claim: String, value: String?, violation: TokenViolation
    ) throws {
        let test = try TestServer()
        let token = try test.token([claim: value])
        #expect(throws: violation) { try test.verify(token) }
        #expect(!violation.publicDescription.contains("\""))
        #expect(test.cache.count == 0)
    }

    @Test(
        arguments: [
            ("aud", "[\"x\",\"\(TestServer.audience)\"]"), ("exp", "\(now - 29)"),
            ("nbf", "\(now + 30)"), ("iat", "\(now + 30)"), ("scope", nil), ("grantable", nil),
            ("gid", nil), ("exp", "\(now).5"),
        ] as [(String, String?)])
    func `what is within the rules passes`(claim: String, value: String?) throws {
        let test = try TestServer()
        _ = try test.verify(test.token([claim: value]))
    }

    @Test(arguments: ["JWT", "id+jwt", "gatehouse-identity+jwt", "logout+jwt", "jwt+at", "at"])
    func `another typ is not our access token`(type: String) throws {
        let test = try TestServer()
        let token = try test.token(type: type)
        #expect(throws: TokenViolation.wrongType) { try test.verify(token) }
    }

    @Test(arguments: [
        ("at+jwt", true), ("application/at+jwt", true), ("AT+JWT", true), ("JWT", true),
        ("jwt", true), ("id_token", false), ("logout+jwt", false), ("dpop+jwt", false),
        ("secevent+jwt", false), ("gatehouse-identity+jwt", false),
    ])
    func `a foreign issuer may say JWT`(type: String, isAccepted: Bool) throws {
        let test = try TestServer(origin: .foreign)
        let token = try test.token(type: type)
        #expect(((try? test.verify(token)) != nil) == isAccepted)
    }

    @Test(arguments: ["client_id", "azp", "cid", "appid"])
    func `a foreign issuer names the client its own way`(claim: String) throws {
        let test = try TestServer(origin: .foreign)
        var changes: [String: String?] = ["client_id": nil, "jti": nil, "iat": nil]
        changes[claim] = "\"app\""
        let token = try test.token(changes, type: "JWT")
        #expect(try test.verify(token).clientID == "app")
        let own = try TestServer()
        let other = try own.token(["client_id": nil, "azp": "\"app\""])
        #expect(throws: TokenViolation.missingClaim(name: "client_id")) { try own.verify(other) }
    }

    @Test(
        arguments: [
            (ScopeClaim.scope, "scope", "\"a b\"", "a b"),
            (.scp, "scp", "\"a b\"", "a b"),
            (.scp, "scp", "[\"a\",\"b\"]", "a b"),
            (.scp, "scope", "\"a b\"", "x"),
            (.permissions, "permissions", "[\"a\",\"b c\",\"d\"]", "a d"),
            (.permissions, "permissions", "\"a\"", nil),
            (.scp, "scp", "[1]", nil),
            (.scope, "scope", "{}", nil),
        ] as [(ScopeClaim, String, String, String?)])
    func `scopes are read from the claim that is configured`(
        claim: ScopeClaim, name: String, value: String, expected: String?
    ) throws {
        let test = try TestServer(origin: .foreign, scopeClaim: claim)
        var changes: [String: String?] = ["scp": "\"x\"", "permissions": "[\"x\"]"]
        changes[name] = value
        let token = try test.token(changes)
        #expect((try? test.verify(token))?.scopes.text == expected)
    }

    @Test func `a foreign token cannot say what is grantable`() throws {
        let test = try TestServer(origin: .foreign)
        let token = try test.verify(test.token())
        let call = Operation.tool(name: Example.bytes("create_ticket"), arguments: nil)
        #expect(test.server.policy.decide(call, for: token.effectiveScopes) == .unknown)
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func `each algorithm verifies, and only where it is allowed`(
        algorithm: SignatureAlgorithm
    ) throws {
        let test = try TestServer(algorithm: algorithm, algorithms: [algorithm])
        _ = try test.verify(test.token())
        let others = Set(SignatureAlgorithm.allCases).subtracting([algorithm])
        let strict = try TestServer(algorithm: algorithm, algorithms: others)
        let token = try strict.token()
        #expect(throws: TokenViolation.signature(.algorithmNotAllowed)) {
            try strict.verify(token)
        }
    }

    @Test func `a token of an unknown key is refused`() throws {
        let test = try TestServer()
        let other = try SigningKey.generate(.es256)
        let forged = try test.token(key: other)
        #expect(throws: TokenViolation.signature(.badSignature)) { try test.verify(forged) }
        let unknown = try test.token(keyID: "k2", key: other)
        #expect(throws: TokenViolation.signature(.unknownKey)) { try test.verify(unknown) }
    }

    @Test(arguments: ["none", "None", "NONE", "nOnE", "HS256", "HS384", "ES256K", "RS512"])
    func `no other algorithm is taken, whatever it signs with`(algorithm: String) throws {
        let test = try TestServer()
        let claims = try test.token().split(separator: ".")[1]
        let header = Base64URL.encode(
            Array("{\"alg\":\"\(algorithm)\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}".utf8))
        // The public key as secret, which a library that obeys the header would accept.
        let secret = Array("\(test.key.verificationKey.components)".utf8)
        for signature in [[], hmacSHA256(key: secret, Array("\(header).\(claims)".utf8))] {
            let token = "\(header).\(claims).\(Base64URL.encode(signature))"
            #expect(throws: TokenViolation.signature(.unsupportedAlgorithm)) {
                try test.verify(token)
            }
        }
    }

    @Test(arguments: ["jwk", "jku", "x5u", "x5c", "crit", "b64"])
    func `a header that brings its own key is refused`(member: String) throws {
        let test = try TestServer()
        let parts = try test.token().split(separator: ".")
        let header = Base64URL.encode(
            Array("{\"alg\":\"ES256\",\"kid\":\"k1\",\"\(member)\":\"https://evil/\"}".utf8))
        #expect(throws: TokenViolation.signature(.forbiddenHeader(member: member))) {
            try test.verify("\(header).\(parts[1]).\(parts[2])")
        }
    }

    @Test func `a changed byte anywhere refuses the token`() throws {
        let test = try TestServer()
        let token = try test.token()
        for part in 0..<3 {
            var parts = token.split(separator: ".").map(String.init)
            let middle = parts[part].index(parts[part].startIndex, offsetBy: 10)
            let other = parts[part][middle] == "A" ? "B" : "A"
            parts[part].replaceSubrange(middle...middle, with: other)
            let changed = parts.joined(separator: ".")
            #expect(throws: TokenViolation.self) { try test.verify(changed) }
        }
        #expect(throws: TokenViolation.self) { try test.verify("\(token).x") }
        #expect(throws: TokenViolation.self) { try test.verify("\(token)=") }
    }
}
