import AuthorizationServer
import Cryptography
import OAuth
import Storage
import Testing

@Suite struct ClientDirectoryTests {
    static let now = RegistrationFixture.now
    static let simple = RegistrationFixture.body("Tool", ["http://localhost:1/cb"])
    static let secretive = RegistrationFixture.body(
        "Tool", ["http://localhost:1/cb"], method: "client_secret_post")
    /// Too large for an id.
    static let large = RegistrationFixture.body(
        "Tool",
        (1...3).map { "http://localhost:\($0)/" + String(repeating: "x", count: 300) },
        method: "client_secret_basic")

    @Test func `ids of equal metadata differ, and both are known`() async throws {
        let fixture = try await RegistrationFixture()
        let first = try await fixture.register(Self.secretive)
        let second = try await fixture.register(Self.secretive)
        #expect(first.clientID != second.clientID)
        #expect(first.secret != second.secret)
        for id in [first.clientID, second.clientID] {
            #expect(try await fixture.directory().client(id, at: Self.now)?.name == "Tool")
        }
    }

    @Test func `an id that was altered anywhere is unknown`() async throws {
        let fixture = try await RegistrationFixture()
        let directory = fixture.directory()
        let id = Array(try await fixture.register(Self.simple).clientID.utf8)
        for index in id.indices {
            var altered = id
            altered[index] = id[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let text = String(decoding: altered, as: UTF8.self)
            #expect(try await directory.client(text, at: Self.now) == nil)
        }
        for count in id.indices {
            let text = String(decoding: id[..<count], as: UTF8.self)
            #expect(try await directory.client(text, at: Self.now) == nil)
        }
    }

    @Test(arguments: [
        "", "d", "r", "x", "tool", "https://tool.example/client.json", "dAAAA",
        "rAAAAAAAAAAAAAAAAAAAAA",
        "d" + String(repeating: "A", count: 100_000),
    ])
    func `what no registration gave out is unknown`(id: String) async throws {
        let fixture = try await RegistrationFixture()
        #expect(try await fixture.directory().client(id, at: Self.now) == nil)
    }

    @Test func `what is sealed for something else is no client`() async throws {
        let fixture = try await RegistrationFixture()
        let id = try await fixture.register(Self.simple).clientID
        // The prefix tells ids in rows from others: what is behind it is no id of the other kind.
        #expect(try await fixture.directory().client("r" + id.dropFirst(), at: Self.now) == nil)
    }

    @Test func `keys of the ring that were newest once still open, others do not`() async throws {
        let fixture = try await RegistrationFixture()
        let old = fixture.directory([RegistrationFixture.oldKey])
        let registration = try await fixture.register(Self.secretive, in: old)
        let both = fixture.directory([RegistrationFixture.newKey, RegistrationFixture.oldKey])
        let found = try await both.client(registration.clientID, at: Self.now)
        let client = try #require(found)
        #expect(both.isSecret(try #require(registration.secret), of: client))
        let today = try await fixture.register(Self.secretive, in: both)
        let latest = try #require(try await both.client(today.clientID, at: Self.now))
        #expect(both.isSecret(try #require(today.secret), of: latest))
        let other = fixture.directory([RegistrationFixture.newKey])
        #expect(try await other.client(registration.clientID, at: Self.now) == nil)
        #expect(!other.isSecret(try #require(registration.secret), of: client))
    }

    @Test func `a client that registered without a secret has none`() async throws {
        let fixture = try await RegistrationFixture()
        let registration = try await fixture.register(Self.secretive)
        let found = try await fixture.directory().client(registration.clientID, at: Self.now)
        var client = try #require(found)
        let secret = try #require(registration.secret)
        #expect(fixture.directory().isSecret(secret, of: client))
        client.authenticationMethod = .none
        #expect(!fixture.directory().isSecret(secret, of: client))
    }

    @Test func `a row that was cut, lengthened or is of another version is unknown`() async throws {
        let fixture = try await RegistrationFixture()
        let directory = fixture.directory()
        let stored = try await fixture.store.client(try await fixture.register(Self.large).clientID)
        let metadata = try #require(stored).metadata
        #expect(try await directory.client(try await fixture.keep(metadata), at: Self.now) != nil)
        var versioned = metadata
        versioned[0] += 1
        for altered in (0..<40).map({ Array(metadata.dropLast($0 * 20 + 1)) })
            + [metadata + [0], versioned, [0xFF], [UInt8](repeating: 0xFF, count: 100)]
        {
            let id = try await fixture.keep(altered)
            #expect(try await directory.client(id, at: Self.now) == nil)
        }
    }

    @Test func `a registration ends when its lifetime is over`() async throws {
        let fixture = try await RegistrationFixture(RegistrationOptions(lifetime: 100))
        for body in [Self.simple, Self.secretive] {
            let registration = try await fixture.register(body)
            #expect(registration.expiresAt == Self.now + 100)
            let id = registration.clientID
            let directory = fixture.directory(options: RegistrationOptions(lifetime: 1_000_000))
            #expect(try await directory.client(id, at: Self.now + 99) != nil)
            #expect(try await directory.client(id, at: Self.now + 100) == nil)
        }
    }

    @Test func `a row ends with the lifetime too`() async throws {
        let fixture = try await RegistrationFixture(RegistrationOptions(lifetime: 100))
        let id = try await fixture.register(Self.large).clientID
        #expect(try await fixture.directory().client(id, at: Self.now + 99) != nil)
        #expect(try await fixture.directory().client(id, at: Self.now + 100) == nil)
    }

    @Test func `a revoked client is unknown, whatever its id holds`() async throws {
        let fixture = try await RegistrationFixture()
        for body in [Self.simple, Self.large] {
            let id = try await fixture.register(body).clientID
            #expect(try await fixture.directory().client(id, at: Self.now) != nil)
            _ = try await fixture.store.revokeClient(id, name: "Tool", at: Self.now)
            #expect(try await fixture.directory().client(id, at: Self.now) == nil)
        }
    }

    @Test func `a client is judged by today's redirect policy`() async throws {
        let wide = RegistrationOptions(redirectURIs: [.loopback, .host("app.example")])
        let fixture = try await RegistrationFixture(wide)
        let body = RegistrationFixture.body(
            "Tool", ["https://app.example/cb", "http://localhost:1/cb"])
        let id = try await fixture.register(body).clientID
        func uris(_ rules: [RegistrationOptions.RedirectRule]) async throws -> [String]? {
            try await fixture.directory(options: RegistrationOptions(redirectURIs: rules))
                .client(id, at: Self.now)?.redirectURIs.map(\.text)
        }
        #expect(
            try await uris([.loopback, .host("app.example")])
                == ["https://app.example/cb", "http://localhost:1/cb"])
        #expect(try await uris([.loopback]) == ["http://localhost:1/cb"])
        #expect(try await uris([.known]) == nil)
        #expect(try await uris([]) == nil)
    }

    @Test func `what is too large for an id takes a row`() async throws {
        let fixture = try await RegistrationFixture()
        let registration = try await fixture.register(Self.large)
        #expect(registration.clientID.hasPrefix("r"))
        #expect(registration.clientID.utf8.count == 23)
        #expect(try await fixture.rowCount() == 1)
        let found = try await fixture.directory().client(registration.clientID, at: Self.now)
        let client = try #require(found)
        #expect(client.redirectURIs == registration.metadata.redirectURIs)
        #expect(client.authenticationMethod == .clientSecretBasic)
        #expect(fixture.directory().isSecret(try #require(registration.secret), of: client))
    }

    @Test func `rows of clients that are never used are bounded and expire`() async throws {
        let fixture = try await RegistrationFixture()
        let directory = fixture.directory()
        for _ in 0..<ClientDirectory.unusedRowLimit {
            _ = try await fixture.register(Self.large, in: directory)
        }
        let rates = RegistrationRates(perMinute: 10_000, totalPerMinute: 10_000)
        let answer = await fixture.endpoint(rates: rates).respond(
            to: try RegistrationFixture.request(body: Self.large))
        #expect(answer.status == 503)
        #expect(RegistrationEndpointTests.error(answer) == "temporarily_unavailable")
        #expect(answer.fields.contains(.init("Retry-After", "3600")))
        #expect(try await fixture.rowCount() == ClientDirectory.unusedRowLimit)
        // Clients whose metadata fit into their ids are not concerned.
        #expect(try await fixture.register(Self.simple, in: directory).clientID.hasPrefix("d"))
        let later = Self.now + ClientDirectory.unusedRowLifetime + 1
        let next = try await fixture.register(Self.large, in: directory, at: later)
        #expect(try await fixture.rowCount() == 1)
        #expect(try await directory.client(next.clientID, at: later) != nil)
    }

    @Test func `a row that has expired is not found before it is deleted`() async throws {
        let fixture = try await RegistrationFixture()
        let id = try await fixture.register(Self.large).clientID
        let end = Self.now + ClientDirectory.unusedRowLifetime
        #expect(try await fixture.directory().client(id, at: end - 1) != nil)
        #expect(try await fixture.directory().client(id, at: end) == nil)
    }

    @Test func `the largest of the real clients fits into its id`() async throws {
        let fixture = try await RegistrationFixture()
        var longest = 0
        for real in RealRegistration.all {
            longest = max(longest, try await fixture.register(real.body).clientID.utf8.count)
        }
        #expect(longest < 200)
    }

    @Test func `an id of 512 bytes is given, and none longer`() async throws {
        let fixture = try await RegistrationFixture()
        var lengths: Set<Int> = []
        for count in 310...345 {
            let half = count / 2
            let uris = ["a", "b"].map {
                "http://localhost:1/\($0)"
                    + String(repeating: "x", count: $0 == "a" ? half : count - half)
            }
            let id = try await fixture.register(RegistrationFixture.body("T", uris)).clientID
            if id.hasPrefix("d") { lengths.insert(id.utf8.count) }
            #expect(try await fixture.directory().client(id, at: Self.now)?.redirectURIs.count == 2)
        }
        #expect(lengths.max() == 512)
        #expect(try await fixture.rowCount() > 0)
    }
}
