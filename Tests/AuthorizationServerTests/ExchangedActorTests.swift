import AuthorizationServer
import Cryptography
import JOSE
import JSON
import OAuth
import Testing

/// Who acts for whom in tokens that were exchanged (RFC 8693 §4).
@Suite struct ExchangedActorTests {
    private static func claims(
        _ fixture: TokenFixture, _ token: String
    ) throws -> [String: Any?] {
        let jws = try UnverifiedJWS(Array(token.utf8)).verified(
            by: fixture.keys.keySet, allowing: [.es256])
        let root = try JWTClaims(jws).document.root
        var claims: [String: Any?] = [:]
        for member in root.members {
            guard let name = member.name.string else { continue }
            let number = member.value.integer.map { $0 as Any }
            claims[name] = .some(member.value.string.map { $0 as Any } ?? number)
        }
        return claims
    }

    /// A token for tickets; ann has agreed to the wiki too.
    private static func access(_ fixture: TokenFixture) async throws -> String {
        var access = ""
        for (server, scope) in [("wiki", "wiki"), ("tickets", "read")] {
            let code = try await fixture.code(scope: scope, client: "app", server: server)
            let form = fixture.redemption(code, ["client_id": nil])
            access = try TokenAnswer(try await fixture.postBasic(form, id: "app")).access
        }
        return access
    }

    /// The answer to an exchange of a token with these claims, signed by our own key.
    private static func exchange(
        _ claims: [String: Any?], _ fixture: TokenFixture
    ) async throws -> EndpointResponse {
        let token = try MachineKeys.jwt(
            claims, header: ["typ": "at+jwt", "kid": fixture.keys.currentID],
            by: fixture.keys.current)
        return try await fixture.postBasic(
            [
                "grant_type": GrantType.tokenExchange.rawValue, "subject_token": token,
                "subject_token_type": TokenExchangeRequest.accessTokenType,
                "resource": MachineFixture.wikiURL,
            ], id: "app")
    }

    @Test func `a token for two servers is none of ours`() async throws {
        let fixture = try await MachineFixture.make()
        var claims = try Self.claims(fixture, try await Self.access(fixture))
        claims["aud"] = [MachineFixture.ticketsURL]
        #expect(try await Self.exchange(claims, fixture).status == 200)
        for audience in [[MachineFixture.ticketsURL, MachineFixture.wikiURL], []] {
            claims["aud"] = audience
            let answer = try await Self.exchange(claims, fixture)
            #expect(answer.tokenError == "invalid_request")
        }
    }

    /// `act` as the RFC has it, and whether the token can be exchanged.
    static let members: [(String, any Sendable, Bool)] = [
        // §4.1, figure 5
        ("act", ["sub": "admin@example.com"], false),
        // §4.1, figure 6
        (
            "act",
            [
                "sub": "https://service16.example.com",
                "act": ["sub": "https://service77.example.com"],
            ] as [String: any Sendable], false
        ),
        ("act", [String: String](), false), ("act", "admin@example.com", false),
        // §4.4 — who may act has not acted.
        ("may_act", ["sub": "admin@example.com"], true),
    ]

    @Test(arguments: members.indices)
    func `a token by which somebody acts for another is not exchanged again`(
        index: Int
    ) async throws {
        let (name, value, isTaken) = Self.members[index]
        let fixture = try await MachineFixture.make()
        let access = try await Self.access(fixture)
        var claims = try Self.claims(fixture, access)
        claims[name] = .some(value)
        let answer = try await Self.exchange(claims, fixture)
        #expect((answer.status == 200) == isTaken, "\(answer.texts)")
        guard isTaken else {
            #expect(answer.tokenError == "invalid_request")
            return
        }
        // §4.1 — the actor is who asked, with `sub` and nothing that describes a token.
        let new = try TokenAnswer(answer).claims(fixture).document.root
        #expect(new["act"]?.members.map(\.name.string) == ["sub"])
        #expect(new["may_act"] == nil)
        #expect(new["sub"]?.string == TokenFixture.ann.subject)
        #expect(new["client_id"]?.string == "app")
    }
}
