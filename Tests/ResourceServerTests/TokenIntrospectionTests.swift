import Cryptography
import JOSE
import Testing

@testable import ResourceServer

@Suite struct TokenIntrospectionTests {
    private let clock = ManualClock()
    private let woken = Wakings()

    private static let token = "opaque-token-1"
    private static let now = TestServer.now

    /// The members of a good answer.
    private static let good = [
        "active": "true", "iss": "\"\(TestServer.issuer)\"", "aud": "\"\(TestServer.audience)\"",
        "sub": "\"lee\"", "client_id": "\"cli\"", "scope": "\"tickets:read\"",
        "token_type": "\"Bearer\"", "exp": "\(now + 3600)",
    ]

    /// A good answer with some members changed; nil leaves a member out.
    private static func answer(_ changes: [String: String?] = [:]) -> [UInt8] {
        var members = good
        for (name, value) in changes { members[name] = value }
        let text = members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return Array("{\(text.joined(separator: ","))}".utf8)
    }

    private func server(requiresAudience: Bool = true) throws -> (TestServer, TokenIntrospection) {
        let introspection = TokenIntrospection(
            requiresAudience: requiresAudience, clock: clock.now)
        return (
            try TestServer(origin: .foreign, asking: .introspection(introspection)), introspection
        )
    }

    private func outcome(_ test: TestServer, at now: Int64 = now) throws -> Outcome {
        try test.outcome(token: Self.token, body: TestServer.call("get_ticket"), at: now)
    }

    /// Asks as a request makes the gateway do; whether it did.
    @discardableResult
    private func ask(
        _ test: TestServer, _ introspection: TokenIntrospection, _ content: [UInt8]?,
        at now: Int64 = now
    ) throws -> Bool {
        guard let pending = try outcome(test, at: now).pending,
            case .introspection(_, let token) = pending.need,
            pending.wait(wake: woken.wake) == .ask
        else { return false }
        #expect(token.text.bytes == Array(Self.token.utf8))
        introspection.finish(token.digest, content, at: now)
        return true
    }

    @Test func `an active token opens what its scopes open, and is asked about once`() throws {
        let (test, introspection) = try server()
        #expect(try ask(test, introspection, Self.answer()))
        #expect(woken.count == 1)
        let forwarded = try #require(try outcome(test).forwarded)
        #expect(forwarded.lines.contains("X-Gatehouse-Subject: lee\r\n"))
        #expect(try !ask(test, introspection, nil))
        let denied = try test.outcome(token: Self.token, body: TestServer.call("delete_ticket"))
        #expect(denied.refusal != nil && denied.forwarded == nil)
    }

    @Test(
        arguments: [
            (
                "another issuer", ["iss": "\"https://other.example\""],
                TokenViolation.claims(.wrongIssuer)
            ),
            ("another audience", ["aud": "\"https://other.example\""], .claims(.wrongAudience)),
            ("no audience", ["aud": nil], .claims(.missing(claim: "aud"))),
            ("an end that has come", ["exp": "\(now - 31)"], .claims(.expired)),
            ("no end", ["exp": nil], .claims(.missing(claim: "exp"))),
            ("a beginning to come", ["nbf": "\(now + 60)"], .claims(.notYetValid)),
            ("another token type", ["token_type": "\"DPoP\""], .wrongType),
            ("a token type that is none", ["token_type": "1"], .malformedClaim(name: "token_type")),
            ("a refresh token", ["typ": "\"Refresh\""], .wrongType),
            ("an ID token", ["typ": "\"ID\""], .wrongType),
            ("a nonce", ["nonce": "\"n\""], .otherKindOfToken(claim: "nonce")),
            ("a key", ["cnf": "{\"jkt\":\"x\"}"], .boundToKey),
            ("nobody", ["sub": nil], .missingClaim(name: "sub")),
            ("no client", ["client_id": nil], .missingClaim(name: "client_id")),
            ("a scope that is none", ["scope": "7"], .malformedClaim(name: "scope")),
            ("not active", ["active": "false"], .inactive),
            ("active in words", ["active": "\"true\""], .issuerSilent),
            ("active or not", ["active": nil], .issuerSilent),
            ("a malformed end", ["exp": "\"soon\""], .issuerSilent),
        ] as [(String, [String: String?], TokenViolation)])
    func `an answer that does not make the token good refuses it`(
        _ name: String, _ changes: [String: String?], _ violation: TokenViolation
    ) throws {
        let (test, introspection) = try server()
        #expect(try ask(test, introspection, Self.answer(changes)))
        #expect(throws: violation) { try test.verify(Self.token) }
        #expect(try outcome(test).status == (violation == .issuerSilent ? 503 : 401), "\(name)")
    }

    @Test(
        arguments: [["iss": nil], ["token_type": nil], ["token_type": "\"bearer\""], [:]]
            as [[String: String?]])
    func `an answer may leave out what is optional`(_ changes: [String: String?]) throws {
        let (test, introspection) = try server()
        #expect(try ask(test, introspection, Self.answer(changes)))
        #expect(try outcome(test).forwarded != nil)
    }

    @Test func `an audience that need not be there must be right where it is`() throws {
        for (audience, isGood) in [
            (nil, true), ("\"\(TestServer.audience)\"", true), ("\"urn:other\"", false),
        ] as [(String?, Bool)] {
            let (test, introspection) = try server(requiresAudience: false)
            #expect(try ask(test, introspection, Self.answer(["aud": audience])))
            #expect(try (outcome(test).forwarded != nil) == isGood)
        }
    }

    @Test func `an answer is believed for a minute and never past the token's end`() throws {
        for (left, believed) in [(3600, 60), (40, 40)] as [(Int64, Int64)] {
            let (test, introspection) = try server()
            let end = Self.now + left
            #expect(try ask(test, introspection, Self.answer(["exp": "\(end)"])))
            #expect(try outcome(test).forwarded != nil)
            clock.advance(milliseconds: UInt64(believed) * 1000 - 1)
            #expect(try outcome(test, at: Self.now + believed - 1).forwarded != nil)
            clock.advance(milliseconds: 1)
            // Though this loop remembers the token, and it has not ended.
            #expect(
                try ask(
                    test, introspection, Self.answer(["active": "false"]), at: Self.now + believed))
            #expect(try outcome(test, at: Self.now + believed).status == 401)
        }
    }

    @Test func `a token that is not active is not asked about again for a moment`() throws {
        let (test, introspection) = try server()
        #expect(try ask(test, introspection, Self.answer(["active": "false"])))
        #expect(try outcome(test).status == 401)
        clock.advance(milliseconds: TokenIntrospection.inactiveLifetime / 1_000_000)
        #expect(try ask(test, introspection, Self.answer()))
        #expect(try outcome(test).forwarded != nil)
    }

    @Test func `without an answer nothing is open, and the client comes again`() throws {
        let (test, introspection) = try server()
        for content in [nil, [], Array("null".utf8), Array(#"{"active":true"#.utf8)] as [[UInt8]?] {
            #expect(try ask(test, introspection, content))
            let refused = try outcome(test)
            #expect(refused.status == 503)
            #expect(refused.body.contains("1503"))
            clock.advance(milliseconds: TokenIntrospection.failureLifetime / 1_000_000)
        }
    }

    @Test func `one question at a time for each token, and not too many in all`() throws {
        let (test, _) = try server()
        var waits: [FetchWait] = []
        for number in 0..<(TokenIntrospection.limits.fetches + 1) {
            for _ in 0..<2 {
                let outcome = try test.outcome(
                    token: "opaque-\(number)", body: TestServer.call("get_ticket"))
                waits.append(try #require(outcome.pending).wait(wake: woken.wake))
            }
        }
        let limit = TokenIntrospection.limits.fetches
        #expect(waits.count { $0 == .ask } == limit)
        #expect(waits.count { $0 == .underWay } == limit)
        #expect(waits.suffix(2) == [.refused, .refused])
    }
}
