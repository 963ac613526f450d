import Cryptography
import OAuth
import Testing

@testable import ResourceServer

@Suite struct ExchangedTokensTests {
    private static let now = TestServer.now
    private static let names = "urn:ietf:params:oauth:token-type:"
    private static let good = [
        "access_token": "\"abc.def-ghi\"", "token_type": "\"Bearer\"",
        "issued_token_type": "\"\(names)access_token\"", "expires_in": "3600",
    ]

    private static func response(
        _ changes: [String: String?] = [:]
    ) throws(TokenExchangeViolation) -> TokenExchangeResponse {
        var members = good
        for (name, value) in changes { members[name] = value }
        let text = members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
        return try TokenExchangeResponse(parsing: Array("{\(text)}".utf8))
    }

    @Test(
        arguments: [
            [:], ["token_type": "\"bearer\""], ["issued_token_type": "\"\(names)jwt\""],
            ["expires_in": nil], ["access_token": "\"a==\""],
        ] as [[String: String?]])
    func `a bearer token is taken`(_ changes: [String: String?]) throws {
        let response = try Self.response(changes)
        #expect(!response.accessToken.bytes.isEmpty)
    }

    @Test(
        arguments: [
            (["access_token": nil], TokenExchangeViolation.noToken),
            (["access_token": "7"], .noToken), (["access_token": "\"\""], .noToken),
            (["access_token": "\" abc\""], .noToken),
            (["access_token": #""abc\r\nX-Admin: yes""#], .noToken),
            (["access_token": "\"a b\""], .noToken), (["access_token": "\"=\""], .noToken),
            (
                [
                    "access_token":
                        "\"\(String(repeating: "x", count: TokenExchangeResponse.maximumTokenLength + 1))\""
                ], .noToken
            ),
            (["token_type": nil], .otherTokenType), (["token_type": "\"DPoP\""], .otherTokenType),
            (["token_type": "\"N_A\""], .otherTokenType),
            (["issued_token_type": nil], .otherKindOfToken),
            (["issued_token_type": "\"\(names)refresh_token\""], .otherKindOfToken),
            (["issued_token_type": "\"\(names)id_token\""], .otherKindOfToken),
            (["expires_in": "0"], .malformedLifetime), (["expires_in": "-5"], .malformedLifetime),
            (["expires_in": "\"3600\""], .malformedLifetime),
        ] as [([String: String?], TokenExchangeViolation)])
    func `what is no bearer token is refused`(
        _ changes: [String: String?], _ violation: TokenExchangeViolation
    ) {
        #expect(throws: violation) { try Self.response(changes) }
    }

    @Test func `an answer that is no object holds no token`() {
        for text in ["", "[]", "null", #"{"access_token":"a","access_token":"b"}"#] {
            #expect(throws: TokenExchangeViolation.notAnObject) {
                try TokenExchangeResponse(parsing: Array(text.utf8))
            }
        }
    }

    private let clock = ManualClock()
    private let woken = Wakings()

    private func access(
        _ test: TestServer, scope: String = "tickets:read", _ changes: [String: String?] = [:]
    ) throws -> VerifiedAccessToken {
        try test.verify(test.token(scope: scope, changes))
    }

    /// The seconds for which a token is used.
    private func lifetime(
        _ response: TokenExchangeResponse, for access: VerifiedAccessToken
    ) -> Int {
        let tokens = ExchangedTokens(clock: clock.now)
        let key = ExchangedTokens.key(for: access, ofToken: false)
        #expect(tokens.wait(for: key, wake: woken.wake) == .ask)
        tokens.finish(key, with: response, for: access, at: Self.now)
        for second in 0..<100_000 {
            guard case .token = tokens.outcome(for: key) else { return second }
            clock.advance(milliseconds: 1000)
        }
        return .max
    }

    @Test(
        arguments: [
            (1000, 3600, 970), (40, 3600, 20), (1, 3600, 1), (1000, 100, 100), (nil, 3600, 30),
            (1_000_000, 86_400 * 2, 86_370),
        ] as [(Int?, Int64, Int)])
    func `a token is used until shortly before its end and never beyond the caller's`(
        _ expiresIn: Int?, _ access: Int64, _ seconds: Int
    ) throws {
        let test = try TestServer()
        let response = try Self.response(["expires_in": expiresIn.map(String.init)])
        let token = try self.access(test, ["exp": "\(Self.now + access)"])
        #expect(lifetime(response, for: token) == seconds)
    }

    @Test func `a token is of one principal, its scopes and its grant`() throws {
        let test = try TestServer()
        let one = try ExchangedTokens.key(for: access(test), ofToken: false)
        #expect(
            try ExchangedTokens.key(for: access(test, ["jti": "\"j2\""]), ofToken: false) == one)
        for (scope, changes) in [
            ("tickets:read tickets:write", [:]), ("tickets:read", ["sub": "\"mia\""]),
            ("tickets:read", ["client_id": "\"other\""]), ("tickets:read", ["gid": "\"g2\""]),
            ("tickets:read", ["gid": nil]),
        ] as [(String, [String: String?])] {
            let other = try access(test, scope: scope, changes)
            #expect(ExchangedTokens.key(for: other, ofToken: false) != one)
        }
        let elsewhere = try TestServer(name: "other")
        #expect(try ExchangedTokens.key(for: access(elsewhere), ofToken: false) != one)
    }

    @Test func `what a caller's own token was exchanged for is for that token alone`() throws {
        let test = try TestServer()
        let token = try access(test)
        let one = ExchangedTokens.key(for: token, ofToken: true)
        #expect(ExchangedTokens.key(for: token, ofToken: true) == one)
        #expect(try ExchangedTokens.key(for: access(test, ["jti": "\"j2\""]), ofToken: true) != one)
    }

    @Test func `the end of a grant ends its tokens, also those on their way`() throws {
        let test = try TestServer()
        let tokens = ExchangedTokens(clock: clock.now)
        let ended = try access(test)
        let kept = try access(test, ["gid": "\"g2\""])
        for (access, isForgotten) in [(ended, true), (kept, false)] {
            let key = ExchangedTokens.key(for: access, ofToken: false)
            #expect(tokens.wait(for: key, wake: woken.wake) == .ask)
            tokens.finish(key, with: try Self.response(), for: access, at: Self.now)
            tokens.forget(["g1"])
            #expect((tokens.outcome(for: key) == nil) == isForgotten)
        }
        let key = ExchangedTokens.key(for: ended, ofToken: false)
        #expect(tokens.wait(for: key, wake: woken.wake) == .ask)
        tokens.forget(["g1"])
        tokens.finish(key, with: try Self.response(), for: ended, at: Self.now)
        #expect(tokens.outcome(for: key) == nil)
        #expect(woken.count == 3)
    }

    @Test func `a failure is remembered for a moment`() throws {
        let test = try TestServer()
        let tokens = ExchangedTokens(clock: clock.now)
        let key = try ExchangedTokens.key(for: access(test), ofToken: false)
        #expect(tokens.wait(for: key, wake: woken.wake) == .ask)
        tokens.finish(key, with: .unreachable("down"))
        #expect(tokens.outcome(for: key) != nil)
        #expect(tokens.wait(for: key, wake: woken.wake) == .settled)
        clock.advance(milliseconds: ExchangedTokens.failureLifetime / 1_000_000)
        #expect(tokens.wait(for: key, wake: woken.wake) == .ask)
    }
}
