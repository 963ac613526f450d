import HTTP
import HTTPClient
import OAuth
import Storage
import Testing

@testable import AuthorizationServer

@Suite struct ClientDocumentsTests {
    private static let url = "https://app.example/client.json"
    private static let now = RegistrationFixture.now
    private static let network = ClientNetwork(ofAddress: "192.0.2.1")

    private let host = DocumentHost()

    private func fixture(
        _ kind: RegistrationOptions.MetadataDocuments = .trusted,
        _ domains: [String] = ["app.example"]
    ) async throws -> (RegistrationFixture, ClientDirectory) {
        let options = RegistrationOptions(metadataDocuments: kind, trustedDomains: domains)
        let fixture = try await RegistrationFixture(options)
        return (fixture, fixture.directory(documents: ClientDocuments(outbound: host)))
    }

    private func failure(
        _ directory: ClientDirectory, at now: Int64 = now, id: String = url
    ) async -> ClientDocumentFailure? {
        do {
            _ = try await directory.client(id, for: Self.network, at: now)
            return nil
        } catch {
            guard case .document(let failure) = error else { return nil }
            return failure
        }
    }

    @Test(arguments: RealDocument.all.indices)
    func `a document as a client publishes it is that client`(index: Int) async throws {
        let real = RealDocument.all[index]
        let (_, directory) = try await fixture(.trusted, RealDocument.domains)
        host.put(real.body, at: real.url)
        let client = try #require(
            try await directory.client(real.url, for: Self.network, at: Self.now))
        #expect(client.id == real.url)
        #expect(client.name == real.name)
        #expect(client.redirectURIs.map(\.text) == real.kept)
        #expect(client.authenticationMethod.rawValue == real.method)
        #expect(client.isAlsoPublic == real.isAlsoPublic)
        let domain = try #require(client.documentHost)
        #expect(client.verification == .domain(domain))
        #expect(RealDocument.domains.contains(domain))
        if let keysURL = real.keysURL {
            guard case .url(let place) = client.keys else {
                Issue.record("there are no keys")
                return
            }
            #expect(place.description == keysURL)
        } else {
            #expect(client.keys == nil)
        }
        let request = try #require(host.requests.first)
        #expect(request.method == .get)
        #expect(request.contentLimit == 5 * 1024)
        #expect(request.timeLimit == 5000)
    }

    @Test(
        arguments: [
            (.off, "app.example", false, false), (.trusted, "app.example", true, true),
            (.trusted, "*.example", false, false), (.trusted, "example", false, false),
            (.trusted, "pp.example", false, false), (.trusted, "app.example.org", false, false),
            (.trusted, "*.app.example", false, false), (.trusted, "app.example:8443", false, false),
            (.any, "other.example", true, false), (.any, "app.example", true, true),
        ] as [(RegistrationOptions.MetadataDocuments, String, Bool, Bool)])
    func `only what the operator wants is fetched, and only a trusted domain verifies`(
        kind: RegistrationOptions.MetadataDocuments, domain: String, isTaken: Bool,
        isVerified: Bool
    ) async throws {
        // A wildcard needs two labels; that is the configuration's to refuse.
        let domains = domain == "*.example" ? [] : [domain]
        let (_, directory) = try await fixture(kind, domains)
        host.put(RealDocument.body(at: Self.url), at: Self.url)
        let client = try await directory.client(Self.url, for: Self.network, at: Self.now)
        #expect((client != nil) == isTaken)
        #expect(host.requests.count == (isTaken ? 1 : 0))
        if isTaken {
            #expect(client?.verification == (isVerified ? .domain("app.example") : .unverified))
        }
    }

    @Test(
        arguments: [
            ("https://a.app.example/c", true), ("https://b.a.app.example/c", true),
            ("https://app.example/c", false), ("https://xapp.example/c", false),
            ("https://a.app.example:8443/c", false),
        ])
    func `a wildcard is for the hosts beneath`(url: String, isTaken: Bool) async throws {
        let (_, directory) = try await fixture(.trusted, ["*.app.example"])
        host.put(RealDocument.body(at: url), at: url)
        let client = try await directory.client(url, for: Self.network, at: Self.now)
        #expect((client != nil) == isTaken)
    }

    @Test(
        arguments: [
            (DocumentHost.Answer(status: 404), .unusable("the answer is not 200")),
            (
                DocumentHost.Answer(
                    status: 302, fields: [("Location", "https://app.example/client.json")],
                    body: RealDocument.body(at: url)), .unusable("the answer is not 200")
            ),
            (
                DocumentHost.Answer(status: 203, body: RealDocument.body(at: url)),
                .unusable("the answer is not 200")
            ),
            (DocumentHost.Answer(status: 500), .unreachable("status 500")),
            (DocumentHost.Answer(status: 429), .unreachable("status 429")),
            (
                DocumentHost.Answer(type: "text/html", body: RealDocument.body(at: url)),
                .unusable("the content is not application/json")
            ),
            (
                DocumentHost.Answer(type: nil, body: RealDocument.body(at: url)),
                .unusable("the content is not application/json")
            ),
            (
                DocumentHost.Answer(type: "text/json", body: RealDocument.body(at: url)),
                .unusable("the content is not application/json")
            ),
            (
                DocumentHost.Answer(body: RealDocument.body(at: "https://app.example/x")),
                .unusable("its client_id is not its URL")
            ),
            (
                DocumentHost.Answer(
                    body: RealDocument.body(
                        at: url, name: "Tool", uris: ["https://evil.example/cb"])),
                .unusable("registration.redirect_uris allows none of its redirect URIs")
            ),
            (
                DocumentHost.Answer(
                    body: RealDocument.body(
                        at: url, name: "Claude", uris: ["https://vscode.dev/redirect"])),
                .unusable("it bears the name of a product with other redirect URIs")
            ),
            (
                DocumentHost.Answer(failure: .forbidden),
                .unusable("forbidden: as the test wants it")
            ),
            (
                DocumentHost.Answer(failure: .malformed),
                .unusable("malformed: as the test wants it")
            ),
            (
                DocumentHost.Answer(failure: .timeout),
                .unreachable("timeout: as the test wants it")
            ),
            (
                DocumentHost.Answer(
                    body: RealDocument.body(at: url, name: String(repeating: "a", count: 6000))),
                .unusable("tooLarge: more than 5120 bytes")
            ),
        ] as [(DocumentHost.Answer, ClientDocumentFailure)])
    func `what is no good answer makes no client`(
        answer: DocumentHost.Answer, expected: ClientDocumentFailure
    ) async throws {
        let (_, directory) = try await fixture()
        host.put(answer, at: Self.url)
        #expect(await failure(directory) == expected)
    }

    @Test(arguments: ["application/json; charset=utf-8", "application/oauth-client+json"])
    func `other types of JSON are JSON`(type: String) async throws {
        let (_, directory) = try await fixture()
        host.put(
            DocumentHost.Answer(type: type, body: RealDocument.body(at: Self.url)), at: Self.url)
        #expect(try await directory.client(Self.url, at: Self.now) != nil)
    }

    @Test func `a document is kept for as long as it is good, and a dead one is no client`()
        async throws
    {
        let (_, directory) = try await fixture()
        host.put(RealDocument.body(at: Self.url), at: Self.url, seconds: 300)
        for seconds: Int64 in [0, 1, 299] {
            #expect(try await directory.client(Self.url, at: Self.now + seconds) != nil)
        }
        #expect(host.requests.count == 1)
        host.put(nil, at: Self.url)
        #expect(await failure(directory, at: Self.now + 300) != nil)
        #expect(host.requests.count == 2)
        // The failure counts for a while, so that the host is left alone.
        #expect(await failure(directory, at: Self.now + 329) != nil)
        #expect(host.requests.count == 2)
        host.put(RealDocument.body(at: Self.url, name: "Again"), at: Self.url)
        let client = try await directory.client(Self.url, at: Self.now + 330)
        #expect(client?.name == "Again")
        #expect(host.requests.count == 3)
    }

    @Test func `a clock that is set back keeps nothing for longer`() async throws {
        let (_, directory) = try await fixture()
        host.put(RealDocument.body(at: Self.url), at: Self.url, seconds: 86_400)
        #expect(try await directory.client(Self.url, at: Self.now) != nil)
        #expect(try await directory.client(Self.url, at: Self.now - 10) != nil)
        #expect(host.requests.count == 2)
    }

    @Test func `a network may cause so many fetches a minute`() async throws {
        let (_, directory) = try await fixture()
        let limit = ClientDocuments.perMinuteOfNetwork
        for number in 0..<limit {
            #expect(await failure(directory, id: Self.url + "?\(number)") != nil)
        }
        #expect(host.requests.count == limit)
        #expect(await failure(directory, id: Self.url + "?x") == .limited(retryAfter: 3))
        #expect(host.requests.count == limit)
        // Another network is not to blame.
        let other = ClientNetwork(ofAddress: "198.51.100.1")
        _ = try? await directory.client(Self.url + "?x", for: other, at: Self.now)
        #expect(host.requests.count == limit + 1)
    }

    @Test func `a host is asked so often a minute, whoever wants it`() async throws {
        let (_, directory) = try await fixture(.any, [])
        let limit = ClientDocuments.perMinuteOfHost
        for number in 0..<(limit + 10) {
            let network = ClientNetwork(ofAddress: "192.0.2.\(number)")
            _ = try? await directory.client(Self.url + "?\(number)", for: network, at: Self.now)
        }
        #expect(host.requests.count == limit)
        let network = ClientNetwork(ofAddress: "198.51.100.1")
        _ = try? await directory.client("https://b.example/c", for: network, at: Self.now)
        #expect(host.requests.count == limit + 1)
    }

    @Test func `there are so many fetches a minute in all`() async throws {
        let (_, directory) = try await fixture(.any, [])
        for number in 0..<(ClientDocuments.perMinute + 10) {
            let network = ClientNetwork(ofAddress: "10.0.\(number / 200).\(number % 200)")
            _ = try? await directory.client(
                "https://h\(number).example/c", for: network, at: Self.now)
        }
        #expect(host.requests.count == ClientDocuments.perMinute)
    }

    @Test func `a client that people use is not shut out by strangers' fetches`() async throws {
        let (_, directory) = try await fixture()
        host.put(RealDocument.body(at: Self.url), at: Self.url, seconds: 60)
        #expect(try await directory.client(Self.url, for: Self.network, at: Self.now) != nil)
        let later = Self.now + 60
        for number in 0..<ClientDocuments.perMinuteOfHost {
            _ = try? await directory.client(
                Self.url + "?\(number)", for: Self.network, at: later)
        }
        #expect(try await directory.client(Self.url, for: Self.network, at: later) != nil)
    }

    @Test func `64 requests at once are one fetch`() async throws {
        let documents = ClientDocuments(outbound: host)
        host.put(RealDocument.body(at: Self.url), at: Self.url)
        host.hold()
        let url = try #require(ClientDocumentURL(Self.url))
        let names = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    try? await documents.document(at: url, for: nil, at: Self.now).name
                }
            }
            // Each waits for the one, or asks itself.
            while documents.waiterCount(of: url) + host.requests.count < 64 { await Task.yield() }
            host.release()
            return await group.reduce(into: [String?]()) { $0.append($1) }
        }
        #expect(names == Array(repeating: "Tool", count: 64))
        #expect(host.requests.count == 1)
    }

    @Test func `so many documents are kept, the latest used ones`() async throws {
        let documents = ClientDocuments(outbound: host)
        func fetch(_ number: Int) async throws {
            let url = "https://app.example/\(number)"
            host.put(RealDocument.body(at: url), at: url)
            let found = try #require(ClientDocumentURL(url))
            _ = try await documents.document(at: found, for: nil, at: Self.now)
        }
        for number in 0..<ClientDocuments.documentLimit { try await fetch(number) }
        try await fetch(0)
        try await fetch(-1)
        let count = host.requests.count
        try await fetch(0)
        #expect(host.requests.count == count)
        try await fetch(1)
        #expect(host.requests.count == count + 1)
    }

    @Test func `so many failures are kept`() async throws {
        let documents = ClientDocuments(outbound: host)
        for number in 0..<(ClientDocuments.failureLimit * 2) {
            let url = try #require(ClientDocumentURL("https://app.example/\(number)"))
            _ = try? await documents.document(at: url, for: nil, at: Self.now)
        }
        #expect(documents.failureCount <= ClientDocuments.failureLimit)
    }

    @Test func `a client that was revoked is none, whatever its document says`() async throws {
        let (fixture, directory) = try await fixture()
        host.put(RealDocument.body(at: Self.url), at: Self.url)
        _ = try await fixture.store.revokeClient(Self.url, name: "Tool", at: Self.now)
        #expect(try await directory.client(Self.url, at: Self.now) == nil)
        #expect(host.requests.isEmpty)
    }
}
