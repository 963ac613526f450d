import HTTPClient
import OAuth
import Synchronization
import Testing

@testable import Gateway

/// A clock that stands until it is moved, in nanoseconds.
final class HandClock: Sendable {
    private let time = Atomic<UInt64>(1_000_000_000_000)

    var now: @Sendable () -> UInt64 { { [self] in time.load(ordering: .relaxed) } }

    func advance(seconds: UInt64) { time.add(seconds * 1_000_000_000, ordering: .relaxed) }
}

@Suite(.timeLimit(.minutes(1))) struct IssuerDiscoveryTests {
    private static let issuer = "https://as.example/tenant"
    private static let places = [
        "https://as.example/.well-known/oauth-authorization-server/tenant",
        "https://as.example/.well-known/openid-configuration/tenant",
        "https://as.example/tenant/.well-known/openid-configuration",
    ]
    private let clock = HandClock()
    private let client = StubOutboundClient()

    private func discovery() -> IssuerDiscovery {
        IssuerDiscovery(Self.issuer, client: client, clock: clock.now)
    }

    private static func document(_ issuer: String = issuer, keys: String = "keys") -> String {
        #"{"issuer":"\#(issuer)","jwks_uri":"https://as.example/\#(keys)"}"#
    }

    /// Has documents at these of the places, by number.
    private func publish(_ documents: [Int: String]) {
        client.follow { request in
            let number = Self.places.firstIndex(of: "\(request.url)")
            guard let number, let text = documents[number] else { return .answer("", status: 404) }
            return .answer(text)
        }
    }

    @Test(arguments: [0, 1, 2])
    func `the metadata are found at each of the issuer's places`(_ number: Int) async throws {
        publish([number: Self.document()])
        let metadata = try await discovery().metadata()
        #expect(metadata.jwksURI.map { "\($0)" } == "https://as.example/keys")
        #expect(client.places == Array(Self.places[...number]))
    }

    @Test func `a document of another issuer is passed over`() async throws {
        publish([
            0: Self.document("https://as.example", keys: "other"), 1: "{", 2: Self.document(),
        ])
        let metadata = try await discovery().metadata()
        #expect(metadata.jwksURI.map { "\($0)" } == "https://as.example/keys")
    }

    @Test func `without a document of the issuer nothing is known`() async {
        publish([0: Self.document(Self.issuer + "/"), 2: Self.document("https://evil.example")])
        await #expect(throws: OutboundFailure.self) { try await discovery().metadata() }
        #expect(client.places == Self.places)
    }

    @Test(arguments: [301, 302, 307, 401, 500])
    func `another status than 200 gives no document`(_ status: Int) async {
        client.follow { _ in .answer(Self.document(), status: status) }
        await #expect(throws: OutboundFailure.self) { try await discovery().metadata() }
    }

    @Test func `what is known is not asked for again for an hour`() async throws {
        publish([0: Self.document()])
        let discovery = discovery()
        for _ in 0..<5 { _ = try await discovery.metadata() }
        #expect(client.places.count == 1)
        clock.advance(seconds: 3600)
        _ = try await discovery.metadata()
        #expect(client.places.count == 2)
        await discovery.forget()
        _ = try await discovery.metadata()
        #expect(client.places.count == 3)
    }

    @Test func `an issuer that cannot be reached is asked once, and again after a moment`()
        async throws
    {
        client.follow { _ throws(OutboundFailure) in throw OutboundFailure(.timeout, "slow") }
        let discovery = discovery()
        for _ in 0..<5 {
            await #expect(throws: OutboundFailure.self) { try await discovery.metadata() }
        }
        #expect(client.places.count == 1)
        clock.advance(seconds: 5)
        publish([0: Self.document()])
        _ = try await discovery.metadata()
    }

    @Test func `a hundred who ask at once are one question`() async throws {
        client.follow { _ in
            try? await Task.sleep(for: .milliseconds(50))
            return .answer(Self.document())
        }
        let discovery = discovery()
        let found = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 {
                group.addTask { try await discovery.metadata().jwksURI != nil }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(found == 100)
        #expect(client.places.count == 1)
    }
}
