import Cryptography
import OAuth
import Seals
import Testing

@testable import AuthorizationServer

@Suite struct AuthorizationResponseTests {
    /// RFC 6749 §4.1.2 and §4.1.2.1, RFC 9207 §2.
    @Test func `parameters stand behind those that the redirect URI has`() throws {
        let uri = try #require(RedirectURI("https://agent.example/callback?a=b"))
        let answer = AuthorizationResponse(
            redirectURI: uri, state: "a&b", issuer: "https://gate.example")
        #expect(
            answer.code("c", fields: [.init("X", "y")]).location
                == "https://agent.example/callback?a=b&code=c&state=a%26b"
                + "&iss=https%3A%2F%2Fgate.example")
        #expect(answer.code("c", fields: [.init("X", "y")]).fields.contains(.init("X", "y")))
        let none = AuthorizationResponse(redirectURI: uri, state: nil, issuer: nil)
        #expect(none.code("c").location == "https://agent.example/callback?a=b&code=c")
        let failure = none.error(OAuthError(.accessDenied, "No.", reason: "because"))
        #expect(failure.status == 303 && failure.reason == "because")
        #expect(failure.answer(to: "https://agent.example/callback")?["error"] == "access_denied")
    }

    @Test(arguments: OAuthErrorCode.allCases)
    func `only errors of the authorization endpoint travel`(code: OAuthErrorCode) throws {
        let error = OAuthError(code, "No.")
        let uri = try #require(RedirectURI("https://agent.example/callback"))
        let response = AuthorizationResponse(redirectURI: uri, state: nil, issuer: nil).error(error)
        #expect((response.status == 303) == error.mayTravelByRedirect)
        #expect((response.location != nil) == error.mayTravelByRedirect)
    }
}

@Suite struct AuthorizationPendingTests {
    static let pending = PendingAuthorization(
        id: "id", clientID: "dAAAA", redirectURI: "http://127.0.0.1/", namesRedirectURI: true,
        state: "a b\u{E9}", codeChallenge: "challenge", server: "tickets", scope: "a b",
        expiresAt: 1_800_000_600)
    static let browser = Array("browser".utf8)
    static let ring = KeyRing([KeyRing.makeSecret()])

    static func opened(
        _ text: String?, _ browser: [UInt8] = browser, _ ring: KeyRing = ring
    )
        throws -> PendingAuthorization
    {
        try PendingAuthorization(
            opening: try #require(text), for: browser, with: ring, at: 1_800_000_000)
    }

    @Test func `what was sealed is what opens, empty and missing parts told apart`() throws {
        var pending = Self.pending
        #expect(try Self.opened(pending.sealed(for: Self.browser, with: Self.ring)) == pending)
        pending.state = ""
        pending.scope = nil
        pending.namesRedirectURI = false
        #expect(try Self.opened(pending.sealed(for: Self.browser, with: Self.ring)) == pending)
        pending.state = nil
        pending.scope = ""
        pending.keyThumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
        #expect(try Self.opened(pending.sealed(for: Self.browser, with: Self.ring)) == pending)
    }

    @Test func `it opens for its browser, keys and time only`() throws {
        let text = Self.pending.sealed(for: Self.browser, with: Self.ring)
        let foreign = PendingAuthorization.Violation.foreign
        #expect(throws: foreign) { try Self.opened(text, Array("other".utf8)) }
        #expect(throws: foreign) {
            try Self.opened(text, Self.browser, KeyRing([KeyRing.makeSecret()]))
        }
        let cookie = Seal(.cookie, ring: Self.ring).seal([1], context: Self.browser)
        #expect(throws: foreign) { try Self.opened(cookie) }
        for bytes: [UInt8] in [
            [], [0], [0, 5, 1], [0, 1, 0, 1], [0, 2, 0xFF], Array(repeating: 0, count: 18),
        ] {
            let seal = Seal(.pendingAuthorization, ring: Self.ring)
            #expect(throws: foreign) { try Self.opened(seal.seal(bytes, context: Self.browser)) }
        }
        #expect(throws: PendingAuthorization.Violation.expired) {
            try PendingAuthorization(
                opening: text ?? "", for: Self.browser, with: Self.ring, at: 1_800_000_600)
        }
        #expect(try Self.opened(text).id == "id")
    }

    @Test func `it fits into a request line or is refused`() {
        var pending = Self.pending
        var last = 0
        for length in stride(from: 4000, to: 9000, by: 50) + [70_000] {
            pending.state = String(repeating: "x", count: length)
            guard let text = pending.sealed(for: Self.browser, with: Self.ring) else { continue }
            #expect(text.utf8.count <= PendingAuthorization.textLimit)
            last = length
        }
        #expect((5000..<5400).contains(last))
    }

    @Test func `ids differ`() {
        #expect(Set((0..<100).map { _ in PendingAuthorization.makeID() }).count == 100)
    }
}
