import AuthorizationServer
import Cryptography
import OAuth
import Storage
import Synchronization
import Testing

@Suite struct GrantMethodTests {
    /// What the app proves itself by at the refresh, and whether that is enough after a secret.
    enum Later: CaseIterable, Sendable {
        case secret, keys, nothing
    }

    private static func changed(
        _ options: AuthorizationServerOptions, _ credential: ClientEntry.Credential
    ) -> AuthorizationServerOptions {
        var options = options
        options.clients[5].credential = credential
        return options
    }

    @Test(arguments: Later.allCases)
    func `a refresh needs at least what the code was redeemed with`(later: Later) async throws {
        let fixture = try await MachineFixture.make()
        let code = try await fixture.code(client: "app")
        let first = try TokenAnswer(
            try await fixture.postBasic(fixture.redemption(code, ["client_id": nil]), id: "app"))
        let form = fixture.refresh(first.refresh, ["client_id": "app"])
        let (credential, proof): (ClientEntry.Credential, [String: String]) =
            switch later {
            case .secret:
                (fixture.options.clients[5].credential, ["client_secret": MachineFixture.secret])
            case .keys:
                (
                    .keys(.set(try MachineKeys.set())),
                    TokenFixture.signed(try TokenFixture.clientAssertion(id: "app"))
                )
            case .nothing: (.none, [:])
            }
        let answer = await fixture.endpoint(Self.changed(fixture.options, credential)).respond(
            to: try TokenFixture.request(TokenFixture.encoded(form.merging(proof) { $1 })))
        #expect(answer.tokenError == (later == .nothing ? "invalid_grant" : nil))
        // A refusal ends nothing: who has the secret goes on.
        let usual = try await fixture.postBasic(
            fixture.refresh(first.refresh, ["client_id": nil]), id: "app")
        #expect(later != .nothing || usual.status == 200)
    }

    @Test(arguments: [
        ("", 200), ("none", 200), ("client_secret_basic", 400), ("private_key_jwt", 400),
        ("something later", 400),
    ])
    func `a grant is bound to its method; one of an earlier release to none`(
        method: String, status: Int
    ) async throws {
        let fixture = try await TokenFixture()
        let id = RefreshTokens.makeGrantID()
        let token = RefreshTokens(ring: fixture.ring.withLock { $0 }).first(of: id)
        let now = TokenFixture.now
        try await fixture.store.record(
            GrantRecord(
                id: id, server: "tickets", subject: TokenFixture.ann.subject, source: "local",
                userName: "ann", client: fixture.clientID, clientName: "Agent",
                clientMethod: method, scope: "read", issuedAt: now, expiresAt: now + 60,
                refresh: GrantRecord.RefreshFamily(
                    generation: 0, currentDigest: token.digest, previousDigest: nil,
                    rotatedAtMilliseconds: now * 1000, expiresAt: now + 600)))
        let text = String(decoding: token.text.bytes, as: UTF8.self)
        #expect(try await fixture.post(fixture.refresh(text)).status == status)
    }
}
