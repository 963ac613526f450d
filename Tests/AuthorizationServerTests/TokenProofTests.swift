import Cryptography
import JOSE
import JSON
import OAuth
import ProofMaker
import Storage
import Synchronization
import Testing

@testable import AuthorizationServer

/// DPoP at the token endpoint (RFC 9449 §5, §8, §10).
@Suite struct TokenProofTests {
    private static let url = "\(TokenFixture.issuer)/token"

    let fixture: TokenFixture
    let prover: Prover
    let other: Prover

    init() async throws { try await self.init(tickets: .allowed) }

    private init(tickets use: DPoPUse) async throws {
        fixture = try await TokenFixture { options in
            options.resources[0].dpop = use
            options.resources[1].dpop = .off
        }
        (prover, other) = (try Prover(), try Prover())
    }

    private func proof(
        _ prover: Prover? = nil, at seconds: Int64 = 0, nonce: String?? = nil, url: String = url,
        method: String = "POST", header: [String: String?] = [:], claims: [String: String?] = [:],
        signer: SigningKey? = nil
    ) throws -> String {
        let now = TokenFixture.now + seconds
        return try (prover ?? self.prover).proof(
            url, method: method, at: now, nonce: nonce ?? fixture.nonces.newest(at: now),
            header: header, claims: claims, signer: signer)
    }

    private func nonce(of answer: EndpointResponse) -> String? {
        answer.fields.first { $0.name == "DPoP-Nonce" }?.value
    }

    private func bound(
        client: [String: String?] = [:], code: String? = nil
    ) async throws -> TokenAnswer {
        var code = code
        if code == nil { code = try await fixture.code() }
        let form = fixture.redemption(try #require(code), client)
        return try TokenAnswer(try await fixture.post(form, proofs: [proof()]), type: "DPoP")
    }

    // MARK: Good ones

    @Test func `a code with a proof becomes tokens that are bound to the key`() async throws {
        let answer = try await bound()
        let confirmation = try answer.claims(fixture).document.root["cnf"]
        #expect(confirmation?["jkt"]?.string == prover.thumbprint)
        #expect(confirmation?.members.map { $0.name.string } == ["jkt"])
        #expect(try await answer.grant(fixture).keyThumbprint == prover.thumbprint)
    }

    @Test func `without a proof they are bound to nothing`() async throws {
        let answer = try await fixture.tokens()
        #expect(try answer.claims(fixture).document.root["cnf"] == nil)
        #expect(try await answer.grant(fixture).keyThumbprint == nil)
    }

    @Test func `an answer to a proof has the nonce for the next, and no other answer`() async throws
    {
        let newest = fixture.nonces.newest(at: TokenFixture.now)
        let good = try await fixture.post(
            fixture.redemption(try await fixture.code()), proofs: [proof()])
        #expect(good.status == 200 && nonce(of: good) == newest)
        let refused = try await fixture.post(fixture.redemption("nothing"), proofs: [proof()])
        #expect(refused.tokenError == "invalid_grant" && nonce(of: refused) == newest)
        let plain = try await fixture.post(fixture.redemption(try await fixture.code()))
        #expect(plain.status == 200 && nonce(of: plain) == nil)
        #expect(good.fields.contains { $0.value.contains("DPoP-Nonce") })
    }

    // MARK: Bad ones

    @Test func `a proof without a nonce is told to take one, and burns nothing`() async throws {
        let code = try await fixture.code()
        for wrong in [nil, "x", fixture.nonces.newest(at: TokenFixture.now - 1000)] as [String?] {
            let answer = try await fixture.post(
                fixture.redemption(code), proofs: [proof(nonce: .some(wrong))])
            #expect(answer.status == 400 && answer.tokenError == "use_dpop_nonce")
            #expect(nonce(of: answer) == fixture.nonces.newest(at: TokenFixture.now))
        }
        _ = try await bound(code: code)
    }

    /// What is wrong with a proof.
    enum Flaw: String, CaseIterable {
        case method, url, server, old, future, signature, key, type, algorithm, none, critical
        case id, comma, privateKey, otherToken
    }

    @Test(arguments: Flaw.allCases)
    func `a bad proof is refused and leaves the code as it is`(flaw: Flaw) async throws {
        let code = try await fixture.code()
        let proof =
            switch flaw {
            case .method: try proof(method: "GET")
            case .url: try proof(url: "\(TokenFixture.issuer)/tickets/mcp")
            case .server: try proof(url: "https://evil.example/token")
            case .old: try proof(claims: ["iat": "\(TokenFixture.now - 61)"])
            case .future: try proof(claims: ["iat": "\(TokenFixture.now + 6)"])
            case .signature: try proof(signer: other.key)
            case .key: try proof(header: ["jwk": other.jwk])
            case .type: try proof(header: ["typ": #""JWT""#])
            case .algorithm: try proof(header: ["alg": #""RS256""#])
            case .none: try proof(header: ["alg": #""none""#])
            case .critical: try proof(header: ["crit": #"["x"]"#])
            case .id: try proof(claims: ["jti": nil])
            case .comma: try "\(proof()), \(proof())"
            case .privateKey:
                try proof(header: ["jwk": #"{"d":"AAAA",\#(prover.jwk.dropFirst())"#])
            case .otherToken: try await fixture.tokens().access
            }
        let answer = try await fixture.post(fixture.redemption(code), proofs: [proof])
        #expect(answer.status == 400 && answer.tokenError == "invalid_dpop_proof")
        #expect(!String(decoding: answer.body, as: UTF8.self).contains(prover.thumbprint))
        _ = try await bound(code: code)
    }

    @Test func `two proofs are refused`() async throws {
        let code = try await fixture.code()
        let answer = try await fixture.post(
            fixture.redemption(code), proofs: [proof(), proof()])
        #expect(answer.tokenError == "invalid_dpop_proof")
        _ = try await bound(code: code)
    }

    @Test func `a proof is good once, also for another code`() async throws {
        let proof = try proof()
        let first = try await fixture.post(
            fixture.redemption(try await fixture.code()), proofs: [proof])
        let answer = try TokenAnswer(first, type: "DPoP")
        let again = try await fixture.post(
            fixture.redemption(try await fixture.code()), proofs: [proof])
        #expect(again.tokenError == "invalid_dpop_proof")
        #expect(try await answer.grant(fixture).endedAt == nil)
    }

    @Test func `who fails to authenticate has no proof looked at`() async throws {
        let answer = try await fixture.post(
            fixture.redemption("x", ["client_id": "nobody"]), proofs: ["nonsense"])
        #expect(answer.tokenError == "invalid_client")
    }

    @Test func `where no proof can be remembered none is taken`() async throws {
        let code = try await fixture.code()
        let verifier = DPoPVerifier(
            nonces: nil, replays: DPoPReplays(limit: DPoPReplays.shardCount))
        let endpoint = TokenEndpoint(
            options: fixture.options, store: fixture.store,
            authentication: fixture.authentication, users: fixture.users,
            ring: { fixture.ring.withLock { $0 } },
            issuer: { AccessTokenIssuer(issuer: TokenFixture.issuer, keys: fixture.keys) },
            keySets: MachineKeys.lookUp, proofs: verifier)
        func post() async throws -> EndpointResponse {
            await endpoint.respond(
                to: try TokenFixture.request(
                    TokenFixture.encoded(fixture.redemption(code)),
                    fields: "Content-Type: application/x-www-form-urlencoded\r\nDPoP: "
                        + "\(try proof())\r\n"))
        }
        #expect(try await post().status == 200)
        let full = try await post()
        #expect(full.status == 503 && full.tokenError == "temporarily_unavailable")
        #expect(full.fields.contains { $0.name == "Retry-After" })
    }

    // MARK: Refreshing

    @Test func `a public client refreshes with the key that it began with`() async throws {
        let answer = try await bound()
        let none = try await fixture.post(fixture.refresh(answer.refresh))
        #expect(none.tokenError == "invalid_dpop_proof" && none.endedGrants.isEmpty)
        let stolen = try await fixture.post(
            fixture.refresh(answer.refresh), proofs: [proof(other)])
        #expect(stolen.tokenError == "invalid_grant" && stolen.endedGrants.isEmpty)
        let refreshed = try TokenAnswer(
            try await fixture.post(fixture.refresh(answer.refresh), proofs: [proof()]),
            type: "DPoP")
        #expect(
            try refreshed.claims(fixture).document.root["cnf"]?["jkt"]?.string
                == prover.thumbprint)
        let next = try await fixture.post(
            fixture.refresh(refreshed.refresh), seconds: 100, proofs: [proof(at: 100)])
        _ = try TokenAnswer(next, type: "DPoP")
    }

    @Test func `a client with a secret refreshes with any key, or none`() async throws {
        let secret = ["client_id": fixture.secret.id, "client_secret": fixture.secret.secret]
        let answer = try await bound(
            client: secret, code: fixture.code(client: fixture.secret.id))
        #expect(try await answer.grant(fixture).keyThumbprint == nil)
        let moved = try TokenAnswer(
            try await fixture.post(
                fixture.refresh(answer.refresh, secret), proofs: [proof(other)]), type: "DPoP")
        #expect(
            try moved.claims(fixture).document.root["cnf"]?["jkt"]?.string == other.thumbprint)
        let plain = try await fixture.post(fixture.refresh(moved.refresh, secret))
        _ = try TokenAnswer(plain)
    }

    @Test func `bound refresh tokens end where a server takes no bound tokens`() async throws {
        let answer = try await bound()
        var options = fixture.options
        options.resources[0].dpop = .off
        options.resources[1].dpop = .allowed
        let response = await fixture.endpoint(options).respond(
            to: try TokenFixture.request(
                TokenFixture.encoded(fixture.refresh(answer.refresh)),
                fields: "Content-Type: application/x-www-form-urlencoded\r\nDPoP: "
                    + "\(try proof())\r\n"))
        #expect(response.tokenError == "invalid_dpop_proof")
    }

    // MARK: Who must

    @Test func `a server that requires bound tokens gives no others`() async throws {
        let tests = try await Self(tickets: .required)
        let code = try await tests.fixture.code()
        let refused = try await tests.fixture.post(tests.fixture.redemption(code))
        #expect(refused.status == 400 && refused.tokenError == "invalid_dpop_proof")
        _ = try await tests.bound(code: code)
    }

    @Test func `a server that takes no bound tokens gives none, whatever the proof`() async throws {
        let wiki = try await fixture.code(scope: "wiki", server: "wiki")
        _ = try TokenAnswer(
            try await fixture.post(fixture.redemption(wiki), proofs: [proof()]), type: "Bearer")
        // Where none does, proofs are not even read.
        let plain = try await TokenFixture()
        let answer = try await plain.post(
            plain.redemption(try await plain.code()), proofs: ["nonsense"])
        _ = try TokenAnswer(answer)
        #expect(nonce(of: answer) == nil)
    }

    @Test func `a client that wants bound tokens only gets no others`() async throws {
        let directory = ClientDirectory(
            store: fixture.store, ring: { fixture.ring.withLock { $0 } },
            options: fixture.options.registration)
        let client = try await TokenFixture.register("none", directory, bindsTokens: true)
        #expect(client.metadata.bindsTokens)
        #expect(
            try await directory.client(client.clientID, at: TokenFixture.now)?.bindsTokens == true)
        #expect(
            try await directory.client(fixture.clientID, at: TokenFixture.now)?.bindsTokens == false
        )
        let form = ["client_id": client.clientID]
        let code = try await fixture.code(client: client.clientID)
        let refused = try await fixture.post(fixture.redemption(code, form))
        #expect(refused.tokenError == "invalid_dpop_proof")
        _ = try await bound(client: form, code: code)
        let wiki = try await fixture.code(scope: "wiki", client: client.clientID, server: "wiki")
        let off = try await fixture.post(fixture.redemption(wiki, form), proofs: [proof()])
        #expect(off.tokenError == "invalid_dpop_proof")
    }

    @Test(arguments: ["none", "client_secret_basic", "client_secret_post"])
    func `a registration keeps whether tokens are bound`(method: String) throws {
        let way = try #require(ClientAuthenticationMethod(rawValue: method))
        for binds in [true, false] {
            let registration = AcceptedRegistration(
                name: "A", redirectURIs: [try #require(RedirectURI(TokenFixture.callback))],
                method: way, issuedAt: 1, expiresAt: 2, bindsTokens: binds)
            #expect(AcceptedRegistration(bytes: registration.bytes) == registration)
        }
    }

    // MARK: dpop_jkt

    @Test func `a code that is bound to a key is redeemed with that key`() async throws {
        let code = try await fixture.code(keyThumbprint: prover.thumbprint)
        let none = try await fixture.post(fixture.redemption(code))
        #expect(none.tokenError == "invalid_dpop_proof")
        let stolen = try await fixture.post(fixture.redemption(code), proofs: [proof(other)])
        #expect(stolen.tokenError == "invalid_grant")
        let good = try await bound(code: code)
        // Nor does a replay by somebody else end what came of it.
        let replay = try await fixture.post(fixture.redemption(code), proofs: [proof(other)])
        #expect(replay.tokenError == "invalid_grant" && replay.endedGrants.isEmpty)
        #expect(try await good.grant(fixture).endedAt == nil)
    }
}
