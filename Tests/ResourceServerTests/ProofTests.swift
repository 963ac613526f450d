import Cryptography
import JOSE
import OAuth
import ProofMaker
import Seals
import Testing

@testable import ResourceServer

/// Tokens that are bound to a key (RFC 9449 §7).
@Suite struct ProofTests {
    private static let now = TestServer.now
    private static let url = TestServer.audience
    private static let body = TestServer.call("get_one")

    let prover: Prover
    let other: Prover

    init() throws { (prover, other) = (try Prover(), try Prover()) }

    /// A token that is bound to a key.
    private func token(
        of test: TestServer, boundTo prover: Prover? = nil, _ changes: [String: String?] = [:],
        scope: String = "tickets:read"
    ) throws -> String {
        let key = (prover ?? self.prover).thumbprint
        return try test.token(
            scope: scope, ["cnf": #"{"jkt":"\#(key)"}"#].merging(changes) { $1 })
    }

    private func proof(
        for token: String, at test: TestServer, by prover: Prover? = nil, nonce: String?? = nil,
        url: String = url, method: String = "POST", claims: [String: String?] = [:],
        header: [String: String?] = [:], signer: SigningKey? = nil, time: Int64 = now
    ) throws -> String {
        try (prover ?? self.prover).proof(
            url, method: method, at: time, token: token,
            nonce: nonce ?? test.nonces.newest(at: Self.now), header: header, claims: claims,
            signer: signer)
    }

    /// What becomes of a request with these values of `Authorization` and `DPoP`.
    private func outcome(
        _ test: TestServer, _ authorization: String, _ proofs: String?..., method: String = "POST",
        target: String = "/tickets/mcp", lines: [String] = [], at now: Int64 = now,
        body: String = body
    ) throws -> Outcome {
        try test.outcome(
            method, target, token: nil,
            ["Authorization: \(authorization)"] + proofs.compactMap { $0.map { "DPoP: \($0)" } }
                + lines,
            body: method == "POST" ? body : nil, at: now)
    }

    private func challenge(_ error: String?) -> String {
        #"DPoP resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/tickets/mcp""#
            + #", scope="tickets:read tickets:write""# + (error.map { #", error="\#($0)""# } ?? "")
    }

    /// Whether the request was refused with a challenge of the DPoP scheme with this error.
    private func isRefused(_ outcome: Outcome, _ error: String, _ test: TestServer) -> Bool {
        guard outcome.forwarded == nil, outcome.status == 401,
            let value = outcome.field("WWW-Authenticate")
        else { return false }
        return value.hasPrefix("DPoP ") && value.contains("error=\"\(error)\"")
            && value.hasSuffix(#"algs="ES256 RS256 PS256 EdDSA""#)
            && value.contains("resource_metadata=\"")
            && outcome.field("DPoP-Nonce") == test.nonces.newest(at: Self.now)
    }

    // MARK: Good ones

    @Test(arguments: [TokenRules.Origin.own, .foreign], [DPoPUse.allowed, .required])
    func `a bound token with a proof is let through, and neither reaches the upstream`(
        origin: TokenRules.Origin, use: DPoPUse
    ) throws {
        let test = try TestServer(origin: origin, dpop: use)
        let token = try token(of: test)
        let outcome = try outcome(test, "DPoP \(token)", try proof(for: token, at: test))
        let forwarded = try #require(outcome.forwarded, "\(outcome.body)")
        for text in ["dpop", "authorization", token.lowercased()] {
            #expect(!forwarded.lines.lowercased().contains(text))
        }
    }

    @Test func `the scheme is written in any case`() throws {
        let test = try TestServer(dpop: .allowed)
        let token = try token(of: test)
        for scheme in ["DPoP", "dpop", "DPOP", "DPoP  "] {
            let outcome = try outcome(test, "\(scheme) \(token)", try proof(for: token, at: test))
            #expect(outcome.forwarded != nil)
        }
    }

    @Test(arguments: ["POST", "GET", "DELETE"])
    func `a proof is for the method and the URL that clients type`(method: String) throws {
        let test = try TestServer(dpop: .allowed)
        let token = try token(of: test)
        for target in ["/tickets/mcp", "/tickets/mcp/"] {
            let good = try outcome(
                test, "DPoP \(token)", try proof(for: token, at: test, method: method),
                method: method, target: target)
            #expect(good.forwarded != nil)
        }
        for other in ["POST", "GET", "DELETE", "PATCH", method.lowercased()] where other != method {
            let bad = try outcome(
                test, "DPoP \(token)", try proof(for: token, at: test, method: other),
                method: method)
            #expect(isRefused(bad, "invalid_dpop_proof", test))
        }
    }

    @Test func `the verified token is remembered, and the proof is asked for each time`() throws {
        let test = try TestServer(dpop: .allowed)
        let token = try token(of: test)
        for _ in 0..<3 {
            let outcome = try outcome(test, "DPoP \(token)", try proof(for: token, at: test))
            #expect(outcome.forwarded != nil)
        }
        #expect(test.cache.count == 1)
        #expect(isRefused(try outcome(test, "DPoP \(token)"), "invalid_dpop_proof", test))
        let used = try proof(for: token, at: test)
        #expect(try outcome(test, "DPoP \(token)", used).forwarded != nil)
        #expect(isRefused(try outcome(test, "DPoP \(token)", used), "invalid_dpop_proof", test))
    }

    @Test func `a nonce is told to who has a bound token, and to nobody else`() throws {
        let test = try TestServer(dpop: .allowed)
        let bound = try test.verify(try token(of: test))
        #expect(
            test.authorizer.nonce(for: bound, at: Self.now) == test.nonces.newest(at: Self.now))
        let plain = try test.verify(try test.token())
        #expect(test.authorizer.nonce(for: plain, at: Self.now) == nil)
        let silent = try TestServer(dpop: .allowed, asksForNonce: false)
        #expect(
            silent.authorizer.nonce(for: try silent.verify(try token(of: silent)), at: Self.now)
                == nil)
    }

    // MARK: Bad ones

    /// What is wrong with a proof.
    enum Flaw: String, CaseIterable {
        case none, twice, method, otherServer, tokenEndpoint, host, old, future, otherToken, noToken
        case signature, type, accessToken, symmetric, critical, privateKey, noID, longID, comma
    }

    @Test(arguments: Flaw.allCases, [TokenRules.Origin.own, .foreign])
    func `a bad proof lets nothing through`(flaw: Flaw, origin: TokenRules.Origin) throws {
        let test = try TestServer(origin: origin, dpop: .allowed)
        let token = try token(of: test)
        let second = try self.token(of: test, ["jti": #""j2""#])
        let good = try proof(for: token, at: test)
        let bad: String? =
            switch flaw {
            case .none: nil
            case .twice: good
            case .method: try proof(for: token, at: test, method: "GET")
            case .otherServer:
                try proof(for: token, at: test, url: "https://mcp.example.com/search/mcp")
            case .tokenEndpoint:
                try proof(for: token, at: test, url: "https://mcp.example.com/token")
            case .host: try proof(for: token, at: test, url: "https://evil.example/tickets/mcp")
            case .old: try proof(for: token, at: test, time: Self.now - 61)
            case .future: try proof(for: token, at: test, time: Self.now + 6)
            case .otherToken: try proof(for: second, at: test)
            case .noToken: try proof(for: token, at: test, claims: ["ath": nil])
            case .signature: try proof(for: token, at: test, signer: other.key)
            case .type: try proof(for: token, at: test, header: ["typ": #""at+jwt""#])
            case .accessToken: token
            case .symmetric: try proof(for: token, at: test, header: ["alg": #""HS256""#])
            case .critical: try proof(for: token, at: test, header: ["crit": #"["exp"]"#])
            case .privateKey:
                try proof(
                    for: token, at: test,
                    header: ["jwk": #"{"d":"AAAA",\#(prover.jwk.dropFirst())"#])
            case .noID: try proof(for: token, at: test, claims: ["jti": nil])
            case .longID:
                try proof(
                    for: token, at: test,
                    claims: ["jti": "\"\(String(repeating: "x", count: 257))\""])
            case .comma: "\(good), \(good)"
            }
        let outcome =
            flaw == .twice
            ? try outcome(test, "DPoP \(token)", good, bad)
            : try outcome(test, "DPoP \(token)", bad)
        #expect(isRefused(outcome, "invalid_dpop_proof", test))
    }

    @Test func `a proof without a nonce of ours is told to take one`() throws {
        let test = try TestServer(dpop: .allowed)
        let token = try token(of: test)
        let foreign = DPoPNonces(keys: [KeyRing.makeSecret()]).newest(at: Self.now)
        let old = test.nonces.newest(at: Self.now - 2 * DPoPNonces.sliceLength)
        for nonce in [nil, "", foreign, old] as [String?] {
            let proof = try proof(for: token, at: test, nonce: .some(nonce))
            #expect(isRefused(try outcome(test, "DPoP \(token)", proof), "use_dpop_nonce", test))
        }
        let before = test.nonces.newest(at: Self.now - DPoPNonces.sliceLength)
        let proof = try proof(for: token, at: test, nonce: before)
        #expect(try outcome(test, "DPoP \(token)", proof).forwarded != nil)
    }

    @Test func `who has the token but not the key gets nothing`() throws {
        let test = try TestServer(dpop: .allowed)
        let token = try token(of: test)
        let stolen = try outcome(
            test, "DPoP \(token)", try proof(for: token, at: test, by: other))
        // RFC 9449 §7.1: the proof is good, the token is not for its key.
        #expect(isRefused(stolen, "invalid_token", test))
    }

    @Test(arguments: [DPoPUse.off, .allowed, .required])
    func `a bound token under the Bearer scheme is refused, with a proof and without`(
        use: DPoPUse
    ) throws {
        let test = try TestServer(dpop: use)
        let token = try token(of: test)
        for proof in [nil, try proof(for: token, at: test)] {
            let outcome = try outcome(test, "Bearer \(token)", proof)
            #expect(outcome.forwarded == nil && outcome.status == 401)
            let challenge = try #require(outcome.field("WWW-Authenticate"))
            #expect(challenge.hasPrefix("Bearer ") && challenge.contains(#"error="invalid_token""#))
            #expect(!challenge.contains("DPoP ") || challenge.hasPrefix("Bearer "))
            #expect(outcome.field("DPoP-Nonce") == nil)
        }
    }

    @Test func `a token that is bound to nothing is refused under the DPoP scheme`() throws {
        let test = try TestServer(dpop: .allowed)
        let token = try test.token()
        let outcome = try outcome(test, "DPoP \(token)", try proof(for: token, at: test))
        #expect(isRefused(outcome, "invalid_token", test))
        #expect(try self.outcome(test, "Bearer \(token)").forwarded != nil)
        // A proof beside a bearer's token means nothing, and is not read.
        #expect(try self.outcome(test, "Bearer \(token)", "nonsense").forwarded != nil)
    }

    @Test func `where bound tokens are required no others are taken`() throws {
        let test = try TestServer(dpop: .required)
        let token = try test.token()
        #expect(throws: TokenViolation.unbound) { try test.verify(token) }
        #expect(try outcome(test, "Bearer \(token)").status == 401)
        #expect(test.cache.count == 0)
    }

    @Test func `where bound tokens are off the scheme is unknown`() throws {
        let test = try TestServer()
        let token = try token(of: test)
        let outcome = try outcome(test, "DPoP \(token)", try proof(for: token, at: test))
        #expect(outcome.status == 401)
        #expect(outcome.field("WWW-Authenticate")?.contains("error=") == false)
        #expect(outcome.field("WWW-Authenticate")?.hasPrefix("Bearer ") == true)
        #expect(outcome.field("DPoP-Nonce") == nil)
        #expect(throws: TokenViolation.boundToKey) { try test.verify(token) }
        #expect(test.cache.count == 0)
    }

    @Test(arguments: [
        ("{}", TokenViolation.boundToKey), ("7", .boundToKey), ("null", .boundToKey),
        (#"{"jkt":7}"#, .boundToKey), (#"{"jkt":"x"}"#, .malformedClaim(name: "cnf")),
        (#"{"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}"#, .boundToKey),
        (
            #"{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I","x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}"#,
            .boundToKey
        ),
        (#"{"jwk":{"kty":"EC"}}"#, .boundToKey), (#"{"kid":"a"}"#, .boundToKey),
    ])
    func `a token that is bound in another way is refused`(
        confirmation: String, expected: TokenViolation
    ) throws {
        for use in [DPoPUse.allowed, .required] {
            let test = try TestServer(dpop: use)
            let token = try test.token(["cnf": confirmation])
            #expect(throws: expected) { try test.verify(token) }
        }
    }

    @Test func `a token that is not good is refused in its own scheme, whatever the proof`() throws
    {
        let test = try TestServer(dpop: .allowed)
        let expired = try token(of: test, ["exp": "\(Self.now - 31)"])
        #expect(
            isRefused(
                try outcome(test, "DPoP \(expired)", try proof(for: expired, at: test)),
                "invalid_token", test))
        // Nor is the proof looked at.
        #expect(isRefused(try outcome(test, "DPoP nonsense", "nonsense"), "invalid_token", test))
        let revoked = try token(of: test)
        test.ended.insert("g1", expiresAt: Self.now + 3600)
        let outcome = try outcome(test, "DPoP \(revoked)", try proof(for: revoked, at: test))
        #expect(outcome.status == 401)
        #expect(outcome.field("WWW-Authenticate")?.hasPrefix(challenge("invalid_token")) == true)
    }

    @Test func `a step-up is asked for in the scheme of the token`() throws {
        let test = try TestServer(dpop: .allowed)
        let token = try token(of: test)
        let outcome = try outcome(
            test, "DPoP \(token)", try proof(for: token, at: test),
            body: TestServer.call("create_one"))
        #expect(outcome.status == 403)
        let value = try #require(outcome.field("WWW-Authenticate"))
        #expect(value.hasPrefix("DPoP ") && value.contains(#"error="insufficient_scope""#))
        #expect(value.contains(#"scope="tickets:read tickets:write""#))
    }

    @Test func `a proof that cannot be remembered is refused for now`() throws {
        let replays = DPoPReplays(limit: DPoPReplays.shardCount)
        let test = try TestServer(dpop: .allowed, replays: replays)
        let token = try token(of: test)
        #expect(
            try outcome(test, "DPoP \(token)", try proof(for: token, at: test)).forwarded != nil)
        let full = try outcome(test, "DPoP \(token)", try proof(for: token, at: test))
        #expect(full.status == 503 && full.forwarded == nil)
        #expect(full.field("Retry-After") == "66" && full.body.contains("1503"))
    }

    @Test func `no other token is a proof, and a proof is no other token`() throws {
        let test = try TestServer(dpop: .allowed)
        let token = try token(of: test)
        let proof = try proof(for: token, at: test)
        #expect(throws: TokenViolation.self) { try test.verify(proof) }
        for scheme in ["Bearer", "DPoP"] {
            #expect(try outcome(test, "\(scheme) \(proof)", proof).status == 401)
        }
        let foreign = try TestServer(origin: .foreign, dpop: .allowed)
        // Signed by the issuer's own key, and still no access token.
        let typed = try foreign.token(type: "dpop+jwt")
        #expect(throws: TokenViolation.wrongType) { try foreign.verify(typed) }
        for type in ["at+jwt", "JWT", "gatehouse-identity+jwt", "id_token", "logout+jwt"] {
            let text = try self.proof(for: token, at: test, header: ["typ": "\"\(type)\""])
            #expect(isRefused(try outcome(test, "DPoP \(token)", text), "invalid_dpop_proof", test))
        }
    }

    // MARK: Documents and pages

    @Test(arguments: [
        (DPoPUse.off, false, false), (.allowed, true, false), (.required, true, true),
    ])
    func `the metadata say whether tokens are bound`(
        use: DPoPUse, namesAlgorithms: Bool, requires: Bool
    ) throws {
        let body = String(
            decoding: try TestServer(dpop: use).server.metadata().body, as: UTF8.self)
        #expect(
            body.contains(
                #""dpop_signing_alg_values_supported":["ES256","RS256","PS256","EdDSA"]"#)
                == namesAlgorithms)
        #expect(body.contains(#""dpop_bound_access_tokens_required":true"#) == requires)
    }

    @Test func `pages may send proofs and read nonces`() throws {
        let test = try TestServer(dpop: .allowed)
        let origin = "Origin: \(TestServer.issuer)"
        let preflight = try test.outcome("OPTIONS", token: nil, [origin])
        #expect(
            preflight.field("Access-Control-Allow-Headers")?.split(separator: ", ")
                .contains("dpop") == true)
        let token = try token(of: test)
        let refused = try outcome(test, "DPoP \(token)", lines: [origin])
        #expect(refused.field("Access-Control-Expose-Headers")?.contains("DPoP-Nonce") == true)
        #expect(refused.field("Access-Control-Allow-Origin") == TestServer.issuer)
    }
}
