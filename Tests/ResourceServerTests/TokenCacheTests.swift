import Cryptography
import JOSE
import Testing

@testable import ResourceServer

@Suite struct TokenCacheTests {
    private static let now = TestServer.now

    @Test func `a token that was verified is remembered`() throws {
        let test = try TestServer()
        let token = try test.token()
        let first = try test.verify(token)
        #expect(try test.verify(token) === first)
        #expect(test.cache.count == 1)
    }

    @Test func `a remembered token ends when it expires`() throws {
        let test = try TestServer()
        let token = try test.token()
        _ = try test.verify(token)
        _ = try test.verify(token, at: Self.now + 3629)
        #expect(throws: TokenViolation.claims(.expired)) {
            try test.verify(token, at: Self.now + 3630)
        }
    }

    @Test func `new keys forget what the old ones proved`() throws {
        let test = try TestServer()
        let token = try test.token()
        _ = try test.verify(token)
        let other = try SigningKey.generate(.es256)
        test.keys.replace(with: try TestServer.keySet(other, id: "k2"))
        #expect(throws: TokenViolation.signature(.unknownKey)) { try test.verify(token) }
        test.keys.replace(with: try TestServer.keySet(test.key, id: "k1"))
        _ = try test.verify(token)
    }

    @Test func `a token that is good at one server is not at another`() throws {
        let test = try TestServer()
        let token = try test.token()
        _ = try test.verify(token)
        let other = try ProtectedServer(
            name: "search", path: "/search/mcp", publicURL: TestServer.issuer,
            policy: test.server.policy,
            tokenRules: TokenRules(
                issuer: TestServer.issuer, audience: "https://mcp.example.com/search/mcp",
                origin: .own, keys: test.keys))
        #expect(throws: TokenViolation.claims(.wrongAudience)) {
            try test.cache.verifiedToken(Array(token.utf8)[...], for: other, at: Self.now)
        }
    }

    @Test func `the cache holds no more than its capacity`() throws {
        let test = try TestServer()
        let tokens = try (0..<250).map { try test.token(["jti": "\"\($0)\""]) }
        for token in tokens { _ = try test.verify(token) }
        #expect(test.cache.count == 100)
        for (index, text) in tokens.enumerated() {
            let digest = sha256(Array(text.utf8))
            let isKnown = test.cache.token(digest, for: test.server, at: Self.now) != nil
            #expect(isKnown == (index >= 150))
        }
    }

    @Test func `principals are told apart by issuer, subject and client`() {
        let principals = [
            Principal(issuer: "a", subject: "b", clientID: "c"),
            Principal(issuer: "ab", subject: "", clientID: "c"),
            Principal(issuer: "a", subject: "bc", clientID: ""),
            Principal(issuer: "a", subject: "b", clientID: "d"),
            Principal(issuer: "e", subject: "b", clientID: "c"),
            Principal(issuer: "a", subject: "\u{E9}", clientID: "c"),
            Principal(issuer: "a", subject: "e\u{301}", clientID: "c"),
        ]
        #expect(Set(principals).count == principals.count)
        #expect(Set(principals.map(\.bytes)).count == principals.count)
    }
}
