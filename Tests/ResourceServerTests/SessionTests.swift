import HTTP
import MCP
import Seals
import Testing

@testable import ResourceServer

@Suite struct SessionTests {
    private static let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#

    private static func seal(_ test: TestServer, _ token: String) throws -> String {
        try #require(try test.outcome(token: token, body: ping).forwarded?.seal)
    }

    @Test func `a session id is sealed and opens again`() throws {
        let test = try TestServer()
        let token = try test.token()
        let seal = try Self.seal(test, token)
        #expect(!seal.contains("upstream-1"))
        for (method, body) in [("POST", Self.ping), ("GET", nil), ("DELETE", nil)] {
            let outcome = try test.outcome(
                method, token: token, ["Mcp-Session-Id: \(seal)"], body: body)
            #expect(outcome.forwarded?.sessionID == Array("upstream-1".utf8))
            #expect(outcome.forwarded?.lines.contains("Mcp-Session-Id: upstream-1\r\n") == true)
        }
    }

    @Test func `the seal is the same each time and after a refresh`() throws {
        let test = try TestServer()
        let first = try Self.seal(test, test.token())
        let refreshed = try test.token(scope: "tickets:write", ["jti": "\"j2\"", "gid": "\"g2\""])
        #expect(try Self.seal(test, refreshed) == first)
    }

    @Test(arguments: [("sub", "\"local:mo\""), ("client_id", "\"other\"")])
    func `another principal cannot use the session`(claim: String, value: String) throws {
        let test = try TestServer()
        let seal = try Self.seal(test, test.token())
        for (method, body) in [("POST", Self.ping), ("GET", nil), ("DELETE", nil)] {
            let outcome = try test.outcome(
                method, token: test.token([claim: value]), ["Mcp-Session-Id: \(seal)"], body: body)
            #expect(outcome.status == 404)
            #expect(outcome.forwarded == nil)
        }
    }

    @Test func `a session of another server does not open`() throws {
        let ring = KeyRing([KeyRing.makeSecret()])
        let test = try TestServer(ring: ring)
        let seals = SealedSessions(ring: ring)
        let context = LengthPrefixed.encode(["search"])
        let principal = try test.verify(test.token()).principal
        let other = try #require(
            seals.seal(
                UpstreamSession(id: Array("upstream-1".utf8), revision: nil),
                context: context + principal.bytes))
        let text = String(decoding: other, as: UTF8.self)
        let outcome = try test.outcome(
            token: test.token(), ["Mcp-Session-Id: \(text)"], body: Self.ping)
        #expect(outcome.status == 404)
    }

    @Test(arguments: ["upstream-1", "", "AAAA", String(repeating: "A", count: 200)])
    func `what was not sealed here is no session`(id: String) throws {
        let test = try TestServer()
        let outcome = try test.outcome(
            token: test.token(), ["Mcp-Session-Id: \(id)"], body: Self.ping)
        #expect(outcome.status == 404)
        #expect(outcome.body.contains(#""id":1"#))
    }

    @Test func `an opened id is remembered for its owner only, and within bounds`() throws {
        let test = try TestServer()
        let sessions = SealedSessions(ring: KeyRing([KeyRing.makeSecret()]))
        let mine = try test.verify(test.token())
        let other = try test.verify(test.token(["sub": "\"local:mo\""]))
        let cache = SessionCache(capacity: 3)
        let seals = try (0..<5).map { number in
            try #require(
                sessions.seal(
                    UpstreamSession(id: Array("s\(number)".utf8), revision: .v2025_06_18),
                    context: mine.sealContext))
        }
        for _ in 0..<2 {
            for (number, seal) in seals.enumerated() {
                #expect(
                    cache.session(seal[...], for: mine, with: sessions)
                        == UpstreamSession(
                            id: Array("s\(number)".utf8), revision: .v2025_06_18))
                #expect(cache.session(seal[...], for: other, with: sessions) == nil)
                #expect(cache.count <= 3)
            }
        }
    }

    @Test func `an id that is still the same is answered as it was sent`() throws {
        let old = KeyRing.makeSecret()
        let first = try TestServer(ring: KeyRing([old]))
        let seal = try Self.seal(first, first.token())
        let rotated = try TestServer(ring: KeyRing([KeyRing.makeSecret(), old]))
        let lines = ["Mcp-Session-Id: \(seal)"]
        let forwarded = try #require(
            try rotated.outcome(token: rotated.token(), lines, body: Self.ping).forwarded)
        #expect(forwarded.seal == seal)
    }

    @Test func `two session ids are none`() throws {
        let test = try TestServer()
        let token = try test.token()
        let seal = try Self.seal(test, token)
        let lines = ["Mcp-Session-Id: \(seal)", "Mcp-Session-Id: \(seal)"]
        #expect(try test.outcome(token: token, lines, body: Self.ping).forwarded == nil)
    }
}
