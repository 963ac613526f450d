import HTTP
import HTTPClient
import JOSE
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(1))) struct IssuerKeySourceTests {
    private static let issuer = "https://as.example"
    private static let metadata = "https://as.example/.well-known/oauth-authorization-server"
    private let client = StubOutboundClient()

    private func source(_ place: String? = nil) throws -> IssuerKeySource {
        let found = try place.map { IssuerKeySource.Place.configured(try AbsoluteURI(parsing: $0)) }
        return IssuerKeySource(
            place: found ?? .discovered(IssuerDiscovery(Self.issuer, client: client)),
            client: client)
    }

    private func publish(_ keys: String = SigningIssuer.shared.keySet, status: Int = 200) {
        client.follow { request in
            guard "\(request.url)" == Self.metadata else {
                return .answer(keys, status: status, type: "application/jwk-set+json")
            }
            return .answer(#"{"issuer":"\#(Self.issuer)","jwks_uri":"https://keys.example/set"}"#)
        }
    }

    @Test func `the keys are where the metadata say`() async throws {
        publish()
        let set = try await source().keys(for: nil)
        #expect(set.keys.map(\.id) == ["k1"])
        #expect(client.places == [Self.metadata, "https://keys.example/set"])
    }

    @Test(arguments: ["k1", "../../admin", "https://evil.example/keys", "\r\nHost: evil", ""])
    func `no key id says where keys are`(_ id: String) async throws {
        publish()
        _ = try await source("https://as.example/keys").keys(for: id)
        _ = try await source().keys(for: id)
        #expect(
            client.places == [
                "https://as.example/keys", Self.metadata, "https://keys.example/set",
            ])
        #expect(client.requests.allSatisfy { $0.method == .get && $0.content.isEmpty })
    }

    @Test(arguments: [
        ("", 200), ("[]", 200), (#"{"keys":[]}"#, 200),
        (#"{"keys":[{"kty":"oct","k":"AA"}]}"#, 200),
        (SigningIssuer.shared.keySet, 302), (SigningIssuer.shared.keySet, 404),
    ])
    func `what is no set of keys is none`(_ keys: String, _ status: Int) async throws {
        publish(keys, status: status)
        let (configured, found) = (try source("https://as.example/keys"), try source())
        await #expect(throws: OutboundFailure.self) { try await configured.keys(for: nil) }
        await #expect(throws: OutboundFailure.self) { try await found.keys(for: nil) }
    }

    @Test func `metadata that name no place for keys give none`() async throws {
        client.follow { _ in .answer(#"{"issuer":"\#(Self.issuer)"}"#) }
        let source = try source()
        await #expect(throws: OutboundFailure.self) { try await source.keys(for: nil) }
        #expect(client.places == [Self.metadata])
    }

    @Test func `keys that are no longer there are looked for anew`() async throws {
        publish(status: 404)
        let source = try source()
        await #expect(throws: OutboundFailure.self) { try await source.keys(for: nil) }
        publish()
        #expect(try await source.keys(for: nil).keys.count == 1)
        #expect(client.count(Self.metadata) == 2)
    }
}
