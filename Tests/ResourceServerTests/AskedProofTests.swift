import Cryptography
import JOSE
import OAuth
import ProofMaker
import Testing

@testable import ResourceServer

/// Bound tokens whose issuer has to be asked for something before they can be judged (RFC 9449 §6.2).
@Suite struct AskedProofTests {
    private let clock = ManualClock()
    private let woken = Wakings()
    private let prover: Prover
    private let other: Prover

    private static let token = "opaque-token-1"
    private static let now = TestServer.now

    init() throws { (prover, other) = (try Prover(), try Prover()) }

    /// What becomes of a call with the token under a scheme.
    private func outcome(
        _ test: TestServer, _ scheme: String, _ token: String = token, proof: String? = nil
    ) throws -> Outcome {
        try test.outcome(
            token: nil,
            ["Authorization: \(scheme) \(token)"] + (proof.map { ["DPoP: \($0)"] } ?? []),
            body: TestServer.call("get_one"))
    }

    private func proof(
        by prover: Prover? = nil, _ token: String = token, at test: TestServer
    ) throws -> String {
        try (prover ?? self.prover).proof(
            TestServer.audience, at: Self.now, token: token,
            nonce: test.nonces.newest(at: Self.now))
    }

    /// A server whose issuer has said of the token what the members say.
    private func server(
        dpop use: DPoPUse = .allowed, confirmation: String?, type: String? = "Bearer"
    ) throws -> TestServer {
        let introspection = TokenIntrospection(clock: clock.now)
        let test = try TestServer(
            origin: .foreign, asking: .introspection(introspection), dpop: use)
        let pending = try #require(try outcome(test, "Bearer").pending)
        guard case .introspection(_, let token) = pending.need else {
            Issue.record("something else is needed")
            return test
        }
        #expect(pending.wait(wake: woken.wake) == .ask)
        let members = [
            #""active":true"#, #""aud":"\#(TestServer.audience)""#, #""sub":"lee""#,
            #""client_id":"cli""#, #""scope":"tickets:read""#, #""exp":\#(Self.now + 3600)"#,
            confirmation.map { #""cnf":\#($0)"# }, type.map { #""token_type":"\#($0)""# },
        ].compactMap(\.self)
        introspection.finish(
            token.digest, Array("{\(members.joined(separator: ","))}".utf8), at: Self.now)
        return test
    }

    private var confirmation: String { #"{"jkt":"\#(prover.thumbprint)"}"# }

    @Test(arguments: ["Bearer", "DPoP", nil], [DPoPUse.allowed, .required])
    func `what the issuer says is bound needs a proof of that key`(
        type: String?, use: DPoPUse
    ) throws {
        let test = try server(dpop: use, confirmation: confirmation, type: type)
        #expect(try outcome(test, "DPoP", proof: proof(at: test)).forwarded != nil)
        #expect(try outcome(test, "DPoP").status == 401)
        let stolen = try outcome(test, "DPoP", proof: proof(by: other, at: test))
        #expect(stolen.status == 401)
        #expect(stolen.field("WWW-Authenticate")?.contains(#"error="invalid_token""#) == true)
        for proof in [nil, try proof(at: test)] {
            let bearer = try outcome(test, "Bearer", proof: proof)
            #expect(bearer.status == 401 && bearer.forwarded == nil)
        }
    }

    @Test func `a token that is said to be bound, and not to what, is refused`() throws {
        for (confirmation, type) in [
            (nil, "DPoP"), ("{}", "DPoP"), (#"{"kid":"a"}"#, "Bearer"), (#"{"jkt":"x"}"#, "DPoP"),
        ] as [(String?, String)] {
            let test = try server(confirmation: confirmation, type: type)
            #expect(try outcome(test, "Bearer").status == 401)
            #expect(try outcome(test, "DPoP", proof: proof(at: test)).status == 401)
        }
    }

    @Test func `where bound tokens are required or off no others, or none, are taken`() throws {
        let required = try server(dpop: .required, confirmation: nil)
        #expect(try outcome(required, "Bearer").status == 401)
        let off = try server(dpop: .off, confirmation: confirmation, type: "DPoP")
        #expect(try outcome(off, "Bearer").status == 401)
        #expect(try outcome(off, "DPoP", proof: proof(at: off)).status == 401)
    }

    @Test func `the issuer is asked about a token under the DPoP scheme, and its proof waits`()
        throws
    {
        let introspection = TokenIntrospection(clock: clock.now)
        let test = try TestServer(
            origin: .foreign, asking: .introspection(introspection), dpop: .allowed)
        let proof = try proof(at: test)
        let pending = try #require(try outcome(test, "DPoP", proof: proof).pending)
        guard case .introspection(_, let token) = pending.need else {
            Issue.record("something else is needed")
            return
        }
        #expect(token.text.bytes == Array(Self.token.utf8))
        #expect(pending.wait(wake: woken.wake) == .ask)
        introspection.finish(token.digest, nil, at: Self.now)
        #expect(try outcome(test, "DPoP", proof: proof).status == 503)
        clock.advance(milliseconds: TokenIntrospection.failureLifetime / 1_000_000)
        let again = try #require(try outcome(test, "DPoP", proof: proof).pending)
        #expect(again.wait(wake: woken.wake) == .ask)
        introspection.finish(token.digest, Array(#"{"active":false}"#.utf8), at: Self.now)
        let refused = try outcome(test, "DPoP", proof: proof)
        #expect(refused.status == 401)
        #expect(refused.field("WWW-Authenticate")?.hasPrefix("DPoP ") == true)
        #expect(refused.field("DPoP-Nonce") == test.nonces.newest(at: Self.now))
    }

    @Test func `the same proof is good once the keys are known`() throws {
        let fetched = try FetchedKeys(clock: clock.now)
        let test = try TestServer(origin: .foreign, asking: .keys(fetched), dpop: .allowed)
        let token = try test.token(["cnf": confirmation])
        let proof = try proof(token, at: test)
        let pending = try #require(try outcome(test, "DPoP", token, proof: proof).pending)
        #expect(pending.wait(wake: woken.wake) == .ask)
        fetched.finish(try TestServer.keySet(test.key, id: "k1"))
        #expect(try outcome(test, "DPoP", token, proof: proof).forwarded != nil)
        #expect(try outcome(test, "DPoP", token, proof: proof).status == 401)
    }
}
