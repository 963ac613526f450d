import Testing

@testable import ResourceServer

/// OpenID Connect Core §2 and §3.3.2.11, RFC 8417 §2.2: what stands in other kinds of JWT only.
@Suite struct ForeignClaimsTests {
    @Test(
        arguments: ["nonce", "at_hash", "c_hash", "s_hash", "events"],
        [TokenRules.Origin.own, .foreign])
    func `a claim of another kind of JWT makes it no access token`(
        claim: String, origin: TokenRules.Origin
    ) throws {
        let test = try TestServer(origin: origin)
        for value in ["\"x\"", "\"\"", "null", "{}", "false"] {
            let token = try test.token([claim: value])
            #expect(throws: TokenViolation.otherKindOfToken(claim: claim)) {
                try test.verify(token)
            }
        }
    }
}
