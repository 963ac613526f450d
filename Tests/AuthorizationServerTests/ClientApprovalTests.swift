import OAuth
import Storage
import Synchronization
import Testing

@testable import AuthorizationServer

/// Clients that wait for an administrator.
@Suite struct ClientApprovalTests {
    private static let now = RegistrationFixture.now
    private static let body = RegistrationFixture.body("Tool", ["http://127.0.0.1/callback"])

    private func fixture(
        _ dynamic: RegistrationOptions.Dynamic = .approval
    ) async throws -> RegistrationFixture {
        try await RegistrationFixture(RegistrationOptions(dynamic: dynamic))
    }

    private func isPending(_ id: String, _ directory: ClientDirectory) async -> Bool {
        do {
            _ = try await directory.client(id, at: Self.now)
            return false
        } catch {
            return error == .pending
        }
    }

    @Test func `a client waits until it is approved, and is named then`() async throws {
        let fixture = try await fixture()
        let directory = fixture.directory()
        let id = try await fixture.register(Self.body).clientID
        #expect(await isPending(id, directory))
        #expect(try await directory.registered(id, at: Self.now)?.isApproved == false)
        #expect(try await directory.approve(id, at: Self.now))
        let client = try #require(try await directory.client(id, at: Self.now))
        #expect(client.verification == .named)
        #expect(client.revision == [])
        // It stays beyond the day that clients wait.
        let later = Self.now + ClientDirectory.unusedRowLifetime + 1
        #expect(try await directory.client(id, at: later) != nil)
    }

    @Test func `the answer to a registration that waits is as good as any, and says so in the log`()
        async throws
    {
        let fixture = try await fixture()
        let answer = await fixture.endpoint().respond(
            to: try RegistrationFixture.request(body: Self.body))
        #expect(answer.status == 201)
        #expect(answer.events == [.registration(isAccepted: true, isPending: true)])
    }

    @Test func `who is not approved within a day is forgotten`() async throws {
        let fixture = try await fixture()
        let id = try await fixture.register(Self.body).clientID
        let later = Self.now + ClientDirectory.unusedRowLifetime
        #expect(try await fixture.directory().client(id, at: later) == nil)
        #expect(try await !fixture.directory().approve(id, at: later))
        try await fixture.store.expire(at: later + 1)
        #expect(try await fixture.rowCount() == 0)
    }

    @Test func `so many clients wait, and no more`() async throws {
        let fixture = try await fixture()
        let endpoint = fixture.endpoint(
            rates: RegistrationRates(perMinute: 100_000, totalPerMinute: 100_000))
        for _ in 0..<ClientDirectory.unusedRowLimit {
            _ = try await fixture.register(Self.body)
        }
        let request = try RegistrationFixture.request(body: Self.body)
        #expect(await endpoint.respond(to: request).status == 503)
        let id = try #require(try await fixture.store.clients(limit: 1).first?.id)
        #expect(try await fixture.directory().approve(id, at: Self.now))
        #expect(await endpoint.respond(to: request).status == 201)
    }

    @Test(arguments: [
        RegistrationFixture.body("Other Tool", ["http://127.0.0.1/callback"]),
        RegistrationFixture.body("Tool", ["http://127.0.0.1/other"]),
        RegistrationFixture.body(
            "Tool", ["http://127.0.0.1/callback", "http://127.0.0.1/other"]),
        RegistrationFixture.body(
            "Tool", ["http://127.0.0.1/callback"], method: "client_secret_basic"),
        #"{"client_name":"Tool","redirect_uris":["http://127.0.0.1/callback"],"token_endpoint_auth_method":"private_key_jwt","jwks_uri":"https://app.example/keys"}"#,
    ])
    func `a client that changes waits again`(body: String) async throws {
        let fixture = try await fixture()
        let directory = fixture.directory()
        let id = try await fixture.register(Self.body).clientID
        #expect(try await directory.approve(id, at: Self.now))
        let standing = try #require(try await directory.standing(of: id, at: Self.now))
        let metadata = try ClientMetadata(parsing: Array(body.utf8))
        guard
            case .changed = try await directory.change(id, standing, to: metadata, at: Self.now)
        else {
            Issue.record("it was not changed")
            return
        }
        #expect(await isPending(id, directory))
        #expect(try await directory.approve(id, at: Self.now))
        let client = try #require(try await directory.client(id, at: Self.now))
        #expect(client.verification == .named)
        #expect(client.revision.count == 32)
    }

    @Test func `an approval is of what the row holds, whoever wrote it`() async throws {
        let fixture = try await fixture()
        let directory = fixture.directory()
        let id = try await fixture.register(Self.body).clientID
        let row = try #require(try await fixture.store.client(id))
        // The client changes between the look and the approval.
        let other = try await fixture.register(
            RegistrationFixture.body("Evil", ["http://127.0.0.1/callback"]))
        let metadata = try #require(try await fixture.store.client(other.clientID)).metadata
        let change = ClientRecord(
            id: id, name: "Evil", status: .active, metadata: metadata, createdAt: Self.now,
            expiresAt: nil, changedAt: Self.now, endsAt: Self.now + 100)
        #expect(try await fixture.store.change(change, limit: 10, at: Self.now) == .changed)
        let approval = ClientRecord(
            id: id, name: "Tool", status: .active, metadata: row.metadata, createdAt: Self.now,
            expiresAt: nil, approval: [1])
        #expect(try await !fixture.store.approve(approval))
        // And an approval that is of something else binds nothing.
        let forged = ClientRecord(
            id: id, name: "Evil", status: .active, metadata: metadata, createdAt: Self.now,
            expiresAt: nil, approval: [UInt8](repeating: 1, count: 32))
        #expect(try await fixture.store.approve(forged))
        #expect(await isPending(id, directory))
    }

    @Test func `a client that registered while that was open waits, and can be approved`()
        async throws
    {
        let fixture = try await fixture(.open)
        let id = try await fixture.register(Self.body).clientID
        #expect(try await fixture.rowCount() == 0)
        let directory = fixture.directory(options: RegistrationOptions(dynamic: .approval))
        #expect(await isPending(id, directory))
        #expect(try await directory.approve(id, at: Self.now))
        #expect(try await directory.client(id, at: Self.now)?.verification == .named)
        #expect(try await fixture.rowCount() == 1)
    }

    @Test func `a client that was revoked is not approved`() async throws {
        let fixture = try await fixture()
        let id = try await fixture.register(Self.body).clientID
        _ = try await fixture.store.revokeClient(id, name: "Tool", at: Self.now)
        #expect(try await !fixture.directory().approve(id, at: Self.now))
        #expect(try await fixture.directory().client(id, at: Self.now) == nil)
    }

    @Test func `a person is told that the client waits, and goes nowhere`() async throws {
        let fixture = try await ConsentFixture { $0.registration.dynamic = .approval }
        let browser = ConsentBrowser(fixture)
        let id = try await fixture.client()
        let page = try await browser.consentPage(id)
        #expect(page.status == 200)
        #expect(page.location == nil)
        #expect(page.pageText.contains("This application waits for approval"))
        #expect(try PageChecker(page.body).tags("form", [:]).isEmpty)
        #expect(try await fixture.clients.approve(id, at: browser.now))
        let again = try await browser.get(ConsentFixture.target(id))
        #expect(again.pageText.contains("approved by the operator"))
        #expect(try await browser.decide(on: again).answer()?["code"] != nil)
    }

    @Test func `a client that waits gets no tokens`() async throws {
        let fixture = try await TokenFixture()
        var options = fixture.options
        options.registration.dynamic = .approval
        let authentication = ClientAuthentication(
            directory: ClientDirectory(
                store: fixture.store, ring: { fixture.ring.withLock { $0 } },
                options: options.registration))
        let form = ["client_id": fixture.clientID]
        let request = try TokenFixture.request(TokenFixture.encoded(form))
        let credentials = try ClientForm(request).credentials
        await #expect(throws: OAuthError.self) {
            _ = try await authentication.client(credentials, for: nil, at: TokenFixture.now)
        }
    }
}
