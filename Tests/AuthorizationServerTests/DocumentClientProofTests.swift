import AuthorizationServer
import Cryptography
import OAuth
import Storage
import Synchronization
import Testing

/// How clients prove themselves whose documents name keys, methods, or both.
@Suite struct DocumentClientProofTests {
    private static let url = "https://app.example/client.json"
    private static let keys = #""jwks_uri":"\#(MachineKeys.place)""#
    private static let signs = keys + #","token_endpoint_auth_method":"private_key_jwt""#
    /// As ChatGPT has it.
    private static let both =
        signs + #","token_endpoint_auth_methods_supported":["none","private_key_jwt"]"#
    private static let bare = keys + #","token_endpoint_auth_method":"none""#

    private let host = DocumentHost()
    private let fixture: TokenFixture

    init() async throws {
        fixture = try await TokenFixture(documents: ClientDocuments(outbound: host)) {
            $0.registration.trustedDomains = ["app.example"]
        }
    }

    /// Publishes a document, and gives a code that its client may redeem.
    private func code(_ members: String) async throws -> String {
        host.put(
            RealDocument.body(at: Self.url, uris: [TokenFixture.callback], members: members),
            at: Self.url)
        let directory = ClientDirectory(
            store: fixture.store, ring: { [fixture] in fixture.ring.withLock { $0 } },
            options: fixture.options.registration, documents: ClientDocuments(outbound: host))
        let client = try await directory.client(Self.url, at: TokenFixture.now)
        return try await fixture.code(
            client: Self.url, revision: try #require(client).revision)
    }

    private func redeem(
        _ code: String, _ proof: [String: String] = [:]
    ) async throws -> EndpointResponse {
        try await fixture.post(
            fixture.redemption(code, ["client_id": Self.url]).merging(proof) { $1 })
    }

    private static func assertion() throws -> [String: String] {
        TokenFixture.signed(try TokenFixture.clientAssertion(id: url))
    }

    @Test func `who may come bare does not come with a secret`() async throws {
        let code = try await code(Self.both)
        for secret in ["x", MachineFixture.secret] {
            let posted = try await redeem(code, ["client_secret": secret])
            #expect(posted.status == 401 && posted.tokenError == "invalid_client")
            let encoded = "https%3A%2F%2Fapp.example%2Fclient.json"
            let basic = try await fixture.postBasic(
                fixture.redemption(code, ["client_id": nil]), id: encoded, secret: secret)
            #expect(basic.status == 401 && basic.tokenError == "invalid_client")
        }
        #expect(try await redeem(code).status == 200)
    }

    @Test func `a grant is bound to what the client showed, not to what it might have`()
        async throws
    {
        let first = try TokenAnswer(try await redeem(try await code(Self.both)))
        #expect(try await first.grant(fixture).clientMethod == "none")
        let second = try TokenAnswer(
            try await redeem(try await code(Self.both), try Self.assertion()))
        #expect(try await second.grant(fixture).clientMethod == "private_key_jwt")
        func refresh(
            _ tokens: TokenAnswer, _ proof: [String: String] = [:]
        ) async throws -> EndpointResponse {
            let form = fixture.refresh(tokens.refresh, ["client_id": Self.url])
            return try await fixture.post(form.merging(proof) { $1 })
        }
        // Who found the refresh token has no key.
        #expect(try await refresh(second).tokenError == "invalid_grant")
        #expect(try await refresh(second, try Self.assertion()).status == 200)
        #expect(try await refresh(first).status == 200)
    }

    @Test func `keys prove nothing for a client that does not sign`() async throws {
        let code = try await code(Self.bare)
        let signed = try await redeem(code, try Self.assertion())
        #expect(signed.status == 401 && signed.tokenError == "invalid_client")
        #expect(try await redeem(code).status == 200)
    }

    @Test func `who only signs does`() async throws {
        let code = try await code(Self.signs)
        #expect(try await redeem(code).tokenError == "invalid_client")
        let forged = TokenFixture.signed(
            try TokenFixture.clientAssertion(by: MachineKeys.other, id: Self.url))
        #expect(try await redeem(code, forged).tokenError == "invalid_client")
        #expect(try await redeem(code, try Self.assertion()).status == 200)
    }
}
