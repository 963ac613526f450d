import Cryptography
import JOSE
import JSON
import Storage
import Testing

@testable import AuthorizationServer

/// What signed statements must be, whoever makes them (RFC 7521 §5.2, RFC 7523 §3, RFC 8725).
@Suite struct AssertionRulesTests {
    // RFC 7523 §4
    private static let issuer = "https://jwt-idp.example.com"
    private static let audience = "https://jwt-rp.example.net"
    private static let begin: Int64 = 1_300_815_780
    private static let end: Int64 = 1_300_819_380

    private static func rules(
        lifetimeLimit: Int64 = 7200, mayLackType: Bool = true, needsIssuedAt: Bool = false
    ) -> AssertionRules {
        AssertionRules(
            types: ["jwt"], mayLackType: mayLackType, audiences: [audience],
            lifetimeLimit: lifetimeLimit, needsIssuedAt: needsIssuedAt)
    }

    /// The assertion of RFC 7523 §4 with a `jti`, and some claims changed, or left out if nil.
    private static func assertion(
        _ changes: [String: Any?] = [:], header: [String: Any?] = [:],
        by key: SigningKey = MachineKeys.own
    ) throws -> UnverifiedJWS {
        var claims: [String: Any?] = [
            "iss": issuer, "sub": "mailto:mike@example.com", "aud": audience, "nbf": begin,
            "exp": end, "http://claims.example.com/member": true, "jti": "1",
        ]
        for (name, value) in changes { claims[name] = .some(value) }
        var head: [String: Any?] = ["kid": "16"]
        for (name, value) in header { head[name] = .some(value) }
        return try UnverifiedJWS(
            Array(try MachineKeys.jwt(claims, header: head, by: key).utf8))
    }

    private static func violation(
        _ jws: UnverifiedJWS, _ rules: AssertionRules = rules(), of issuer: String = issuer,
        at now: Int64 = begin
    ) throws -> AssertionViolation? {
        let keys = try MachineKeys.set([("16", MachineKeys.own)])
        do throws(AssertionViolation) {
            _ = try rules.verify(jws, of: issuer, by: keys, at: now)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the assertion of RFC 7523 §4 holds, given a jti`() throws {
        let keys = try MachineKeys.set([("16", MachineKeys.own)])
        let assertion = try Self.rules().verify(
            try Self.assertion(), of: Self.issuer, by: keys, at: Self.begin)
        #expect(assertion.subject == "mailto:mike@example.com")
        #expect(assertion.issuer == Self.issuer)
        let member = assertion.claims.document.root["http://claims.example.com/member"]
        #expect(member?.bool == true)
        // So long may it be presented: beyond its end by what clocks may differ.
        #expect(assertion.use.expiresAt == Self.end + 30)
        let without = try Self.violation(Self.assertion(["jti": nil]))
        #expect(without == .unusable(claim: "jti"))
    }

    @Test(
        arguments: [
            (begin - 31, .claims(.notYetValid)), (begin - 30, nil), (end + 29, nil),
            (end + 30, .claims(.expired)),
        ] as [(Int64, AssertionViolation?)])
    func `it holds in its time and half a minute about it`(
        now: Int64, violation: AssertionViolation?
    ) throws {
        #expect(try Self.violation(Self.assertion(), at: now) == violation)
    }

    @Test(arguments: [(3600, true), (3599, false)])
    func `it is good for no longer than it may be`(limit: Int64, isGood: Bool) throws {
        let found = try Self.violation(
            Self.assertion(), Self.rules(lifetimeLimit: limit), at: Self.begin)
        #expect(found == (isGood ? nil : .expiresTooLate))
    }

    @Test(arguments: [
        "https://jwt-idp.example.com/", "https://JWT-IDP.example.com", "",
        "mailto:mike@example.com",
    ])
    func `it is whose it must be, byte for byte`(issuer: String) throws {
        #expect(try Self.violation(Self.assertion(), of: issuer) == .claims(.wrongIssuer))
        let other = try Self.violation(Self.assertion(["iss": issuer]))
        #expect(other == .claims(.wrongIssuer))
    }

    /// `aud` as JSON, and what is wrong with it.
    static let audiences: [([String]?, AssertionViolation?)] = [
        ([audience], nil), ([audience, audience], nil),
        (nil, .claims(.missing(claim: "aud"))), ([], .claims(.missing(claim: "aud"))),
        ([audience + "/"], .claims(.wrongAudience)), ([""], .claims(.wrongAudience)),
        (["https://jwt-rp.example.net.evil.example"], .claims(.wrongAudience)),
        ([audience, "https://other.example"], .sharedAudience),
        (["https://other.example", audience], .sharedAudience),
    ]

    @Test(arguments: audiences)
    func `it is for us, and for nobody else`(
        audience: [String]?, violation: AssertionViolation?
    ) throws {
        #expect(try Self.violation(Self.assertion(["aud": audience])) == violation)
    }

    /// OpenID Connect Core §2, §3.3.2.11; RFC 8417 §2.2; RFC 7591 §2; RFC 9449 §4.2.
    @Test(arguments: [
        "nonce", "at_hash", "c_hash", "s_hash", "events", "software_id", "redirect_uris", "htm",
        "htu",
    ])
    func `a claim of another kind of JWT makes it one`(claim: String) throws {
        for value in ["x", "", ["x"], [String: String]()] as [Any] {
            let found = try Self.violation(Self.assertion([claim: value]))
            #expect(found == .otherKind(claim: claim))
        }
        let null = try Self.violation(
            UnverifiedJWS(Array(try Self.withNull(claim).utf8)))
        #expect(null == .otherKind(claim: claim))
    }

    private static func withNull(_ claim: String) throws -> String {
        let header = Base64URL.encode(Array(#"{"alg":"ES256","kid":"16"}"#.utf8))
        let payload = Base64URL.encode(
            Array(
                (#"{"iss":"\#(issuer)","sub":"s","aud":"\#(audience)","exp":\#(end),"#
                    + #""jti":"1","\#(claim)":null}"#).utf8))
        let signature = try MachineKeys.own.signature(of: Array("\(header).\(payload)".utf8)[...])
        return "\(header).\(payload).\(Base64URL.encode(signature))"
    }

    @Test(arguments: [
        ("JWT", true), ("jwt", true), ("application/jwt", true), ("at+jwt", false),
        ("oauth-id-jag+jwt", false), ("client-authentication+jwt", false), ("dpop+jwt", false),
        ("gatehouse-identity+jwt", false), ("logout+jwt", false), ("secevent+jwt", false),
        ("jwt+", false), ("JOSE", false),
    ])
    func `its typ is one that it may have`(type: String, isGood: Bool) throws {
        for rules in [Self.rules(), Self.rules(mayLackType: false)] {
            let found = try Self.violation(Self.assertion(header: ["typ": type]), rules)
            #expect(found == (isGood ? nil : .wrongType))
        }
    }

    @Test func `it has a typ where it must, and says when it was made`() throws {
        let bare = try Self.assertion()
        #expect(try Self.violation(bare, Self.rules(mayLackType: false)) == .wrongType)
        let rules = Self.rules(needsIssuedAt: true)
        #expect(try Self.violation(bare, rules) == .unusable(claim: "iat"))
        #expect(try Self.violation(Self.assertion(["iat": Self.begin]), rules) == nil)
        let ahead = try Self.violation(Self.assertion(["iat": Self.begin + 31]))
        #expect(ahead == .claims(.issuedInTheFuture))
    }

    @Test(arguments: ["sub", "jti"])
    func `what names it has a length`(claim: String) throws {
        func found(_ text: String) throws -> AssertionViolation? {
            try Self.violation(Self.assertion([claim: text]))
        }
        #expect(try found("") == .unusable(claim: claim))
        #expect(try found(String(repeating: "x", count: 256)) == nil)
        #expect(try found(String(repeating: "x", count: 257)) == .unusable(claim: claim))
    }

    @Test func `another JWT within it, and another's key, make it worthless`() throws {
        let nested = try Self.violation(Self.assertion(header: ["cty": "JWT"]))
        #expect(nested == .nested)
        let forged = try Self.violation(Self.assertion(by: MachineKeys.other))
        #expect(forged == .signature(.badSignature))
        let unknown = try Self.violation(Self.assertion(header: ["kid": "17"]))
        #expect(unknown == .signature(.unknownKey))
        // RFC 8725 §3.1 — the key is for another algorithm.
        let other = try Self.violation(
            Self.assertion(header: ["alg": "EdDSA"], by: MachineKeys.edwards))
        #expect(other == .signature(.algorithmMismatch))
    }

    @Test func `no two issuers have one jti, however their names meet`() {
        func use(_ issuer: String, _ id: String) -> [UInt8] {
            SingleUse(issuer: issuer, id: id, expiresAt: 1).digest
        }
        let uses = [
            use("a", "bc"), use("ab", "c"), use("abc", ""), use("", "abc"), use("1:a", "bc"),
            use("b", "bc"), use("a", "1:abc"),
        ]
        #expect(Set(uses).count == uses.count)
        #expect(use("a", "bc") == use("a", "bc"))
    }
}
