import Cryptography
import Foundation
import HTTPClient
import JSON
import OAuth
import Storage
import Testing

@testable import AuthorizationServer

/// What an identity provider signs of its own users brings tokens without a sign-in (ID-JAG).
@Suite struct ProviderStatementTests {
    private static let robot = "robot"
    private static let secret = Array(MachineFixture.secret.utf8)

    private static func site(
        claim: String = "sub", _ change: (inout ProviderOptions) -> Void = { _ in }
    ) async throws -> ProviderSite {
        try await ProviderSite(
            changing: change,
            configuring: { options, provider in
                options.clients = [
                    ClientEntry(
                        id: robot, name: "Robot", credential: .secret(.init(secret)),
                        grants: [.jwtBearer], scopes: ScopeSet(parsing: "read write"))
                ]
                options.assertionIssuers = [
                    AssertionIssuer(
                        issuer: provider.issuer, keys: .set(try MachineKeys.set()),
                        subjects: .users(.init(source: "sso", nameClaim: claim)))
                ]
            })
    }

    /// The answer to a statement of the provider, with some claims changed, or left out if nil.
    private static func present(
        _ changes: [String: Any?] = [:], at site: ProviderSite
    ) async throws -> EndpointResponse {
        var claims: [String: Any?] = [
            "iss": site.sso.issuer, "sub": "u1", "aud": ConsentFixture.issuer,
            "resource": "\(ConsentFixture.issuer)/tickets/mcp", "client_id": robot,
            "jti": UUID().uuidString, "exp": site.now + 300, "iat": site.now,
        ]
        for (name, value) in changes { claims[name] = .some(value) }
        let assertion = try MachineKeys.jwt(claims, header: ["typ": "oauth-id-jag+jwt"])
        return try await site.post([
            "grant_type": GrantType.jwtBearer.rawValue, "assertion": assertion,
            "scope": "read write",
            "client_id": robot, "client_secret": MachineFixture.secret,
        ])
    }

    private static func subject(_ site: ProviderSite) -> String {
        ProviderSite.subject("u1", "sso", site.sso)
    }

    @Test func `whom the provider names is a user without having been here`() async throws {
        let site = try await Self.site()
        let answer = try await Self.present(at: site)
        let tokens = try TokenAnswer(answer)
        // Nobody told of groups, so there are none.
        #expect(tokens.scope == "read" && tokens.refresh == "")
        #expect(answer.subject == Self.subject(site))
        #expect(site.sso.count("/token") == 0)
        #expect(try await site.fixture.store.providerUser(Self.subject(site)) == nil)
        let grant = try #require(try await site.fixture.store.grants(of: nil, limit: 9).first)
        #expect(grant.source == "sso" && grant.userName == "u1")
    }

    @Test func `it is the user who signs in with that sub, and no other`() async throws {
        let site = try await Self.site()
        let spoken = try await Self.present(at: site)
        _ = try TokenAnswer(try await site.redeem(try await site.signIn()))
        let row = try #require(try await site.fixture.store.providerUser(Self.subject(site)))
        #expect(row.providerSubject == "u1" && spoken.subject == row.subject)
        let other = try await Self.present(["sub": "u2"], at: site)
        #expect(other.status == 200 && other.subject != row.subject)
        #expect(try TokenAnswer(other).scope == "read")
    }

    @Test func `groups that the statement tells count, and not those of before`() async throws {
        let site = try await Self.site()
        let told = try await Self.present(["groups": ["support"]], at: site)
        #expect(try TokenAnswer(told).scope == "read write")
        _ = try TokenAnswer(try await site.redeem(try await site.signIn()))
        let none = try await Self.present(["groups": [String]()], at: site)
        #expect(try TokenAnswer(none).scope == "read")
    }

    @Test func `groups that it does not tell are those of now`() async throws {
        let site = try await Self.site()
        _ = try TokenAnswer(try await site.redeem(try await site.signIn()))
        #expect(try TokenAnswer(try await Self.present(at: site)).scope == "read write")
        site.sso.change { $0.claims["groups"] = "[]" }
        site.advance(ProviderUsers.checkInterval)
        #expect(try TokenAnswer(try await Self.present(at: site)).scope == "read")
        #expect(site.sso.count("/token") == 2)
    }

    @Test func `a provider without a claim for groups gives none`() async throws {
        let site = try await Self.site { $0.groupsClaim = nil }
        let answer = try await Self.present(["groups": ["support"]], at: site)
        #expect(try TokenAnswer(answer).scope == "read")
    }

    @Test func `who is gone at the provider gets nothing, and what there was ends`() async throws {
        let site = try await Self.site()
        let tokens = try TokenAnswer(try await site.redeem(try await site.signIn()))
        site.sso.change { $0.refreshTokens = [] }
        site.advance(ProviderUsers.checkInterval)
        let answer = try await Self.present(at: site)
        #expect(answer.status == 400 && answer.tokenError == "invalid_grant")
        #expect(answer.endedGrants.count == 1)
        #expect(try await site.refresh(tokens.refresh).tokenError == "invalid_grant")
    }

    @Test func `who had no grant left and is gone gets nothing either`() async throws {
        let site = try await Self.site()
        let tokens = try TokenAnswer(try await site.redeem(try await site.signIn()))
        let grant = try #require(try await site.fixture.store.grants(of: nil, limit: 9).first)
        _ = try await site.fixture.store.endGrant(grant.id, at: site.now)
        #expect(try await site.refresh(tokens.refresh).tokenError == "invalid_grant")
        site.sso.change { $0.refreshTokens = [] }
        site.advance(ProviderUsers.checkInterval)
        #expect(try await Self.present(at: site).tokenError == "invalid_grant")
    }

    @Test func `groups of a sign-in that is too old to count are none`() async throws {
        let site = try await Self.site { $0.maxAge = 600 }
        site.sso.change { $0.givesRefreshToken = false }
        _ = try TokenAnswer(try await site.redeem(try await site.signIn()))
        #expect(try TokenAnswer(try await Self.present(at: site)).scope == "read write")
        site.advance(601)
        #expect(try TokenAnswer(try await Self.present(at: site)).scope == "read")
    }

    @Test func `while the provider cannot be asked, a statement without groups waits`()
        async throws
    {
        let site = try await Self.site()
        _ = try TokenAnswer(try await site.redeem(try await site.signIn()))
        site.sso.change { $0.answers["/token"] = .failure(OutboundFailure(.timeout, "slow")) }
        site.advance(ProviderUsers.checkInterval)
        let waiting = try await Self.present(at: site)
        #expect(waiting.status == 503 && waiting.tokenError == "temporarily_unavailable")
        let told = try await Self.present(["groups": ["support"]], at: site)
        #expect(try TokenAnswer(told).scope == "read write")
    }

    @Test(
        arguments: [
            ["sub": String(repeating: "u", count: 256)], ["sub": "\u{fc}1"], ["sub": "u\u{0}"],
            ["groups": 7], ["groups": [7]], ["groups": ["a\u{7}b"]],
            ["groups": [String](repeating: "g", count: 501)],
        ] as [[String: any Sendable]])
    func `what is no user of a provider, or has groups that are none, gets nothing`(
        changes: [String: any Sendable]
    ) async throws {
        let site = try await Self.site()
        let answer = try await Self.present(changes.mapValues { $0 }, at: site)
        #expect(answer.status == 400 && answer.tokenError == "invalid_grant")
    }

    @Test func `aud_sub names the user where the operator says so`() async throws {
        let site = try await Self.site(claim: "aud_sub")
        let answer = try await Self.present(["sub": "pairwise", "aud_sub": "u1"], at: site)
        #expect(answer.subject == Self.subject(site))
        #expect(try await Self.present(at: site).tokenError == "invalid_grant")
    }

    @Test func `an issuer that is not the user's provider speaks for nobody there`() async throws {
        let site = try await Self.site()
        let users = site.fixture.interaction.sessions.users
        func standing(_ issuer: String, _ source: String = "sso") async throws -> UserStanding {
            let claims = try JSONDocument(parsing: Array("{}".utf8)).root
            return await users.standing(
                of: UserStatement(source: source, issuer: issuer, name: "u1", claims: claims),
                at: site.now)
        }
        guard case .present = try await standing(site.sso.issuer) else {
            Issue.record("its own users are there")
            return
        }
        #expect(try await standing(site.other.issuer) == .gone(endedGrants: []))
        #expect(try await standing(site.sso.issuer + "/") == .gone(endedGrants: []))
        #expect(try await standing(site.sso.issuer, "nobody") == .gone(endedGrants: []))
    }
}
