import OAuth
import Testing

@Suite struct CodeChallengeTests {
    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    @Test func `the verifier of RFC 7636 appendix B has the challenge of appendix B`() throws {
        let challenge = try #require(CodeChallenge(Self.challenge))
        #expect(challenge.text == Self.challenge)
        #expect(challenge.matches(verifier: try #require(CodeVerifier(Self.verifier))))
    }

    @Test(arguments: [
        String(verifier.dropLast()) + "l", verifier + "A", verifier.uppercased(), challenge,
        String(verifier.dropFirst()) + "d",
    ])
    func `any other verifier has not`(text: String) throws {
        let challenge = try #require(CodeChallenge(Self.challenge))
        #expect(!challenge.matches(verifier: try #require(CodeVerifier(text))))
    }

    @Test(arguments: [
        "", String(challenge.dropLast()), challenge + "A", challenge + "=",
        // The same bytes in another spelling (RFC 4648 §3.5).
        String(challenge.dropLast()) + "N",
        challenge.replacing("-", with: "+"), challenge.replacing("-", with: " "),
        challenge.replacing("-", with: "é"), String(repeating: "=", count: 43),
    ])
    func `what is not base64url of 32 bytes is no challenge`(text: String) {
        #expect(CodeChallenge(text) == nil)
    }

    @Test(arguments: [43, 44, 127, 128])
    func `a verifier has 43 to 128 characters`(length: Int) {
        #expect(CodeVerifier(String(repeating: "~", count: length)) != nil)
    }

    @Test(arguments: [0, 1, 42, 129, 4096])
    func `a shorter or longer verifier is none`(length: Int) {
        #expect(CodeVerifier(String(repeating: "a", count: length)) == nil)
    }

    @Test(arguments: [" ", "+", "/", "=", "%", "\u{0}", "é", "\n", "\"", "@", "[", "`", "{", ":"])
    func `a verifier has unreserved characters only`(character: String) {
        #expect(CodeVerifier(String(repeating: "a", count: 50) + character) == nil)
    }

    @Test func `every unreserved character will do`() {
        #expect(CodeVerifier("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != nil)
        #expect(CodeVerifier(String(repeating: "0123456789-._~", count: 4)) != nil)
    }

    @Test func `describing a verifier does not show it`() throws {
        let verifier = try #require(CodeVerifier(Self.verifier))
        var dumped = ""
        dump(verifier, to: &dumped)
        for text in ["\(verifier)", String(reflecting: verifier), dumped] {
            #expect(!text.contains(Self.verifier))
        }
    }
}
