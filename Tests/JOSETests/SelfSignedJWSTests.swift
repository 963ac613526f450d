import Cryptography
import JOSE
import ProofMaker
import Testing

@Suite struct SelfSignedJWSTests {
    private static let url = "https://a.example/x"

    /// Why it is refused; nil if it is not.
    private static func violation(_ text: String) -> JWSViolation? {
        do throws(JWSViolation) {
            _ = try SelfSignedJWS(Array(text.utf8)[...])
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [SignatureAlgorithm.es256, .rs256, .ps256, .eddsa])
    func `every algorithm proves its key`(algorithm: SignatureAlgorithm) throws {
        let prover = try Prover(algorithm)
        let text = try prover.proof(Self.url, at: 1)
        let jws = try SelfSignedJWS(Array(text.utf8)[...])
        #expect(jws.key == prover.key.verificationKey.components)
        #expect(jws.header.algorithm == algorithm)
        #expect(String(decoding: jws.payload, as: UTF8.self).contains(Self.url))
        #expect(
            Self.violation(try prover.proof(Self.url, at: 1, signer: Keys.other)) == .badSignature)
    }

    @Test func `a key that is not the signer's is refused`() throws {
        let prover = try Prover()
        let other = try Prover()
        let text = try prover.proof(Self.url, at: 1, header: ["jwk": other.jwk])
        #expect(Self.violation(text) == .badSignature)
    }

    @Test func `a changed payload is refused`() throws {
        var parts = try Prover().proof(Self.url, at: 1).split(separator: ".").map(String.init)
        parts[1] = Base64URL.encode(Array(#"{"htu":"https://b.example/"}"#.utf8))
        #expect(Self.violation(parts.joined(separator: ".")) == .badSignature)
    }

    /// Changes of the header, and what must be said of them.
    static let headers: [(String, String?, JWSViolation)] = [
        ("jwk", nil, .missingKey),
        ("jwk", "7", .unusableKey(.notAnObject)),
        ("jwk", "null", .unusableKey(.notAnObject)),
        ("jwk", "{}", .unusableKey(.malformed(member: "kty"))),
        ("jwk", #"{"kty":"oct","k":"AAAA"}"#, .unusableKey(.privateMember)),
        ("jwk", #"{"kty":"oct"}"#, .unusableKey(.unsupportedType)),
        ("jwk", #"{"kty":"EC","crv":"P-384","x":"AA","y":"AA"}"#, .unusableKey(.unsupportedType)),
        (
            "jwk", #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#,
            .unusableKey(.unusable(.wrongLength))
        ),
        ("alg", nil, .missingAlgorithm), ("alg", #""none""#, .unsupportedAlgorithm),
        ("alg", #""HS256""#, .unsupportedAlgorithm), ("alg", #""es256""#, .unsupportedAlgorithm),
        ("alg", #""RS256""#, .unusableKey(.unsupportedAlgorithm)),
        ("alg", #""EdDSA""#, .unusableKey(.unsupportedAlgorithm)),
        ("crit", #"["b64"]"#, .forbiddenHeader(member: "crit")),
        ("crit", "[]", .forbiddenHeader(member: "crit")),
        ("b64", "true", .forbiddenHeader(member: "b64")),
        ("b64", "false", .forbiddenHeader(member: "b64")),
        ("jku", #""https://a.example/jwks""#, .forbiddenHeader(member: "jku")),
        ("x5u", #""https://a.example/x""#, .forbiddenHeader(member: "x5u")),
        ("x5c", "[]", .forbiddenHeader(member: "x5c")),
    ]

    @Test(arguments: headers)
    func `a header that brings no key of use, or asks for more, is refused`(
        member: String, value: String?, expected: JWSViolation
    ) throws {
        let text = try Prover().proof(Self.url, at: 1, header: [member: value])
        #expect(Self.violation(text) == expected)
    }

    /// Members that are put into the JWK, and what must be said of it; nil if nothing.
    static let members: [(String, JWKViolation?)] = [
        (#""d":"AAAA""#, .privateMember), (#""p":"AAAA""#, .privateMember),
        (#""q":"AAAA""#, .privateMember), (#""dp":"AAAA""#, .privateMember),
        (#""dq":"AAAA""#, .privateMember), (#""qi":"AAAA""#, .privateMember),
        (#""oth":[]"#, .privateMember), (#""k":"AAAA""#, .privateMember),
        (#""d":null"#, .privateMember), (#""use":"enc""#, .notForSignatures),
        (#""key_ops":["sign"]"#, .notForVerification),
        (#""alg":"ES384""#, .unsupportedAlgorithm), (#""alg":"RS256""#, .unsupportedAlgorithm),
        (#""use":"sig""#, nil), (#""key_ops":["verify"],"ext":true"#, nil),
        (#""alg":"ES256""#, nil),
        (#""kid":"any""#, nil),
    ]

    @Test(arguments: members)
    func `a JWK with a private half or for another use is refused`(
        member: String, expected: JWKViolation?
    ) throws {
        let prover = try Prover()
        let jwk = "{\(member),\(prover.jwk.dropFirst())"
        let text = try prover.proof(Self.url, at: 1, header: ["jwk": jwk])
        #expect(Self.violation(text) == expected.map { .unusableKey($0) })
    }

    @Test func `PS256 and RS256 are the header's choice, not the key's`() throws {
        let prover = try Prover(.ps256)
        let text = try prover.proof(Self.url, at: 1, header: ["alg": #""RS256""#])
        #expect(Self.violation(text) == .badSignature)
    }

    @Test func `a short RSA key is refused`() throws {
        let modulus = Base64URL.encode([0x80] + [UInt8](repeating: 0xFF, count: 127))
        let text = try Prover(.rs256).proof(
            Self.url, at: 1, header: ["jwk": #"{"kty":"RSA","n":"\#(modulus)","e":"AQAB"}"#])
        #expect(Self.violation(text) == .unusableKey(.unusable(.modulusOutOfRange)))
    }

    @Test func `a JWS that brings its key is nobody's where a known key is asked for`() throws {
        let text = try Prover().proof(Self.url, at: 1)
        #expect(throws: JWSViolation.forbiddenHeader(member: "jwk")) {
            try UnverifiedJWS(Array(text.utf8))
        }
    }

    @Test(arguments: ["", ".", "..", "a.b", "a.b.c.d", "e30.e30.", "e30.e30.AAAA,e30.e30.AAAA"])
    func `what is no compact JWS is refused`(text: String) throws {
        #expect(Self.violation(text) != nil)
    }
}
