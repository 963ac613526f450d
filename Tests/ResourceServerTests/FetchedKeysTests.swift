import Cryptography
import JOSE
import Testing

@testable import ResourceServer

@Suite struct FetchedKeysTests {
    private let clock = ManualClock()
    private let woken = Wakings()
    private let fetched: FetchedKeys
    private let test: TestServer

    init() throws {
        fetched = try FetchedKeys(clock: clock.now)
        test = try TestServer(origin: .foreign, asking: .keys(fetched))
    }

    private var set: JSONWebKeySet {
        get throws { try TestServer.keySet(test.key, id: "k1") }
    }

    private func outcome(_ keyID: String, key: SigningKey? = nil) throws -> Outcome {
        try test.outcome(
            token: test.token(keyID: keyID, key: key), body: TestServer.call("get_ticket"))
    }

    /// Fetches as a request with that token makes the gateway do; whether it did.
    private func fetch(for keyID: String, _ set: JSONWebKeySet?) throws -> Bool {
        guard let pending = try outcome(keyID).pending,
            pending.wait(wake: woken.wake) == .ask
        else { return false }
        fetched.finish(set)
        return true
    }

    @Test func `the first token waits for the keys, and is judged by them`() throws {
        let pending = try #require(try outcome("k1").pending)
        guard case .keys(_, let id) = pending.need else {
            Issue.record("something else is needed")
            return
        }
        #expect(id == "k1")
        #expect(pending.wait(wake: woken.wake) == .ask)
        #expect(try #require(try outcome("k1").pending).wait(wake: woken.wake) == .underWay)
        fetched.finish(try set)
        #expect(woken.count == 2)
        #expect(try outcome("k1").forwarded != nil)
        #expect(fetched.isKnown)
    }

    @Test func `ten thousand unknown key ids cause one fetch per cool-down`() throws {
        #expect(try fetch(for: "k1", try set))
        clock.advance(milliseconds: FetchedKeys.coolDown / 1_000_000)
        let digest = sha256([UInt8]())
        var fetches = 0
        for number in 0..<10_000 {
            // The signature is nobody's: it is not looked at before the key is known.
            let header = Base64URL.encode(Array(#"{"alg":"ES256","kid":"\#(number)"}"#.utf8))
            let token = "\(header).e30.\(Base64URL.encode(digest.bytes + digest.bytes))"
            let outcome = try test.outcome(token: token, body: TestServer.call("get_ticket"))
            if let pending = outcome.pending, pending.wait(wake: woken.wake) == .ask {
                fetches += 1
                fetched.finish(try set)
            } else {
                #expect(outcome.status == 401)
            }
        }
        #expect(fetches == 1)
        #expect(fetched.fetches.successes == 2)
        #expect(try outcome("k1").forwarded != nil)
    }

    @Test func `known keys verify while the issuer is down, unknown ones are 503 meanwhile`()
        throws
    {
        #expect(try fetch(for: "k1", try set))
        for _ in 0..<5 {
            clock.advance(milliseconds: 600_000)
            #expect(try fetch(for: "new", nil))
            #expect(try outcome("k1").forwarded != nil)
            let refused = try outcome("new")
            #expect(refused.status == 503)
            #expect(refused.field("Retry-After") == "2")
            #expect(refused.refusal?.ruling?.kind == .overloaded)
        }
        #expect(fetched.fetches.failures == 5)
    }

    @Test func `before any keys were got a token is neither good nor bad`() throws {
        #expect(try fetch(for: "k1", nil))
        #expect(try outcome("k1").status == 503)
        #expect(!fetched.isKnown)
        clock.advance(milliseconds: FetchedKeys.failureCoolDown / 1_000_000)
        #expect(try fetch(for: "k1", try set))
        #expect(try outcome("k1").forwarded != nil)
    }

    @Test func `a new key is accepted after one fetch, a removed one refused`() throws {
        #expect(try fetch(for: "k1", try set))
        #expect(try outcome("k1").forwarded != nil)
        clock.advance(milliseconds: FetchedKeys.coolDown / 1_000_000)
        let other = try SigningKey.generate(.es256)
        let pending = try #require(try outcome("k2", key: other).pending)
        #expect(pending.wait(wake: woken.wake) == .ask)
        fetched.finish(try TestServer.keySet(other, id: "k2"))
        #expect(try outcome("k2", key: other).forwarded != nil)
        // It was remembered, and is refused all the same.
        #expect(try outcome("k1").status == 401)
    }

    @Test func `old keys are got again without being asked, once`() throws {
        #expect(fetched.beginRefresh())
        #expect(!fetched.beginRefresh())
        fetched.finish(try set)
        clock.advance(milliseconds: FetchedKeys.refreshAge / 1_000_000 - 1)
        #expect(!fetched.beginRefresh())
        clock.advance(milliseconds: 1)
        #expect(fetched.beginRefresh())
        fetched.finish(nil)
        #expect(!fetched.beginRefresh())
        clock.advance(milliseconds: FetchedKeys.failureCoolDown / 1_000_000)
        #expect(fetched.beginRefresh())
    }

    @Test func `the same keys again forget nothing`() throws {
        fetched.finish(try set)
        let generation = fetched.keys.generation
        fetched.finish(try set)
        #expect(fetched.keys.generation == generation)
        fetched.finish(try TestServer.keySet(test.key, id: "k2"))
        #expect(fetched.keys.generation != generation)
    }

    @Test(arguments: ["jku", "x5u", "jwk", "x5c"])
    func `a token that brings its own key causes no fetch`(_ member: String) throws {
        let header = #"{"alg":"ES256","kid":"k9","\#(member)":"https://evil.example/keys"}"#
        let token = "\(Base64URL.encode(Array(header.utf8))).e30.\(Base64URL.encode([1, 2, 3]))"
        let outcome = try test.outcome(token: token, body: TestServer.call("get_ticket"))
        #expect(outcome.pending == nil)
        #expect(outcome.status == 401)
    }

    @Test func `without a kid the keys of the algorithm are tried`() throws {
        let header = Base64URL.encode(Array(#"{"alg":"ES256","typ":"at+jwt"}"#.utf8))
        let token = "\(header).e30.\(Base64URL.encode([1, 2, 3]))"
        let first = try test.outcome(token: token, body: TestServer.call("get_ticket"))
        let pending = try #require(first.pending)
        guard case .keys(_, nil) = pending.need else {
            Issue.record("a key id is looked for")
            return
        }
        fetched.finish(try set)
        #expect(
            try test.outcome(token: token, body: TestServer.call("get_ticket")).status == 401)
    }

    @Test func `a page of an allowed origin may read that it is to come again`() throws {
        let test = try TestServer(
            origin: .foreign, allowedOrigins: ["https://app.example.com"], asking: .keys(fetched))
        let outcome = try test.outcome(
            token: test.token(), ["Origin: https://app.example.com"], body: "{}")
        let refusal = try #require(outcome.pending).overloaded
        #expect(refusal.status == 503)
        #expect(
            refusal.fields.contains(
                Refusal.Field(
                    name: "Access-Control-Allow-Origin", value: "https://app.example.com")))
    }
}
