import AuthorizationServer
import Cryptography
import Foundation
import JOSE
import JSON
import OAuth
import ProofMaker
import Storage
import Testing

/// DPoP where no code is redeemed: machines, statements of others, exchanges, and who asks about the
/// tokens (RFC 9449 §5, §6.2).
@Suite struct MachineProofTests {
    let prover: Prover
    let other: Prover

    init() throws { (prover, other) = (try Prover(), try Prover()) }

    private static func fixture(
        tickets: DPoPUse = .allowed, wiki: DPoPUse = .allowed
    ) async throws -> TokenFixture {
        try await MachineFixture.make { options in
            options.resources[0].dpop = tickets
            options.resources[1].dpop = wiki
        }
    }

    /// The answer to a client with a secret, with a proof by `prover`, or none.
    private func post(
        _ fixture: TokenFixture, _ form: [String: String], id: String? = "robot",
        by prover: Prover?
    ) async throws -> EndpointResponse {
        var fields = "Content-Type: application/x-www-form-urlencoded\r\n"
        if let id {
            let pair = Data("\(id):\(MachineFixture.secret)".utf8).base64EncodedString()
            fields += "Authorization: Basic \(pair)\r\n"
        }
        if let prover {
            let proof = try prover.proof(
                "\(TokenFixture.issuer)/token", at: TokenFixture.now,
                nonce: fixture.nonces.newest(at: TokenFixture.now))
            fields += "DPoP: \(proof)\r\n"
        }
        return await fixture.endpoint.respond(
            to: try TokenFixture.request(TokenFixture.encoded(form), fields: fields))
    }

    private func key(_ answer: TokenAnswer, _ fixture: TokenFixture) throws -> String? {
        try answer.claims(fixture).document.root["cnf"]?["jkt"]?.string
    }

    // MARK: Machines and statements

    /// The ways to a token without a user at the keyboard.
    enum Way: CaseIterable {
        case credentials, user, workload

        func form() throws -> [String: String] {
            switch self {
            case .credentials:
                ["grant_type": "client_credentials", "resource": MachineFixture.ticketsURL]
            case .user:
                [
                    "grant_type": GrantType.jwtBearer.rawValue,
                    "assertion": try TokenFixture.identityAssertion(),
                ]
            case .workload:
                [
                    "grant_type": GrantType.jwtBearer.rawValue, "client_id": "pod",
                    "assertion": try MachineKeys.jwt([
                        "iss": MachineFixture.platform, "sub": "system:serviceaccount:ci:build",
                        "aud": TokenFixture.issuer, "exp": TokenFixture.now + 300,
                        "jti": UUID().uuidString,
                    ]),
                ]
            }
        }

        /// Who authenticates with a secret.
        var id: String? {
            switch self {
            case .credentials, .user: "robot"
            case .workload: nil
            }
        }
    }

    @Test(arguments: Way.allCases)
    func `the token is bound to the key of the proof, and to nothing without one`(
        way: Way
    ) async throws {
        let fixture = try await Self.fixture()
        let bound = try TokenAnswer(
            try await post(fixture, way.form(), id: way.id, by: prover), type: "DPoP")
        #expect(try key(bound, fixture) == prover.thumbprint)
        let plain = try TokenAnswer(try await post(fixture, way.form(), id: way.id, by: nil))
        #expect(try key(plain, fixture) == nil)
    }

    @Test(arguments: Way.allCases)
    func `where bound tokens are required no proof is no token, and nothing is burnt`(
        way: Way
    ) async throws {
        let fixture = try await Self.fixture(tickets: .required)
        let form = try way.form()
        let refused = try await post(fixture, form, id: way.id, by: nil)
        #expect(refused.status == 400 && refused.tokenError == "invalid_dpop_proof")
        // The same statement, which is good once.
        let bound = try TokenAnswer(
            try await post(fixture, form, id: way.id, by: prover), type: "DPoP")
        #expect(try key(bound, fixture) == prover.thumbprint)
    }

    // MARK: Exchanges

    /// What the app got for a code, bound to the key of `prover`, if any.
    private func tokens(
        _ fixture: TokenFixture, server: String = "tickets", scope: String = "read",
        by prover: Prover?
    ) async throws -> TokenAnswer {
        let code = try await fixture.code(scope: scope, client: "app", server: server)
        let form = fixture.redemption(code, ["client_id": nil])
        return try TokenAnswer(
            try await post(fixture, form, id: "app", by: prover),
            type: prover == nil ? "Bearer" : "DPoP")
    }

    private static func exchange(_ token: String) -> [String: String] {
        [
            "grant_type": GrantType.tokenExchange.rawValue, "subject_token": token,
            "subject_token_type": TokenExchangeRequest.accessTokenType,
            "resource": MachineFixture.wikiURL,
        ]
    }

    @Test func `what comes of an exchange is bound to the key of its proof`() async throws {
        let fixture = try await Self.fixture()
        _ = try await tokens(fixture, server: "wiki", scope: "wiki", by: nil)
        let plain = try await tokens(fixture, by: nil)
        let answer = try await post(fixture, Self.exchange(plain.access), id: "app", by: prover)
        #expect(try key(try TokenAnswer(answer, type: "DPoP"), fixture) == prover.thumbprint)
        let unbound = try await post(fixture, Self.exchange(plain.access), id: "app", by: nil)
        #expect(try key(try TokenAnswer(unbound), fixture) == nil)
    }

    @Test func `an exchange does not take the key off a token`() async throws {
        let fixture = try await Self.fixture()
        _ = try await tokens(fixture, server: "wiki", scope: "wiki", by: nil)
        let bound = try await tokens(fixture, by: prover)
        let form = Self.exchange(bound.access)
        let none = try await post(fixture, form, id: "app", by: nil)
        #expect(none.status == 400 && none.tokenError == "invalid_dpop_proof")
        let stolen = try await post(fixture, form, id: "app", by: other)
        #expect(stolen.status == 400 && stolen.tokenError == "invalid_request")
        let good = try TokenAnswer(
            try await post(fixture, form, id: "app", by: prover), type: "DPoP")
        #expect(try key(good, fixture) == prover.thumbprint)
    }

    @Test func `a server that requires bound tokens gets no others by exchange`() async throws {
        let fixture = try await Self.fixture(wiki: .required)
        _ = try await tokens(fixture, server: "wiki", scope: "wiki", by: prover)
        let form = Self.exchange(try await tokens(fixture, by: nil).access)
        let refused = try await post(fixture, form, id: "app", by: nil)
        #expect(refused.tokenError == "invalid_dpop_proof")
        _ = try TokenAnswer(try await post(fixture, form, id: "app", by: prover), type: "DPoP")
    }

    // MARK: Who asks

    @Test func `who asks about a bound token is told of its key`() async throws {
        let fixture = try await Self.fixture()
        let endpoint = IntrospectionEndpoint(
            options: fixture.options, store: fixture.store,
            authentication: fixture.authentication,
            issuer: { AccessTokenIssuer(issuer: TokenFixture.issuer, keys: fixture.keys) })
        for (token, type, expected) in [
            (try await tokens(fixture, by: prover), "DPoP", prover.thumbprint),
            (try await tokens(fixture, by: nil), "Bearer", nil),
        ] as [(TokenAnswer, String, String?)] {
            let form = [
                "client_id": "robot", "client_secret": MachineFixture.secret,
                "token": token.access,
            ]
            let answer = await endpoint.respond(
                to: try TokenFixture.request(TokenFixture.encoded(form), target: "/introspect"))
            let root = try JSONDocument(parsing: answer.body).root
            #expect(root["active"]?.bool == true)
            #expect(root["token_type"]?.string == type)
            #expect(root["cnf"]?["jkt"]?.string == expected)
            #expect((root["cnf"] == nil) == (expected == nil))
        }
    }

    @Test(arguments: ["{}", #"{"jkt":"x"}"#, #"{"kid":"a"}"#, "7"])
    func `a token of ours that is bound to no one knows what is worth nothing`(
        confirmation: String
    ) async throws {
        let fixture = try await Self.fixture()
        let issuer = AccessTokenIssuer(issuer: TokenFixture.issuer, keys: fixture.keys)
        func token(_ confirmation: String) throws -> SecretBytes {
            let claims =
                #"{"iss":"\#(TokenFixture.issuer)","sub":"s","aud":"a","client_id":"c","gid":"g","#
                + #""jti":"j","iat":\#(TokenFixture.now),"exp":\#(TokenFixture.now + 60),"#
                + #""cnf":\#(confirmation)}"#
            let text = try SignedJWT.compact(
                type: "at+jwt", keyID: fixture.keys.currentID, claims: Array(claims.utf8),
                key: fixture.keys.current)
            return SecretBytes(Array(text.utf8))
        }
        #expect(issuer.token(in: try token(confirmation), at: TokenFixture.now) == nil)
        let good = #"{"jkt":"\#(prover.thumbprint)"}"#
        let bound = issuer.token(in: try token(good), at: TokenFixture.now)
        #expect(bound?.key?.text == prover.thumbprint)
    }
}
