import AuthorizationServer
import Cryptography
import JOSE
import OAuth
import Storage
import Synchronization
import Testing

/// What bounds statements of others beside their own rules: the entry of their issuer, and the store.
@Suite struct AssertionLimitsTests {
    private static func form(
        _ assertion: String, _ more: [String: String] = [:]
    ) -> [String: String] {
        ["grant_type": GrantType.jwtBearer.rawValue, "assertion": assertion].merging(more) { $1 }
    }

    /// `aud`, and whether it is the one that the platform's entry names.
    static let audiences: [([String], Bool)] = [
        (["https://audience.example"], true), ([TokenFixture.issuer], false),
        (["https://audience.example", TokenFixture.issuer], false), ([""], false),
        (["https://audience.example/"], false),
    ]

    @Test(arguments: audiences)
    func `where the entry names an audience ours is not taken in its place`(
        audience: [String], isTaken: Bool
    ) async throws {
        let fixture = try await MachineFixture.make { options in
            guard case .workloads(var workloads) = options.assertionIssuers[1].subjects else {
                return
            }
            workloads.audience = "https://audience.example"
            options.assertionIssuers[1].subjects = .workloads(workloads)
        }
        let assertion = try TokenFixture.workloadAssertion(["aud": audience])
        let answer = try await fixture.post(Self.form(assertion, ["client_id": "pod"]))
        #expect(answer.tokenError == (isTaken ? nil : "invalid_grant"), "\(answer.texts)")
    }

    @Test func `the resource of a word about a user is the provider's to say`() async throws {
        let fixture = try await MachineFixture.make()
        for claim in [nil, "", [MachineFixture.ticketsURL]] as [Any?] {
            let assertion = try TokenFixture.identityAssertion(["resource": claim])
            let answer = try await fixture.postBasic(
                Self.form(assertion, ["resource": MachineFixture.ticketsURL]))
            #expect(answer.tokenError == "invalid_grant")
        }
    }

    /// The scope of the word, what is asked for, and what comes of it.
    static let scopes: [(String?, String?, String?)] = [
        ("read", nil, "read"), ("read write", "read", "read"), ("read write", nil, "read write"),
        (nil, "read write", "read write"), ("read", "read write", nil), ("read", "write", nil),
        ("write", "read", nil), ("read run", nil, "read"), ("run", "read", nil),
    ]

    @Test(arguments: scopes)
    func `the scope of a word about a user is the most that it brings`(
        limit: String?, asked: String?, scope: String?
    ) async throws {
        let fixture = try await MachineFixture.make {
            $0.clients[0].scopes = ScopeSet(parsing: "run read write")
        }
        let assertion = try TokenFixture.identityAssertion(["scope": limit])
        let answer = try await fixture.postBasic(
            Self.form(assertion, asked.map { ["scope": $0] } ?? [:]))
        #expect(answer.tokenError == (scope == nil ? "invalid_scope" : nil))
        if let scope { #expect(try TokenAnswer(answer).scope == scope) }
    }

    /// What names the user, and whether anybody is meant.
    static let users: [([String: any Sendable], Bool)] = [
        (["email": "ann", "email_verified": true], true),
        (["email": "ann", "email_verified": false], false),
        (["email": "ann", "email_verified": "true"], false),
        (["email": "ann", "email_verified": 1], false), (["email": "ann"], false),
        (["email_verified": true], false), (["email": ["ann"], "email_verified": true], false),
        (["email": "ann@evil@corp", "email_verified": true], false),
        (["email": "\u{E0}nn", "email_verified": true], false),
        (["email": "Ann", "email_verified": true], false),
        (["email": "ann ", "email_verified": true], false),
        (["email": "ann\u{0}", "email_verified": true], false),
        (["email": "", "email_verified": true], false),
    ]

    @Test(arguments: users.indices)
    func `an e-mail address counts byte for byte, and only where it was verified`(
        index: Int
    ) async throws {
        let (claims, isMeant) = Self.users[index]
        let fixture = try await MachineFixture.make {
            $0.assertionIssuers[0].subjects = .users(.init(source: "local", nameClaim: "email"))
        }
        let assertion = try TokenFixture.identityAssertion(claims.mapValues { $0 })
        let answer = try await fixture.postBasic(Self.form(assertion))
        #expect(answer.tokenError == (isMeant ? nil : "invalid_grant"), "\(answer.texts)")
    }

    @Test func `a name that is too long is nobody's, whoever has it`() async throws {
        let fixture = try await MachineFixture.make()
        for length in [256, 257] {
            var user = TokenFixture.ann
            user.name = String(repeating: "n", count: length)
            fixture.users.set(user)
            let assertion = try TokenFixture.identityAssertion(["login": user.name])
            let answer = try await fixture.postBasic(Self.form(assertion))
            #expect(answer.tokenError == (length == 256 ? nil : "invalid_grant"))
        }
    }

    @Test func `a provider speaks for the users of its own sign-in`() async throws {
        let fixture = try await MachineFixture.make {
            $0.assertionIssuers[0].subjects = .users(.init(source: "sso", nameClaim: "login"))
        }
        let local = try await fixture.postBasic(Self.form(try TokenFixture.identityAssertion()))
        #expect(local.tokenError == "invalid_grant")
        let other = User(source: "sso", name: "ann", groups: [], subject: "sso:ann-digest")
        fixture.users.set(other)
        let tokens = try TokenAnswer(
            try await fixture.postBasic(Self.form(try TokenFixture.identityAssertion())))
        #expect(try tokens.claims(fixture).subject == "sso:ann-digest")
    }

    @Test func `a client that is revoked between its proof and its token gets none`() async throws {
        let (before, after) = (try await MachineFixture.make(), try await MachineFixture.make())
        _ = try await after.store.revokeClient("robot", name: "", at: TokenFixture.now)
        let issuer = AccessTokenIssuer(issuer: TokenFixture.issuer, keys: after.keys)
        let endpoint = TokenEndpoint(
            options: after.options, store: after.store, authentication: before.authentication,
            users: after.users, ring: { after.ring.withLock { $0 } }, issuer: { issuer },
            keySets: MachineKeys.lookUp)
        let secret = ["client_id": "robot", "client_secret": MachineFixture.secret]
        for form in [
            ["grant_type": "client_credentials"],
            Self.form(try TokenFixture.identityAssertion()),
        ] {
            let answer = await endpoint.respond(
                to: try TokenFixture.request(TokenFixture.encoded(form.merging(secret) { $1 })))
            #expect(answer.tokenError == "invalid_client" && answer.texts["access_token"] == nil)
        }
        #expect(try await after.store.grants(of: nil, limit: 9).isEmpty)
    }
}
