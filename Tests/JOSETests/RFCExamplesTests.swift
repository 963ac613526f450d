import Cryptography
import JOSE
import Testing

/// The examples of RFC 7515, RFC 7519 and RFC 8037 that are not to be taken here; those that are stand
/// beside what they show.
@Suite struct RFCExamplesTests {
    private static let algorithms = Set(SignatureAlgorithm.allCases)

    private static func keys(_ key: String) throws -> JSONWebKeySet {
        try JSONWebKeySet(parsing: Array(#"{"keys":[\#(key)]}"#.utf8))
    }

    // MARK: - RFC 7515

    /// Appendix A.1.1; the same in RFC 7519 §3.1.
    private static let hmac =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + JWSTests.payload
        + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let hmacKey =
        #"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0i"#
        + #"PS4hcgUuTwjAzZr1Z9CAow"}"#

    @Test func `the MAC of RFC 7515 A.1 holds and is no signature here`() throws {
        let input = Self.hmac.prefix { $0 != "." } + "." + JWSTests.payload
        let key = try #require(
            Base64URL.decode(
                "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0i"
                    + "PS4hcgUuTwjAzZr1Z9CAow"))
        let mac = Base64URL.encode(hmacSHA256(key: key, Array(input.utf8)))
        #expect(Self.hmac.hasSuffix("." + mac))
        #expect(throws: JWSViolation.unsupportedAlgorithm) {
            try UnverifiedJWS(Array(Self.hmac.utf8))
        }
        // A key that both sides have is none that could be in a set.
        let set = try Self.keys(Self.hmacKey)
        #expect(set.keys.isEmpty)
        #expect(set.ignored.map(\.reason) == [.privateMember])
    }

    /// Appendix A.4.
    private static let p521 =
        "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKP"
        + "WROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7i"
        + "KvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn"
    /// Appendix A.5; the same in RFC 7519 §6.1.
    private static let unsecured = "eyJhbGciOiJub25lIn0." + JWSTests.payload + "."

    @Test(arguments: [p521, unsecured])
    func `other algorithms, and none, as in RFC 7515 A.4 and A.5 are refused`(
        compact: String
    ) throws {
        #expect(throws: JWSViolation.unsupportedAlgorithm) {
            try UnverifiedJWS(Array(compact.utf8))
        }
    }

    /// The signature of appendix A.3, whose key is also in A.6 and A.7.
    private static let signature =
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"

    @Test(arguments: [
        // Appendix A.7
        #"{"payload":"\#(JWSTests.payload)","protected":"eyJhbGciOiJFUzI1NiJ9","#
            + #""header":{"kid":"e9bc097a-ce51-4036-9562-d2ade882db0d"},"#
            + #""signature":"\#(signature)"}"#,
        // Appendix A.6, with one of its signatures
        #"{"payload":"\#(JWSTests.payload)","signatures":[{"protected":"eyJhbGciOiJFUzI1NiJ9","#
            + #""header":{"kid":"e9bc097a-ce51-4036-9562-d2ade882db0d"},"#
            + #""signature":"\#(signature)"}]}"#,
        // A JWE has five parts (RFC 7516 §3.1), and a signed JWT in one has too (RFC 7519, appendix A).
        "eyJhbGciOiJSU0ExXzUiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.QR1Owv2u.AxY8DCtD.MKOle7UQ.fiK51Vwh",
    ])
    func `what is no compact JWS, as in RFC 7515 A.6 and A.7, is refused`(text: String) {
        #expect(throws: JWSViolation.notThreeParts) { try UnverifiedJWS(Array(text.utf8)) }
    }

    @Test func `a header that was not signed, as in RFC 7515 A.6, is not looked at`() throws {
        // The compact form of A.7 is A.3, whose header has no kid.
        let compact = "eyJhbGciOiJFUzI1NiJ9.\(JWSTests.payload).\(Self.signature)"
        let jws = try UnverifiedJWS(Array(compact.utf8))
        #expect(jws.header.keyID == nil)
    }

    // MARK: - RFC 8037

    private static let publicKey =
        #""kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#

    @Test func `the private key of RFC 8037 A.1 is no key of a set, its public one of A.2 is`()
        throws
    {
        let secret = #"{\#(Self.publicKey),"d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#
        let both = try Self.keys("\(secret),{\(Self.publicKey)}")
        #expect(both.ignored.map(\.reason) == [.privateMember])
        #expect(both.ignored.map(\.place) == [0])
        // Appendix A.3
        #expect(both.keys.map(\.id) == ["kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"])
        #expect(both.keys.map(\.algorithm) == [.eddsa])
    }

    @Test(arguments: [
        // Appendix A.6 and A.7: keys that agree and do not sign.
        #"{"kty":"OKP","crv":"X25519","kid":"Bob","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}"#,
        #"{"kty":"OKP","crv":"X448","kid":"Dave","x":"PreoKbDNIPW8_AtZm2_sz22kYnEHvbDU80W0MCfYuXL8PjT7QjKhPKcG3LV67D2uB73BxnvzNgk"}"#,
        #"{"kty":"OKP","crv":"Ed448","kid":"e","x":"AAAA"}"#,
    ])
    func `a key on another curve, as in RFC 8037 A.6 and A.7, is left out`(key: String) throws {
        let set = try Self.keys(key)
        #expect(set.keys.isEmpty)
        #expect(set.ignored.map(\.reason) == [.unsupportedType])
    }

    @Test func `the signature of RFC 8037 A.4 holds for no other message`() throws {
        let set = try Self.keys("{\(Self.publicKey)}")
        let signature =
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        let payload = Base64URL.encode(Array("Example of Ed25519 signing.".utf8))
        let compact = "eyJhbGciOiJFZERTQSJ9.\(payload).\(signature)"
        #expect(throws: JWSViolation.badSignature) {
            try UnverifiedJWS(Array(compact.utf8)).verified(by: set, allowing: Self.algorithms)
        }
    }
}
