import Cryptography
import HTTP
import JSON
import OAuth
import Seals
import Storage
import Testing

@testable import AuthorizationServer

/// Registration with an initial access token (RFC 7591 §3).
@Suite struct InvitedRegistrationTests {
    private static let body = RegistrationFixture.body("Tool", ["http://127.0.0.1/callback"])
    private static let now = RegistrationFixture.now

    private func fixture() async throws -> RegistrationFixture {
        try await RegistrationFixture(RegistrationOptions(dynamic: .token))
    }

    private func invitation(
        _ fixture: RegistrationFixture, uses: Int64 = 1, lifetime: Int64 = 3600
    ) async throws -> String {
        let token = InitialAccessToken.make()
        let isKept = try await fixture.store.invite(
            InvitationRecord(
                id: "i\(token.text.prefix(6))", digest: token.digest, name: "Lee", useLimit: uses,
                createdAt: Self.now, expiresAt: Self.now + lifetime), limit: 10, at: Self.now)
        #expect(isKept)
        return token.text
    }

    private func register(
        _ fixture: RegistrationFixture, _ field: String?, body: String = body,
        at seconds: Int64 = 0
    ) async throws -> EndpointResponse {
        await fixture.endpoint().respond(
            to: try RegistrationFixture.request(
                body: body, fields: field.map { "Authorization: \($0)\r\n" } ?? "",
                atMilliseconds: (Self.now + seconds) * 1000))
    }

    @Test func `a token is good for as many registrations as it says`() async throws {
        let fixture = try await fixture()
        let token = try await invitation(fixture, uses: 2)
        for _ in 0..<2 {
            let answer = try await register(fixture, "Bearer \(token)")
            #expect(answer.status == 201)
            let id = try #require(answer.clientID)
            let client = try await fixture.directory().client(id, at: Self.now)
            #expect(client?.verification == .unverified)
        }
        let third = try await register(fixture, "Bearer \(token)")
        #expect(third.status == 401)
        #expect(RegistrationEndpointTests.error(third) == "invalid_token")
        let fields = third.fields.filter { $0.name == "WWW-Authenticate" }
        #expect(fields.map(\.value).first?.hasPrefix("Bearer error=\"invalid_token\"") == true)
    }

    @Test(arguments: [
        nil, "Bearer", "Bearer ", "Bearer x", "Basic dDp0", "bearer", "Bearer a b",
        "Bearer " + String(repeating: "a", count: 600),
    ])
    func `without a good token nobody registers`(field: String?) async throws {
        let fixture = try await fixture()
        _ = try await invitation(fixture)
        let answer = try await register(fixture, field)
        #expect(answer.status == 401)
        #expect(RegistrationEndpointTests.error(answer) == "invalid_token")
        #expect(answer.events == [.registration(isAccepted: false)])
    }

    @Test func `a token that has expired or was taken back is none`() async throws {
        let fixture = try await fixture()
        let token = try await invitation(fixture)
        #expect(try await register(fixture, "Bearer \(token)", at: 3600).status == 401)
        #expect(try await register(fixture, "Bearer \(token)", at: 3599).status == 201)
        let other = try await invitation(fixture)
        let id = try #require(try await fixture.store.invitations(at: Self.now).first?.id)
        #expect(try await fixture.store.withdrawInvitation(id))
        #expect(try await register(fixture, "Bearer \(other)").status == 401)
        #expect(try await !fixture.store.withdrawInvitation(id))
    }

    @Test func `what is refused uses nothing up`() async throws {
        let fixture = try await fixture()
        let token = try await invitation(fixture)
        let wrong = RegistrationFixture.body("Tool", ["https://evil.example/"])
        #expect(try await register(fixture, "Bearer \(token)", body: wrong).status == 400)
        #expect(try await register(fixture, "Bearer \(token)", body: "{").status == 400)
        #expect(try await register(fixture, "Bearer \(token)").status == 201)
    }

    @Test func `of many registrations at once as many are taken as the token is good for`()
        async throws
    {
        let fixture = try await fixture()
        let token = try await invitation(fixture, uses: 5)
        let endpoint = fixture.endpoint()
        let request = try RegistrationFixture.request(
            body: Self.body, fields: "Authorization: Bearer \(token)\r\n")
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<20 { group.addTask { await endpoint.respond(to: request).status } }
            return await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 201 } == 5)
        #expect(statuses.count { $0 == 401 } == 15)
    }

    @Test func `metadata too large for an id take a row, and use the token all the same`()
        async throws
    {
        let fixture = try await fixture()
        let token = try await invitation(fixture)
        let large = ClientDirectoryTests.large
        #expect(try await register(fixture, "Bearer \(token)", body: large).status == 201)
        #expect(try await fixture.rowCount() == 1)
        #expect(try await register(fixture, "Bearer \(token)", body: large).status == 401)
        #expect(try await fixture.rowCount() == 1)
    }

    @Test func `who registered without a token while that was allowed is not served now`()
        async throws
    {
        let fixture = try await fixture()
        let open = fixture.directory(options: RegistrationOptions(dynamic: .open))
        let id = try await fixture.register(Self.body, in: open).clientID
        #expect(try await open.client(id, at: Self.now) != nil)
        #expect(try await fixture.directory().client(id, at: Self.now) == nil)
        // An administrator's word counts as much as a token.
        #expect(try await fixture.directory().approve(id, at: Self.now))
        #expect(try await fixture.directory().client(id, at: Self.now)?.verification == .named)
    }

    @Test func `the store keeps no token, and so many invitations`() async throws {
        let fixture = try await fixture()
        let token = try await invitation(fixture)
        let kept = try #require(try await fixture.store.invitations(at: Self.now).first)
        #expect(kept.digest == sha256(Array(token.utf8)).bytes)
        for _ in 1..<10 { _ = try await invitation(fixture) }
        let next = InvitationRecord(
            id: "i", digest: [1], name: "", useLimit: 1, createdAt: Self.now,
            expiresAt: Self.now + 60)
        #expect(try await !fixture.store.invite(next, limit: 10, at: Self.now))
        // Those that cannot be used any more make room.
        #expect(try await fixture.store.invite(next, limit: 10, at: Self.now + 3600))
    }

    @Test func `a client that was invited keeps that in its id, and its keys`() throws {
        let uri = try #require(RedirectURI("http://127.0.0.1/callback"))
        let set = Array(
            #"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#
                .utf8)
        let ring = KeyRing([RegistrationFixture.newKey])
        let url = RegisteredKeys(uri: try .init(parsing: "https://app.example/keys"))
        for keys in [nil, url, RegisteredKeys(set: set)] {
            for isInvited in [true, false] {
                let registration = AcceptedRegistration(
                    name: "Tool", redirectURIs: [uri], method: keys == nil ? .none : .privateKeyJWT,
                    keys: keys, isInvited: isInvited, issuedAt: 1, expiresAt: 2)
                let id = try #require(SelfContainedClientID(ring: ring).make(registration))
                #expect(SelfContainedClientID(ring: ring).registration(in: id) == registration)
                #expect(AcceptedRegistration(bytes: registration.bytes + [0]) == nil)
            }
        }
    }
}
