import Cryptography
import HTTP
import JOSE
import OAuth
import ProofMaker
import Testing

@Suite struct DPoPVerifierTests {
    static let now: Int64 = 1_800_000_000
    static let url = "https://mcp.example.com/tickets/mcp"

    let nonces = DPoPNonces(keys: [SecretBytes([UInt8](repeating: 1, count: 32))])
    let prover: Prover
    let other: Prover

    init() throws { (prover, other) = (try Prover(), try Prover()) }

    static func fields(_ proofs: String...) -> Fields {
        var fields = Fields()
        for proof in proofs { fields.append("DPoP", proof) }
        return fields
    }

    private func request(token: String? = nil) throws -> DPoPRequest {
        let key = try #require(KeyThumbprint(prover.thumbprint))
        return DPoPRequest(
            method: "POST", target: try #require(DPoPTarget(Self.url)),
            accessToken: token.map {
                DPoPRequest.AccessToken(digest: sha256(Array($0.utf8)), key: key)
            })
    }

    /// Why the fields are refused; nil if they are not.
    private func violation(
        _ fields: Fields, token: String? = nil, at now: Int64 = now, asking: Bool = true,
        _ replays: DPoPReplays = DPoPReplays()
    ) throws -> DPoPViolation? {
        let verifier = DPoPVerifier(nonces: asking ? nonces : nil, replays: replays)
        let request = try request(token: token)
        do throws(DPoPViolation) {
            _ = try verifier.verify(fields, for: request, at: now)
            return nil
        } catch {
            return error
        }
    }

    private func proof(
        _ method: String = "POST", _ url: String = url, at time: Int64 = now,
        token: String? = nil, nonce: String?? = nil, claims: [String: String?] = [:],
        by prover: Prover? = nil
    ) throws -> String {
        try (prover ?? self.prover).proof(
            url, method: method, at: time, token: token,
            nonce: nonce ?? nonces.newest(at: Self.now),
            claims: claims)
    }

    @Test func `a proof for the request is taken, and names its key`() throws {
        let verifier = DPoPVerifier(nonces: nonces, replays: DPoPReplays())
        let proof = try verifier.verify(
            Self.fields(try proof(token: "abc")), for: request(token: "abc"), at: Self.now)
        #expect(proof.key.text == prover.thumbprint)
        #expect(verifier.nonce(at: Self.now) == nonces.newest(at: Self.now))
    }

    @Test func `there is one proof, in one field`() throws {
        let (first, second) = (try proof(), try proof())
        #expect(try violation(Self.fields()) == .missing)
        #expect(try violation(Self.fields(first, second)) == .repeated)
        #expect(try violation(Self.fields(first, first)) == .repeated)
        #expect(try violation(Self.fields(first + ", " + second)) != nil)
        #expect(try violation(Self.fields(first)) == nil)
    }

    @Test(arguments: ["GET", "post", "Post", "DELETE", "POST ", ""])
    func `a proof is for one method`(method: String) throws {
        #expect(try violation(Self.fields(try proof(method))) == .otherMethod)
    }

    @Test(arguments: [
        "https://mcp.example.com/token", "https://mcp.example.com/search/mcp",
        "http://mcp.example.com/tickets/mcp", "https://evil.example/tickets/mcp",
    ])
    func `a proof is for one URL`(url: String) throws {
        #expect(try violation(Self.fields(try proof("POST", url))) == .otherTarget)
    }

    @Test(
        arguments: [
            (-61, DPoPViolation.stale), (-60, nil), (-1, nil), (0, nil), (5, nil), (6, .early),
            (-86_400, .stale), (86_400, .early),
        ] as [(Int64, DPoPViolation?)])
    func `a proof is good for a minute`(offset: Int64, expected: DPoPViolation?) throws {
        #expect(try violation(Self.fields(try proof(at: Self.now + offset))) == expected)
    }

    @Test(
        arguments: [
            ("exp", 0, DPoPViolation.stale), ("exp", 1, nil), ("nbf", 5, nil), ("nbf", 6, .early),
        ] as [(String, Int64, DPoPViolation?)])
    func `what a proof says of its own time holds too`(
        claim: String, offset: Int64, expected: DPoPViolation?
    ) throws {
        let text = try proof(claims: [claim: "\(Self.now + offset)"])
        #expect(try violation(Self.fields(text)) == expected)
    }

    @Test func `a proof is for one access token, bound to its key`() throws {
        let fields = Self.fields(try proof(token: "abc"))
        #expect(try violation(fields, token: "abc") == nil)
        #expect(try violation(fields, token: "abd") == .otherAccessToken)
        #expect(try violation(Self.fields(try proof()), token: "abc") == .otherAccessToken)
        let stolen = Self.fields(try proof(token: "abc", by: other))
        #expect(try violation(stolen, token: "abc") == .otherKey)
        // The token endpoint has no token to compare with.
        #expect(try violation(fields) == nil)
    }

    @Test func `a proof holds a nonce of ours that is not old`() throws {
        let foreign = DPoPNonces(keys: [SecretBytes([UInt8](repeating: 2, count: 32))])
        let nonces: [(String?, DPoPViolation?)] = [
            (nil, .nonceMissing), ("", .nonceUnknown), ("x", .nonceUnknown),
            (foreign.newest(at: Self.now), .nonceUnknown),
            (self.nonces.newest(at: Self.now - DPoPNonces.sliceLength), nil),
            (self.nonces.newest(at: Self.now - 2 * DPoPNonces.sliceLength), .nonceUnknown),
            (self.nonces.newest(at: Self.now + DPoPNonces.sliceLength), .nonceUnknown),
        ]
        for (nonce, expected) in nonces {
            let text = try proof(nonce: .some(nonce))
            #expect(try violation(Self.fields(text)) == expected, "\(nonce ?? "none")")
            #expect(try violation(Self.fields(text), asking: false) == nil)
        }
    }

    @Test func `a proof is good once`() throws {
        let replays = DPoPReplays()
        let fields = Self.fields(try proof())
        #expect(try violation(fields, at: Self.now, replays) == nil)
        #expect(try violation(fields, at: Self.now, replays) == .replayed)
        #expect(try violation(fields, at: Self.now + 60, replays) == .replayed)
        #expect(try violation(fields, at: Self.now + 61, replays) == .stale)
        #expect(try violation(Self.fields(try proof()), at: Self.now, replays) == nil)
    }

    @Test func `a proof of the future is still known when its time ends`() throws {
        let replays = DPoPReplays()
        let fields = Self.fields(try proof(at: Self.now + 5))
        #expect(try violation(fields, at: Self.now, replays) == nil)
        for later in [1, 30, 64, 65] as [Int64] {
            #expect(try violation(fields, at: Self.now + later, replays) == .replayed, "\(later)")
        }
        #expect(try violation(fields, at: Self.now + 66, replays) == .stale)
    }

    @Test func `what is refused takes no room`() throws {
        let replays = DPoPReplays()
        let text = try proof(token: "abc")
        #expect(try violation(Self.fields(text), token: "other", replays) == .otherAccessToken)
        #expect(try violation(Self.fields(text), token: "abc", replays) == nil)
    }

    @Test(arguments: [
        (DPoPViolation.missing, "invalid_dpop_proof"), (.replayed, "invalid_dpop_proof"),
        (.otherTarget, "invalid_dpop_proof"), (.signature(.badSignature), "invalid_dpop_proof"),
        (.nonceMissing, "use_dpop_nonce"), (.nonceUnknown, "use_dpop_nonce"),
        (.otherKey, "invalid_grant"), (.crowded, "temporarily_unavailable"),
    ])
    func `a refused proof is an error of OAuth that may be sent`(
        violation: DPoPViolation, code: String
    ) {
        let error = OAuthError(violation)
        #expect(error.code.rawValue == code)
        // RFC 6749 §5.2
        #expect(
            error.publicDescription.utf8.allSatisfy {
                (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C
            })
        #expect(!error.mayTravelByRedirect || violation == .crowded)
    }
}
