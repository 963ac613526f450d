import Cryptography
import Foundation
import HTTP
import HTTPClient
import JOSE
import JSON
import OAuth
import Seals
import Synchronization
import Testing

@testable import AuthorizationServer

/// Who registers may name any place for its keys; fetches from there are counted by who causes them.
@Suite struct ClientKeyFetchTests {
    private static let now = RegistrationFixture.now
    private static let issuer = TokenFixture.issuer
    private static let victim = "https://victim.example/keys"

    private let host = DocumentHost()
    private let clock = Clock()
    private let fixture: RegistrationFixture
    private let authentication: ClientAuthentication

    /// A monotonic clock that a test sets.
    private final class Clock: Sendable {
        private let time = Mutex<UInt64>(1_000_000_000_000)
        var now: UInt64 { time.withLock { $0 } }
        func advance(seconds: UInt64) { time.withLock { $0 += seconds * 1_000_000_000 } }
    }

    init() async throws {
        let (host, clock) = (host, clock)
        fixture = try await RegistrationFixture()
        let own = RemoteKeySets(client: host, now: { clock.now })
        let others = ClientKeySets(outbound: host, now: { clock.now })
        let named = ClientEntry(
            id: "named", name: "Named",
            credential: .keys(.url(try AbsoluteURI(parsing: "https://victim.example/own"))),
            grants: [.clientCredentials])
        authentication = ClientAuthentication(
            directory: ClientDirectory(
                store: fixture.store, ring: KeyRing([RegistrationFixture.newKey]),
                options: fixture.options, entries: [named]),
            assertions: ClientAssertions(
                issuer: Self.issuer, store: fixture.store, keySets: { own.set(at: $0) },
                clientKeySets: { others.set(at: $0, for: $1, at: $2) }))
    }

    /// Registers a client with keys at a URL; its id.
    private func register(_ url: String) async throws -> String {
        let body =
            #"{"client_name":"Tool","redirect_uris":["http://127.0.0.1/"],"#
            + #""token_endpoint_auth_method":"private_key_jwt","jwks_uri":"\#(url)"}"#
        return try await fixture.register(body).clientID
    }

    /// Whether a client proves itself by the key of that id.
    private func isProven(
        _ id: String, from address: String, keyID: String = "own", seconds: Int64 = 0
    ) async throws -> Bool {
        let now = Self.now + seconds
        let claims: [String: Any?] = [
            "iss": id, "sub": id, "aud": Self.issuer, "exp": now + 60, "jti": UUID().uuidString,
        ]
        let assertion = try MachineKeys.jwt(claims, header: ["kid": keyID])
        let form = try FormParameters(
            parsing: Array(TokenFixture.encoded(TokenFixture.signed(assertion)).utf8)[...])
        let credentials = try ClientCredentials(Fields(), form)
        let network = ClientNetwork(ofAddress: address)
        return (try? await authentication.client(credentials, for: network, at: now)) != nil
    }

    private func publish(at url: String, seconds: Int = 3600) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("keys")
        writer.beginArray()
        writer.beginObject()
        writer.name("kid")
        writer.string("own")
        MachineKeys.own.verificationKey.components.writeRequiredMembers(to: &writer)
        writer.endObject()
        writer.endArray()
        writer.endObject()
        host.put(String(decoding: writer.bytes, as: UTF8.self), at: url, seconds: seconds)
    }

    /// Has a network ask for the keys of so many clients that nobody has met.
    private func flood(from address: String, _ numbers: Range<Int>) async throws {
        for number in numbers {
            let id = try await register("\(Self.victim)?\(address)-\(number)")
            #expect(try await !isProven(id, from: address))
        }
    }

    @Test func `a network may cause so many fetches a minute, and a host is asked so often`()
        async throws
    {
        let limit = ClientDocuments.perMinuteOfNetwork
        for (place, address) in ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"].enumerated() {
            try await flood(from: address, 0..<(limit + 5))
            let most = min((place + 1) * limit, ClientDocuments.perMinuteOfHost)
            #expect(host.requests.count == most)
        }
        let before = host.requests.count
        let id = try await register("https://other.example/keys")
        #expect(try await !isProven(id, from: "192.0.2.9"))
        #expect(host.requests.count == before + 1)
    }

    @Test func `keys that people use are renewed, however often strangers ask`() async throws {
        publish(at: Self.victim, seconds: 60)
        let id = try await register(Self.victim)
        #expect(try await isProven(id, from: "192.0.2.1"))
        for address in ["192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"] {
            try await flood(from: address, 0..<ClientDocuments.perMinuteOfNetwork)
        }
        let before = host.requests.count
        #expect(try await isProven(id, from: "192.0.2.2"))
        #expect(host.requests.count == before)
        clock.advance(seconds: 61)
        #expect(try await isProven(id, from: "192.0.2.2"))
        #expect(host.requests.count == before + 1)
    }

    @Test func `an unknown key is looked for within the limits only, and known ones go on`()
        async throws
    {
        publish(at: Self.victim)
        let id = try await register(Self.victim)
        #expect(try await isProven(id, from: "192.0.2.1"))
        clock.advance(seconds: 31)
        #expect(try await !isProven(id, from: "192.0.2.1", keyID: "new"))
        #expect(host.requests.count == 2)
        try await flood(from: "192.0.2.1", 0..<ClientDocuments.perMinuteOfNetwork)
        let before = host.requests.count
        clock.advance(seconds: 31)
        #expect(try await !isProven(id, from: "192.0.2.1", keyID: "new"))
        #expect(host.requests.count == before)
        #expect(try await isProven(id, from: "192.0.2.1"))
    }

    @Test func `keys of the operator's clients are neither counted nor crowded out`() async throws {
        publish(at: "https://victim.example/own")
        #expect(try await isProven("named", from: "192.0.2.1"))
        try await flood(from: "192.0.2.1", 0..<(RemoteKeySets.limit + 1))
        let before = host.requests.count
        #expect(try await isProven("named", from: "192.0.2.1"))
        #expect(host.requests.count == before)
        clock.advance(seconds: 31)
        #expect(try await !isProven("named", from: "192.0.2.1", keyID: "new"))
        #expect(host.requests.count == before + 1)
    }
}
