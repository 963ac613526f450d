import JOSE
import JSON
import Testing

@Suite struct JWTClaimsTests {
    static let now: Int64 = 1_800_000_000

    @Test(arguments: ["[]", "1", #""x""#, "null"])
    func `claims that are no object are refused`(payload: String) {
        #expect(throws: JWTViolation.notAnObject) { try claims(payload) }
    }

    @Test(arguments: ["", "{", #"{"sub":"a","sub":"b"}"#, #"{"sub":"a"}{}"#])
    func `claims that could be read in two ways are refused`(payload: String) {
        #expect {
            try claims(payload)
        } throws: { error in
            if case .notJSON = error as? JWTViolation { true } else { false }
        }
    }

    @Test(arguments: ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"])
    func `a claim of another type is refused even where nobody asks for it`(name: String) {
        for value in ["null", "true", "{}", "[1]", "[[]]"] {
            #expect(throws: JWTViolation.malformed(claim: name)) {
                try claims(#"{"\#(name)":\#(value)}"#)
            }
        }
        let other = ["exp", "nbf", "iat"].contains(name) ? #""1800000000""# : "7"
        #expect(throws: JWTViolation.malformed(claim: name)) {
            try claims(#"{"\#(name)":\#(other)}"#)
        }
    }

    @Test(arguments: [
        ("0", 0), ("1800000000", 1_800_000_000), ("1800000000.0", 1_800_000_000),
        ("1800000000.999999", 1_800_000_000), ("253402300798", 253_402_300_798),
    ])
    func `a date is digits with an optional fraction`(text: String, seconds: Int64) throws {
        #expect(try claims(#"{"exp":\#(text)}"#).expiresAt == seconds)
    }

    @Test(arguments: [
        "-1", "1e9", "1E9", "1.8e9", "-0", "253402300799", "253402300799.5", "1000000000000",
        "9223372036854775808", "1.0000000001", "99999999999999999999999999",
    ])
    func `a date with sign or exponent, or out of range, is refused`(text: String) {
        #expect(throws: JWTViolation.malformed(claim: "exp")) { try claims(#"{"exp":\#(text)}"#) }
    }

    @Test func `a fraction never lengthens a token's life`() throws {
        let read = try claims(#"{"exp":100.9,"nbf":10.1,"iat":10.000}"#)
        #expect(read.expiresAt == 100)
        #expect(read.notBefore == 11)
        #expect(read.issuedAt == 10)
    }

    @Test(arguments: [
        ("", JWTViolation.missing(claim: "exp")),
        (#""exp":1800000001"#, nil),
        (#""exp":1800000000"#, .expired),
        (#""exp":1799999999"#, .expired),
        (#""exp":0"#, .expired),
        (#""exp":1800000100,"nbf":1800000000"#, nil),
        (#""exp":1800000100,"nbf":1800000001"#, .notYetValid),
        (#""exp":1800000100,"iat":1800000000"#, nil),
        (#""exp":1800000100,"iat":1800000001"#, .issuedInTheFuture),
    ])
    func `times are checked against the clock that is passed in`(
        members: String, expected: JWTViolation?
    ) throws {
        let read = try claims("{\(members)}")
        if let expected {
            #expect(throws: expected) { try read.requireTime(Self.now) }
        } else {
            try read.requireTime(Self.now)
        }
    }

    @Test func `leeway moves each bound by its seconds and no more`() throws {
        try claims(#"{"exp":1799999971}"#).requireTime(Self.now, leeway: 30)
        #expect(throws: JWTViolation.expired) {
            try claims(#"{"exp":1799999970}"#).requireTime(Self.now, leeway: 30)
        }
        try claims(#"{"exp":1800000100,"nbf":1800000030,"iat":1800000030}"#)
            .requireTime(Self.now, leeway: 30)
        #expect(throws: JWTViolation.notYetValid) {
            try claims(#"{"exp":1800000100,"nbf":1800000031}"#).requireTime(Self.now, leeway: 30)
        }
        #expect(throws: JWTViolation.issuedInTheFuture) {
            try claims(#"{"exp":1800000100,"iat":1800000031}"#).requireTime(Self.now, leeway: 30)
        }
    }

    @Test(arguments: [
        "https://gate.example/", "https://gate.example:443", "https://gate.example.",
        "HTTPS://gate.example", "https://Gate.example", "http://gate.example", "gate.example",
        "https://gate.example ", " https://gate.example", "https://gate.example.evil.example",
        "https://gate.exampl\\u0435", "https://gate.example\\u0000", "",
    ])
    func `a near miss of the issuer is another issuer`(issuer: String) throws {
        let read = try claims(#"{"iss":"\#(issuer)"}"#)
        #expect(throws: JWTViolation.wrongIssuer) { try read.requireIssuer("https://gate.example") }
    }

    @Test func `issuer and audience are compared byte for byte, not as text`() throws {
        let read = try claims(#"{"iss":"caf\u00e9","aud":"caf\u00e9"}"#)
        try read.requireIssuer("caf\u{e9}")
        try read.requireAudience("caf\u{e9}")
        #expect(throws: JWTViolation.wrongIssuer) { try read.requireIssuer("cafe\u{301}") }
        #expect(throws: JWTViolation.wrongAudience) { try read.requireAudience("cafe\u{301}") }
    }

    @Test func `issuer and audience must be there`() throws {
        let read = try claims("{}")
        #expect(throws: JWTViolation.missing(claim: "iss")) { try read.requireIssuer("") }
        #expect(throws: JWTViolation.missing(claim: "aud")) { try read.requireAudience("") }
        let empty = try claims(#"{"aud":[]}"#)
        #expect(throws: JWTViolation.missing(claim: "aud")) { try empty.requireAudience("a") }
    }

    @Test func `an audience is a string or an array of strings`() throws {
        try claims(#"{"aud":"https://a.example/mcp"}"#).requireAudience("https://a.example/mcp")
        try claims(#"{"aud":["x","https://a.example/mcp"]}"#)
            .requireAudience("https://a.example/mcp")
        for near in ["https://a.example/mcp/", "https://a.example/", "https://a.example/mc", "x"] {
            let read = try claims(#"{"aud":["\#(near)","other"]}"#)
            #expect(throws: JWTViolation.wrongAudience) {
                try read.requireAudience("https://a.example/mcp")
            }
        }
        #expect(throws: JWTViolation.malformed(claim: "aud")) { try claims(#"{"aud":["a",1]}"#) }
    }

    @Test func `an audience beyond a hundred names is refused`() throws {
        let most = [String](repeating: #""a""#, count: 100).joined(separator: ",")
        #expect(try claims(#"{"aud":[\#(most)]}"#).audience.count == 100)
        #expect(throws: JWTViolation.malformed(claim: "aud")) {
            try claims(#"{"aud":[\#(most),"a"]}"#)
        }
    }

    @Test func `claims beyond the registered ones are in the document`() throws {
        let read = try claims(#"{"scope":"a b"}"#)
        #expect(read.document.root["scope"]?.string == "a b")
    }
}
