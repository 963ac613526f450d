import Cryptography
import JOSE
import Testing

@Suite struct JWSHeaderTests {
    @Test func `a plain header is taken`() throws {
        #expect(try violation(#"{"alg":"ES256","kid":"ec"}"#) == nil)
        #expect(try violation(#"{"alg":"ES256","kid":"ec","typ":"JWT","x":[1]}"#) == nil)
        #expect(try violation(#"{"alg":"RS256","kid":"rsa"}"#, by: Keys.rs256) == nil)
        #expect(try violation(#"{"alg":"EdDSA","kid":"okp"}"#, by: Keys.eddsa) == nil)
    }

    @Test(arguments: [
        "none", "None", "NONE", "nOnE", "noNe", "", " none", "none ", "HS256", "hs256", "HS384",
        "HS512", "ES384", "ES512", "ES256K", "RS384", "RS512", "PS384", "PS512", "es256", "Es256",
        "ES256 ", "RSA1_5", "dir", "Ed448", "A256GCM", "ES256\\u0000",
    ])
    func `an algorithm that is not spoken is refused whatever its casing`(name: String) throws {
        let refused = try violation(#"{"alg":"\#(name)","kid":"ec"}"#)
        #expect(refused == (name.isEmpty ? .malformedHeader(member: "alg") : .unsupportedAlgorithm))
    }

    @Test func `an unsigned token is refused`() throws {
        for name in ["none", "None", "nOnE", "NONE"] {
            let header = Base64URL.encode(Array(#"{"alg":"\#(name)"}"#.utf8))
            #expect(throws: JWSViolation.unsupportedAlgorithm) {
                try UnverifiedJWS(Array((header + ".e30.").utf8))
            }
        }
        let header = Base64URL.encode(Array(#"{"alg":"ES256","kid":"ec"}"#.utf8))
        #expect(throws: JWSViolation.badSignature) {
            try UnverifiedJWS(Array((header + ".e30.").utf8))
                .verified(by: Keys.set(), allowing: [.es256])
        }
    }

    @Test func `an HMAC keyed with the public key is refused`() throws {
        guard case .p256(let x, let y) = Keys.es256.verificationKey.components else { return }
        for alg in ["HS256", "ES256"] {
            let header = Base64URL.encode(Array(#"{"alg":"\#(alg)","kid":"ec"}"#.utf8))
            let mac = hmacSHA256(key: [4] + x + y, Array((header + ".e30").utf8))
            let compact = Array((header + ".e30." + Base64URL.encode(mac)).utf8)
            #expect(throws: JWSViolation.self) {
                try UnverifiedJWS(compact).verified(
                    by: Keys.set(), allowing: Set(SignatureAlgorithm.allCases))
            }
        }
    }

    @Test(arguments: ["crit", "jwk", "jku", "x5u", "x5c", "b64"])
    func `a member that brings a key or changes processing is refused`(name: String) throws {
        for value in ["[]", "null", "false", #""""#, #"["exp"]"#, "{}", #""https://evil.example""#]
        {
            let header = #"{"alg":"ES256","kid":"ec","\#(name)":\#(value)}"#
            #expect(try violation(header) == .forbiddenHeader(member: name))
        }
        let escaped = "\\u00" + String(Array(name.utf8)[0], radix: 16) + name.dropFirst()
        let header = #"{"alg":"ES256","kid":"ec","\#(escaped)":1}"#
        #expect(try violation(header) == .forbiddenHeader(member: name))
    }

    @Test(arguments: [
        ("[]", JWSViolation.headerNotAnObject), (#""ES256""#, .headerNotAnObject),
        ("null", .headerNotAnObject), ("1", .headerNotAnObject),
        ("{}", .missingAlgorithm), (#"{"ALG":"ES256"}"#, .missingAlgorithm),
        (#"{"alg":null}"#, .malformedHeader(member: "alg")),
        (#"{"alg":["ES256"]}"#, .malformedHeader(member: "alg")),
        (#"{"alg":{"alg":"ES256"}}"#, .malformedHeader(member: "alg")),
        (#"{"alg":256}"#, .malformedHeader(member: "alg")),
        (#"{"alg":"ES256","kid":1}"#, .malformedHeader(member: "kid")),
        (#"{"alg":"ES256","kid":null}"#, .malformedHeader(member: "kid")),
        (#"{"alg":"ES256","kid":""}"#, .malformedHeader(member: "kid")),
        (#"{"alg":"ES256","kid":["ec"]}"#, .malformedHeader(member: "kid")),
        (#"{"alg":"ES256","kid":"ec","typ":7}"#, .malformedHeader(member: "typ")),
        (#"{"alg":"ES256","kid":"ec","cty":{}}"#, .malformedHeader(member: "cty")),
    ])
    func `a header of another shape is refused`(header: String, expected: JWSViolation) throws {
        #expect(try violation(header) == expected)
    }

    @Test(arguments: [
        "", " ", "{", #"{"alg":"ES256"}}"#, #"{"alg":"none","alg":"ES256"}"#,
        #"{"alg":"ES256","\u0061lg":"none"}"#, #"{"alg":"ES256",}"#, #"{'alg':'ES256'}"#,
        "\u{feff}{\"alg\":\"ES256\"}", #"{"alg":"ES256"} x"#,
    ])
    func `a header that is no JSON, or could be read in two ways, is refused`(
        header: String
    ) throws {
        guard case .headerNotJSON = try violation(header) else {
            Issue.record("taken: \(header)")
            return
        }
    }

    @Test func `an algorithm that the verifier does not allow is refused`() throws {
        let refused = try violation(#"{"alg":"ES256","kid":"ec"}"#, allowing: [.rs256, .eddsa])
        #expect(refused == .algorithmNotAllowed)
        #expect(try violation(#"{"alg":"ES256","kid":"ec"}"#, allowing: []) == .algorithmNotAllowed)
    }

    @Test func `an algorithm that is not the key's is refused`() throws {
        for (alg, id) in [
            ("RS256", "ec"), ("ES256", "rsa"), ("PS256", "rsa"), ("EdDSA", "ec"), ("ES256", "okp"),
        ] {
            let refused = try violation(#"{"alg":"\#(alg)","kid":"\#(id)"}"#)
            #expect(refused == .algorithmMismatch)
        }
    }

    @Test func `a good RS256 signature under a key for PS256 is refused`() throws {
        let keys = try JSONWebKeySet([
            JSONWebKey(id: "rsa", algorithm: .ps256, key: Keys.rs256.verificationKey)
        ])
        let compact = try token(#"{"alg":"RS256","kid":"rsa"}"#, by: Keys.rs256)
        #expect(throws: JWSViolation.algorithmMismatch) {
            try UnverifiedJWS(compact).verified(by: keys, allowing: [.rs256, .ps256])
        }
    }

    @Test(arguments: [
        "../../../../dev/null", "/etc/passwd", "file:///dev/null", "https://evil.example/jwks",
        "ec' OR '1'='1", "ec; DROP TABLE signing_key", "$(id)", "ec\\u0000", "\\u0000ec", " ec",
        "ec ", "EC", "e\\u0441", "ec\\n", "*", "%", "ec,rsa", "key|/usr/bin/id", "\\u202eec",
    ])
    func `a hostile kid is only a name that no key has`(id: String) throws {
        #expect(try violation(#"{"alg":"ES256","kid":"\#(id)"}"#) == .unknownKey)
    }

    @Test func `a kid beyond 256 bytes is refused`() throws {
        let most = String(repeating: "k", count: 256)
        #expect(try violation(#"{"alg":"ES256","kid":"\#(most)"}"#) == .unknownKey)
        let refused = try violation(#"{"alg":"ES256","kid":"\#(most)k"}"#)
        #expect(refused == .malformedHeader(member: "kid"))
    }

    @Test func `a kid is compared byte for byte, not as text`() throws {
        let keys = try JSONWebKeySet([
            JSONWebKey(id: "caf\u{e9}", algorithm: .es256, key: Keys.es256.verificationKey)
        ])
        let same = try token(#"{"alg":"ES256","kid":"caf\u00e9"}"#)
        _ = try UnverifiedJWS(same).verified(by: keys, allowing: [.es256])
        let twin = try token(#"{"alg":"ES256","kid":"cafe\u0301"}"#)
        #expect(throws: JWSViolation.unknownKey) {
            try UnverifiedJWS(twin).verified(by: keys, allowing: [.es256])
        }
    }

    @Test func `without a kid the only key of the algorithm is taken, and none of several`() throws
    {
        #expect(try violation(#"{"alg":"ES256"}"#) == nil)
        #expect(try violation(#"{"alg":"PS256"}"#) == .unknownKey)
        let keys = try JSONWebKeySet([
            JSONWebKey(id: "1", algorithm: .es256, key: Keys.es256.verificationKey),
            JSONWebKey(id: "2", algorithm: .es256, key: Keys.other.verificationKey),
        ])
        let compact = try token(#"{"alg":"ES256"}"#)
        #expect(throws: JWSViolation.ambiguousKey) {
            try UnverifiedJWS(compact).verified(by: keys, allowing: [.es256])
        }
    }

    @Test(arguments: [
        ("at+jwt", true), ("AT+JWT", true), ("application/at+jwt", true),
        ("Application/AT+jwt", true), ("at+jwt ", false), (" at+jwt", false), ("at jwt", false),
        ("jwt", false), ("JWT", false), ("at+jwt;v=1", false), ("text/at+jwt", false),
        ("application/application/at+jwt", false), ("application/", false), ("/at+jwt", false),
        ("gatehouse-identity+jwt", false), ("at+jw", false), ("at+jwt\\u0000", false),
        ("dpop+jwt", false), ("at\\u212ajwt", false),
    ])
    func `a type is compared as a media type`(type: String, matches: Bool) throws {
        let jws = try UnverifiedJWS(token(#"{"alg":"ES256","typ":"\#(type)"}"#))
        #expect(jws.header.isOfType("at+jwt") == matches)
    }

    @Test func `a missing type is no type`() throws {
        #expect(try !UnverifiedJWS(token(#"{"alg":"ES256"}"#)).header.isOfType("at+jwt"))
    }
}
