import Cryptography
import HTTP
import OAuth
import ProofMaker
import Storage
import Testing

@testable import AuthorizationServer

/// Proofs and `dpop_jkt` at the pushed request endpoint (RFC 9449 §10.1).
@Suite struct PushedProofTests {
    private let nonces = DPoPNonces(keys: [SecretBytes([UInt8](repeating: 7, count: 32))])
    private let replays = DPoPReplays()
    private let prover: Prover
    private let other: Prover

    init() throws { (prover, other) = (try Prover(), try Prover()) }

    private static func fixture() async throws -> ConsentFixture {
        try await ConsentFixture { options in
            for index in options.resources.indices { options.resources[index].dpop = .allowed }
        }
    }

    private func proof(
        _ prover: Prover, _ fixture: ConsentFixture, path: String = "/par", hasNonce: Bool = true
    ) throws -> String {
        let now = ConsentBrowser(fixture).now
        return try prover.proof(
            ConsentFixture.issuer + path, at: now, nonce: hasNonce ? nonces.newest(at: now) : nil)
    }

    /// The answer to a request with that `dpop_jkt` and these proofs.
    private func push(
        _ fixture: ConsentFixture, _ client: String, key: String? = nil, proofs: [String]
    ) async throws -> EndpointResponse {
        var pairs = [
            ("response_type", "code"), ("client_id", client),
            ("redirect_uri", ConsentFixture.callback), ("scope", "tickets:read"),
            ("code_challenge", ConsentFixture.challenge), ("code_challenge_method", "S256"),
        ]
        if let key { pairs.append(("dpop_jkt", key)) }
        let endpoint = PushedRequestEndpoint(
            issuer: ConsentFixture.issuer,
            authentication: ClientAuthentication(directory: fixture.clients),
            ring: { fixture.ring }, proofs: DPoPVerifier(nonces: nonces, replays: replays))
        return await endpoint.respond(
            to: try ConsentBrowser(fixture).request(
                "POST", "/par", body: ConsentFixture.encoded(pairs),
                fields: [("Content-Type", "application/x-www-form-urlencoded")]
                    + proofs.map { ("DPoP", $0) }))
    }

    /// The key that the code of a pushed request is bound to.
    private func thumbprint(
        _ fixture: ConsentFixture, key: String? = nil, proofs: [String]
    ) async throws -> String? {
        let client = try await fixture.client()
        let answer = try await push(fixture, client, key: key, proofs: proofs)
        let uri = try #require(answer.texts["request_uri"], "\(answer.texts)")
        let browser = ConsentBrowser(fixture)
        _ = try await browser.signIn()
        let page = try await browser.get(
            "/authorize?"
                + ConsentFixture.encoded([("client_id", client), ("request_uri", uri)]))
        let code = try #require(try await browser.decide(on: page).answer()?["code"])
        return try await fixture.store.code(sha256(Array(code.utf8)).bytes)?.keyThumbprint
    }

    @Test func `a proof or a dpop_jkt binds the code`() async throws {
        let fixture = try await Self.fixture()
        let key = prover.thumbprint
        #expect(try await thumbprint(fixture, proofs: [proof(prover, fixture)]) == key)
        #expect(try await thumbprint(fixture, key: key, proofs: [proof(prover, fixture)]) == key)
        #expect(try await thumbprint(fixture, key: key, proofs: []) == key)
        #expect(try await thumbprint(fixture, proofs: []) == nil)
    }

    @Test func `a dpop_jkt of another key than the proof's is refused`() async throws {
        let fixture = try await Self.fixture()
        let client = try await fixture.client()
        let answer = try await push(
            fixture, client, key: other.thumbprint, proofs: [proof(prover, fixture)])
        #expect(answer.status == 400 && answer.tokenError == "invalid_dpop_proof")
    }

    @Test func `a bad proof is refused, and answers to proofs have a nonce`() async throws {
        let fixture = try await Self.fixture()
        let client = try await fixture.client()
        let now = ConsentBrowser(fixture).now
        let used = try proof(prover, fixture)
        for (proofs, error) in [
            ([used], nil), ([used], "invalid_dpop_proof"), (["x"], "invalid_dpop_proof"),
            ([try proof(prover, fixture, path: "/token")], "invalid_dpop_proof"),
            ([try proof(prover, fixture), try proof(prover, fixture)], "invalid_dpop_proof"),
            ([try proof(prover, fixture, hasNonce: false)], "use_dpop_nonce"),
        ] as [([String], String?)] {
            let answer = try await push(fixture, client, proofs: proofs)
            #expect(answer.status == (error == nil ? 201 : 400))
            #expect(answer.tokenError == error)
            #expect(answer.fields.contains(.init("DPoP-Nonce", nonces.newest(at: now))))
        }
        let plain = try await push(fixture, client, proofs: [])
        #expect(plain.status == 201 && !plain.fields.contains { $0.name == "DPoP-Nonce" })
    }
}
