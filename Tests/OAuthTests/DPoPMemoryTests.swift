import Cryptography
import OAuth
import ProofMaker
import Testing

/// What is made of time and a key alone, and what is remembered.
@Suite struct DPoPMemoryTests {
    private static let now: Int64 = 1_800_000_000
    private static let length = DPoPNonces.sliceLength

    private static func key(_ byte: UInt8) -> SecretBytes {
        SecretBytes([UInt8](repeating: byte, count: 32))
    }

    @Test func `a nonce follows from key and time, so that replicas agree`() {
        let (here, there) = (DPoPNonces(keys: [Self.key(1)]), DPoPNonces(keys: [Self.key(1)]))
        for time in stride(from: Self.now, to: Self.now + 1000, by: 37) {
            #expect(here.newest(at: time) == there.newest(at: time))
            #expect(there.contains(here.newest(at: time), at: time))
        }
        #expect(here.newest(at: Self.now).utf8.count == 22)
    }

    @Test func `a nonce is new for one slice of time and taken for two`() {
        let nonces = DPoPNonces(keys: [Self.key(1)])
        let start = Self.now / Self.length * Self.length
        let nonce = nonces.newest(at: start)
        #expect(nonces.newest(at: start + Self.length - 1) == nonce)
        #expect(nonces.newest(at: start + Self.length) != nonce)
        #expect(nonces.newest(at: start - 1) != nonce)
        let times: [(Int64, Bool)] = [
            (-1, false), (0, true), (Self.length - 1, true), (Self.length, true),
            (2 * Self.length - 1, true), (2 * Self.length, false), (100 * Self.length, false),
        ]
        for (offset, isTaken) in times {
            #expect(nonces.contains(nonce, at: start + offset) == isTaken, "\(offset)")
        }
    }

    @Test func `a new key makes, and an old one is still known`() {
        let before = DPoPNonces(keys: [Self.key(1)])
        let after = DPoPNonces(keys: [Self.key(2), Self.key(1)])
        let foreign = DPoPNonces(keys: [Self.key(3)])
        #expect(after.newest(at: Self.now) != before.newest(at: Self.now))
        #expect(after.contains(before.newest(at: Self.now), at: Self.now))
        #expect(!before.contains(after.newest(at: Self.now), at: Self.now))
        #expect(!after.contains(foreign.newest(at: Self.now), at: Self.now))
    }

    private static func proof(_ prover: Prover, _ id: String) throws -> DPoPProof {
        let text = try prover.proof("https://a.example/", at: now, id: id)
        return try DPoPProof(parsing: Array(text.utf8)[...])
    }

    @Test func `a proof is known by key and id together`() throws {
        let replays = DPoPReplays()
        let (one, other) = (try Prover(), try Prover())
        #expect(replays.claim(try Self.proof(one, "a"), at: Self.now) == .first)
        #expect(replays.claim(try Self.proof(other, "a"), at: Self.now) == .first)
        #expect(replays.claim(try Self.proof(one, "b"), at: Self.now) == .first)
        #expect(replays.claim(try Self.proof(one, "a"), at: Self.now) == .again)
    }

    @Test func `where there is no room a proof is refused, and none is forgotten`() throws {
        let replays = DPoPReplays(limit: 2 * DPoPReplays.shardCount)
        let prover = try Prover()
        let proofs = try ["a", "b", "c"].map { try Self.proof(prover, $0) }
        #expect(proofs.map { replays.claim($0, at: Self.now) } == [.first, .first, .full])
        #expect(proofs.map { replays.claim($0, at: Self.now + 60) } == [.again, .again, .full])
        // The next window has room of its own, and knows the one before.
        let next = Self.now + DPoPReplays.window
        #expect(proofs.map { replays.claim($0, at: next) } == [.again, .again, .first])
        #expect(
            proofs.map { replays.claim($0, at: next + DPoPReplays.window) }
                == [.first, .first, .again])
        let later = next + 10 * DPoPReplays.window
        #expect(proofs.map { replays.claim($0, at: later) } == [.first, .first, .full])
    }

    @Test func `one key takes the room of no more than its part`() throws {
        let replays = DPoPReplays(limit: DPoPReplays.shardCount)
        var verdicts: Set<DPoPReplays.Claim> = []
        let greedy = try Prover()
        for id in ["a", "b", "c"] {
            verdicts.insert(replays.claim(try Self.proof(greedy, id), at: Self.now))
        }
        #expect(verdicts == [.first, .full])
        // Of many keys some are in other parts.
        let others = try (0..<40).map { _ in
            replays.claim(try Self.proof(try Prover(.eddsa), "a"), at: Self.now)
        }
        #expect(others.contains(.first))
    }

    @Test func `a clock that is set back forgets nothing`() throws {
        let replays = DPoPReplays()
        let prover = try Prover()
        #expect(replays.claim(try Self.proof(prover, "a"), at: Self.now) == .first)
        #expect(replays.claim(try Self.proof(prover, "a"), at: Self.now - 600) == .again)
        #expect(replays.claim(try Self.proof(prover, "b"), at: Self.now - 600) == .first)
        #expect(replays.claim(try Self.proof(prover, "a"), at: Self.now - 540) == .again)
    }

    @Test func `where a clock was set back there is room again after a window`() throws {
        let replays = DPoPReplays(limit: DPoPReplays.shardCount)
        let prover = try Prover()
        let then = Self.now - 600
        #expect(replays.claim(try Self.proof(prover, "a"), at: Self.now) == .first)
        #expect(replays.claim(try Self.proof(prover, "b"), at: then) == .full)
        let next = then + DPoPReplays.window
        #expect(replays.claim(try Self.proof(prover, "b"), at: next) == .first)
    }

    @Test func `of many who show one proof at once one is first`() async throws {
        let replays = DPoPReplays()
        let proof = try Self.proof(try Prover(), "a")
        let claims = await withTaskGroup(of: DPoPReplays.Claim.self) { group in
            for _ in 0..<64 { group.addTask { replays.claim(proof, at: Self.now) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(claims.count { $0 == .first } == 1)
        #expect(claims.count { $0 == .again } == 63)
    }

    @Test func `the challenge has the shape of RFC 9449 §7_1`() throws {
        let challenge = DPoPChallenge(
            resourceMetadata: "https://a.example/.well-known/oauth-protected-resource/x",
            scope: try #require(ScopeSet(parsing: "a b")), error: .useDPoPNonce,
            errorDescription: "A \"nonce\" is needed")
        #expect(
            challenge.value
                == #"DPoP resource_metadata="https://a.example/.well-known/oauth-protected-resource/x", "#
                + #"scope="a b", error="use_dpop_nonce", error_description="A nonce is needed", "#
                + #"algs="ES256 RS256 PS256 EdDSA""#)
    }
}
