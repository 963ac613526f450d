import Cryptography
import JOSE
import OAuth
import ProofMaker
import Testing

@Suite struct DPoPProofTests {
    private static let url = "https://server.example.com/token"
    private static let now: Int64 = 1_800_000_000

    private static func violation(_ text: String) -> DPoPViolation? {
        do throws(DPoPViolation) {
            _ = try DPoPProof(parsing: Array(text.utf8)[...])
            return nil
        } catch {
            return error
        }
    }

    // MARK: The examples of RFC 9449

    static let key = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    private static let header =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0"
        + "VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10"
        + "NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19"
    static let access = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"
    /// Figures 2, 6 and 12: the token request, the refresh, and the request to the protected resource.
    static let examples: [(String, String, String, Int64, String?)] = [
        (
            header + ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2Vy"
                + "dmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0z"
                + "drj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg",
            "POST", url, 1_562_262_616, nil
        ),
        (
            header + ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2Vy"
                + "dmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjY1Mjk2fQ.pAqut2IRDm_De6PR93SYmGBPXp"
                + "wrAk90e8cP2hjiaG5QsGSuKDYW7_X620BxqhvYC8ynrrvZLTk41mSRroapUA",
            "POST", url, 1_562_265_296, nil
        ),
        (
            header + ".eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNv"
                + "dXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZl"
                + "VIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey"
                + "71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA",
            "GET", "https://resource.example.org/protectedresource", 1_562_262_618, access
        ),
    ]

    @Test(arguments: examples)
    func `the examples of RFC 9449 are proofs`(
        text: String, method: String, url: String, time: Int64, token: String?
    ) throws {
        let proof = try DPoPProof(parsing: Array(text.utf8)[...])
        // §6.1: the thumbprint as the confirmation of the access token has it.
        #expect(proof.key.text == Self.key)
        #expect(proof.method == method)
        #expect(proof.target == DPoPTarget(url))
        #expect(proof.issuedAt == time)
        #expect(proof.accessTokenDigest == token.map { sha256(Array($0.utf8)).bytes })
        #expect(proof.nonce == nil)
        var changed = Array(text.utf8)
        changed[changed.count - 10] ^= 1
        #expect(throws: DPoPViolation.self) { try DPoPProof(parsing: changed[...]) }
    }

    // MARK: What is no proof

    /// Changes of the claims, and what must be said of them; nil if nothing.
    static let claims: [(String, String?, DPoPViolation?)] = [
        ("jti", nil, .missingClaim(name: "jti")), ("jti", #""""#, .malformedClaim(name: "jti")),
        ("jti", "7", .claims(.malformed(claim: "jti"))),
        ("jti", "null", .claims(.malformed(claim: "jti"))),
        ("jti", "\"\(String(repeating: "x", count: 256))\"", nil),
        ("jti", "\"\(String(repeating: "x", count: 257))\"", .malformedClaim(name: "jti")),
        ("htm", nil, .missingClaim(name: "htm")), ("htm", "7", .malformedClaim(name: "htm")),
        ("htm", #"["POST"]"#, .malformedClaim(name: "htm")),
        ("htu", nil, .missingClaim(name: "htu")), ("htu", "{}", .malformedClaim(name: "htu")),
        ("htu", #""""#, .malformedClaim(name: "htu")),
        ("htu", #""/token""#, .malformedClaim(name: "htu")),
        ("htu", #""server.example.com/token""#, .malformedClaim(name: "htu")),
        ("htu", #""https://lee@server.example.com/token""#, .malformedClaim(name: "htu")),
        (
            "htu", "\"https://a.example/\(String(repeating: "x", count: 2048))\"",
            .malformedClaim(name: "htu")
        ),
        ("iat", nil, .missingClaim(name: "iat")),
        ("iat", "\"1800000000\"", .claims(.malformed(claim: "iat"))),
        ("iat", "1.8e9", .claims(.malformed(claim: "iat"))),
        ("iat", "-1", .claims(.malformed(claim: "iat"))), ("iat", "1800000000.5", nil),
        ("ath", "7", .malformedClaim(name: "ath")),
        ("ath", #""AAAA""#, .malformedClaim(name: "ath")),
        ("ath", #""fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo=""#, .malformedClaim(name: "ath")),
        ("ath", #""fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo""#, nil),
        ("nonce", "7", .malformedClaim(name: "nonce")),
        ("nonce", "\"\(String(repeating: "x", count: 257))\"", .malformedClaim(name: "nonce")),
        ("nonce", #""x""#, nil), ("exp", #""soon""#, .claims(.malformed(claim: "exp"))),
    ]

    @Test(arguments: claims)
    func `a claim that is missing or malformed refuses the proof`(
        claim: String, value: String?, expected: DPoPViolation?
    ) throws {
        let text = try Prover().proof(Self.url, at: Self.now, claims: [claim: value])
        #expect(Self.violation(text) == expected)
    }

    @Test func `a claim that is there twice refuses the proof`() throws {
        let text = try Prover().proof(
            Self.url, at: Self.now, claims: ["x\":1,\"htu": #""https://server.example.com/token""#])
        guard case .claims(.notJSON) = Self.violation(text) else {
            Issue.record("two claims of one name were taken")
            return
        }
    }

    @Test(arguments: [
        ("dpop+jwt", true), ("DPoP+JWT", true), ("application/dpop+jwt", true), ("JWT", false),
        ("at+jwt", false), ("id_token", false), ("gatehouse-identity+jwt", false),
        ("dpop", false), ("dpop+jwt+x", false), ("oauth-id-jag+jwt", false),
        ("client-authentication+jwt", false), ("logout+jwt", false),
    ])
    func `no other kind of token is a proof`(type: String, isAccepted: Bool) throws {
        let text = try Prover().proof(Self.url, at: Self.now, header: ["typ": "\"\(type)\""])
        #expect(Self.violation(text) == (isAccepted ? nil : .wrongType))
    }

    @Test func `a proof says what it is, and holds no other token`() throws {
        let prover = try Prover()
        for header in [["typ": nil], ["cty": #""JWT""#]] as [[String: String?]] {
            let text = try prover.proof(Self.url, at: Self.now, header: header)
            #expect(Self.violation(text) == .wrongType)
        }
    }

    @Test func `what is no self-signed JWS is no proof`() throws {
        let prover = try Prover()
        let good = try prover.proof(Self.url, at: Self.now)
        #expect(Self.violation(good) == nil)
        #expect(Self.violation(good + ", " + good) != nil)
        #expect(Self.violation("\(good) ") != nil)
        let without = try prover.proof(Self.url, at: Self.now, header: ["jwk": nil])
        #expect(Self.violation(without) == .signature(.missingKey))
    }
}
