import AuthorizationServer
import Cryptography
import Foundation
import HTTP
import JOSE
import JSON
import OAuth
import Storage
import Testing

@Suite struct IntrospectionTests {
    private static func endpoint(_ fixture: TokenFixture) -> IntrospectionEndpoint {
        let issuer = AccessTokenIssuer(issuer: fixture.options.issuer, keys: fixture.keys)
        return IntrospectionEndpoint(
            options: fixture.options, store: fixture.store,
            authentication: fixture.authentication, issuer: { issuer })
    }

    private static func ask(
        _ fixture: TokenFixture, _ form: [String: String], method: String = "POST",
        seconds: Int64 = 0
    ) async throws -> EndpointResponse {
        await endpoint(fixture).respond(
            to: try TokenFixture.request(
                TokenFixture.encoded(form), method: method, target: "/introspect",
                at: (TokenFixture.now + seconds) * 1000))
    }

    private static let robot = ["client_id": "robot", "client_secret": MachineFixture.secret]

    private static func about(_ token: String) -> [String: String] {
        robot.merging(["token": token]) { $1 }
    }

    @Test func `who may ask learns what the token is about`() async throws {
        let fixture = try await MachineFixture.make()
        let tokens = try await fixture.tokens(scope: "read")
        let answer = try await Self.ask(fixture, Self.about(tokens.access))
        #expect(answer.status == 200)
        #expect(answer.fields.contains(.init("Cache-Control", "no-store")))
        let root = try JSONDocument(parsing: answer.body).root
        // RFC 7662 §2.2
        #expect(root["active"]?.bool == true)
        let claims = try tokens.claims(fixture)
        for (name, value) in [
            ("scope", "read"), ("client_id", fixture.clientID), ("token_type", "Bearer"),
            ("sub", TokenFixture.ann.subject), ("aud", MachineFixture.ticketsURL),
            ("iss", TokenFixture.issuer), ("jti", claims.id),
        ] { #expect(root.member(name)?.string == value, "\(name)") }
        #expect(root["exp"].map { Array($0.rawBytes) } == Array("\(TokenFixture.now + 3600)".utf8))
        #expect(root["iat"].map { Array($0.rawBytes) } == Array("\(TokenFixture.now)".utf8))
    }

    @Test func `everything else is not active, and nothing more is said`() async throws {
        let fixture = try await MachineFixture.make()
        let good = try await fixture.tokens()
        let wiki = try await fixture.code(scope: "wiki", server: "wiki")
        let elsewhere = try TokenAnswer(try await fixture.post(fixture.redemption(wiki)))
        let ended = try await fixture.tokens()
        _ = try await fixture.store.endGrant(
            try await ended.grant(fixture).id, at: TokenFixture.now)
        var forged = good.access
        forged.removeLast(4)
        for token in [
            elsewhere.access, ended.access, forged + "AAAA", good.refresh, "x", "a.b.c",
            try TokenFixture.identityAssertion(), try TokenFixture.clientAssertion(),
        ] {
            let answer = try await Self.ask(fixture, Self.about(token))
            #expect(answer.status == 200)
            #expect(answer.body == Array(#"{"active":false}"#.utf8), "\(token.prefix(20))")
        }
        let late = try await Self.ask(fixture, Self.about(good.access), seconds: 3600)
        #expect(late.body == Array(#"{"active":false}"#.utf8))
        #expect(try await Self.ask(fixture, Self.about(good.access)).texts["sub"] != nil)
    }

    @Test func `who has no servers in its entry, is public or registered may not ask`() async throws
    {
        let fixture = try await MachineFixture.make()
        let token = try await fixture.tokens().access
        let app = ["client_id": "app", "client_secret": MachineFixture.secret, "token": token]
        #expect(try await Self.ask(fixture, app).tokenError == "unauthorized_client")
        for id in ["pod", fixture.clientID] {
            let answer = try await Self.ask(fixture, ["client_id": id, "token": token])
            #expect(answer.tokenError == "unauthorized_client")
        }
        let registered = [
            "client_id": fixture.secret.id, "client_secret": fixture.secret.secret, "token": token,
        ]
        #expect(try await Self.ask(fixture, registered).tokenError == "unauthorized_client")
        var wrong = Self.about(token)
        wrong["client_secret"] = "wrong"
        let answer = try await Self.ask(fixture, wrong)
        #expect(answer.status == 401 && answer.tokenError == "invalid_client")
    }

    @Test func `the token comes once, by POST`() async throws {
        let fixture = try await MachineFixture.make()
        #expect(try await Self.ask(fixture, Self.robot).tokenError == "invalid_request")
        #expect(try await Self.ask(fixture, Self.robot, method: "GET").status == 405)
    }

    @Test func `a store that fails says nothing`() async throws {
        let fixture = try await MachineFixture.make()
        let token = try await fixture.tokens().access
        fixture.store.fail(["grant"])
        #expect(try await Self.ask(fixture, Self.about(token)).status == 503)
    }

    @Test func `it is there and advertised only if some client may ask`() async throws {
        let fixture = try await MachineFixture.make()
        func members(_ options: AuthorizationServerOptions) throws -> JSONDocument {
            try JSONDocument(parsing: MetadataDocuments(options).authorizationServer)
        }
        let with = try members(fixture.options).root
        #expect(with["introspection_endpoint"]?.string == "\(TokenFixture.issuer)/introspect")
        #expect(
            with["grant_types_supported"]?.elements.map(\.string)
                == GrantType.allCases.map(\.rawValue))
        let without = try await TokenFixture()
        #expect(try members(without.options).root["introspection_endpoint"] == nil)
        #expect(
            try members(without.options).root["grant_types_supported"]?.elements.map(\.string).count
                == 2)
        #expect(try await Self.ask(without, ["token": "x"]).status == 404)
    }
}
