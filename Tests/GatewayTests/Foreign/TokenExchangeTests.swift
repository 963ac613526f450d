import Cryptography
import HTTP
import HTTPClient
import JOSE
import JSON
import Testing

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(2))) struct TokenExchangeTests {
    private static let issuer = "https://as.example"
    private static let keys = "https://as.example/keys"
    private static let audience = "http://127.0.0.1:8080/search/mcp"
    private static let endpoint = "https://sts.example/token"
    private static let tokenType = "urn:ietf:params:oauth:token-type:"
    private static let good =
        #"{"access_token":"exchanged-1","token_type":"Bearer","expires_in":300,"#
        + #""issued_token_type":"\#(tokenType)access_token"}"#

    private let client = StubOutboundClient()

    /// A server whose upstream gets exchanged tokens; `place` says by whom.
    private static func lines(_ place: String, _ more: String = "") -> String {
        """
        authorization_server: { issuer: "\(issuer)", jwks_uri: "\(keys)" }
        upstream_authorization:
          kind: token_exchange
          \(place)
          client_id: gateway
          client_secret_file: secret
          audience: urn:upstream
        \(more)
        """
    }

    private static let elsewhere = lines("token_endpoint: \(endpoint)")

    private func fixture(
        _ lines: String = elsewhere,
        _ script: @escaping StubOutboundClient.Script = { _ in .answer(good) }
    ) async throws -> WorkerFixture {
        client.follow { request async throws(OutboundFailure) in
            switch "\(request.url)" {
            case Self.keys: return .answer(SigningIssuer.shared.keySet)
            case "\(Self.issuer)/.well-known/oauth-authorization-server":
                return .answer(
                    #"{"issuer":"\#(Self.issuer)","token_endpoint":"\#(Self.endpoint)"}"#)
            case Self.endpoint: return try await script(request)
            default: return .answer("", status: 404)
            }
        }
        return try await WorkerFixture(lines, client: client)
    }

    private func token(_ claims: String = #""jti":"j1""#) throws -> String {
        try SigningIssuer.shared.token(
            issuer: Self.issuer, audience: Self.audience, scope: "search", claims: claims)
    }

    private var exchanges: [OutboundRequest] {
        client.requests.filter { "\($0.url)" == Self.endpoint }
    }

    @Test func `a caller's identity is exchanged once, and the upstream sees only what came`()
        async throws
    {
        let fixture = try await fixture()
        for id in ["j1", "j2", "j3"] {
            let token = try token(#""jti":"\#(id)""#)
            let answer = try await fixture.answer(to: WorkerFixture.call(token: token))
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(fixture.upstream.requests.allSatisfy { !$0.contains(token) })
        }
        #expect(
            fixture.upstream.values("Authorization")
                == Array(repeating: "Bearer exchanged-1", count: 3))
        #expect(exchanges.count == 1)
        let request = try #require(exchanges.first)
        #expect(request.method == .post)
        #expect(request.values("Authorization") == ["Basic Z2F0ZXdheTpzM2NyM3Q="])
        #expect(
            try request.parameter("grant_type")
                == "urn:ietf:params:oauth:grant-type:token-exchange")
        #expect(try request.parameter("audience") == "urn:upstream")
        #expect(
            try request.parameter("requested_token_type") == Self.tokenType + "access_token")
        #expect(try request.parameter("subject_token_type") == Self.tokenType + "jwt")
        #expect(try request.parameter("scope") == nil)
        let parts = try #require(try request.parameter("subject_token")).split(separator: ".")
        let header = try JSONDocument(parsing: try #require(Base64URL.decode(String(parts[0]))))
        #expect(header.root["typ"]?.string == "gatehouse-identity+jwt")
        let claims = try JSONDocument(parsing: try #require(Base64URL.decode(String(parts[1]))))
        #expect(claims.root["aud"]?.string == Self.endpoint)
        #expect(claims.root["iss"]?.string == "http://127.0.0.1:8080")
        #expect(claims.root["sub"]?.string == "lee")
        await fixture.end()
    }

    @Test func `two callers are two tokens`() async throws {
        let fixture = try await fixture { request in
            let count = (try? request.parameter("subject_token"))?.count ?? 0
            return .answer(Self.good.replacing("exchanged-1", with: "exchanged-\(count)"))
        }
        for subject in ["lee", "mathilda", "lee", "mathilda"] {
            let token = try SigningIssuer.shared.token(
                issuer: Self.issuer, audience: Self.audience, scope: "search", subject: subject)
            _ = try await fixture.answer(to: WorkerFixture.call(token: token))
        }
        #expect(exchanges.count == 2)
        let shown = fixture.upstream.values("Authorization")
        #expect(shown.count == 4 && shown[0] != shown[1])
        #expect(shown[0] == shown[2] && shown[1] == shown[3])
        await fixture.end()
    }

    @Test func `the provider's own token is exchanged as it is`() async throws {
        let fixture = try await fixture(
            Self.lines("issuer: \(Self.issuer)", "  scope: a b\n  header: X-Token"))
        let token = try token()
        let answer = try await fixture.answer(to: WorkerFixture.call(token: token))
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        let request = try #require(exchanges.first)
        #expect(try request.parameter("subject_token") == token)
        #expect(
            try request.parameter("subject_token_type") == Self.tokenType + "access_token")
        #expect(try request.parameter("scope") == "a b")
        #expect(fixture.upstream.values("X-Token") == ["exchanged-1"])
        #expect(fixture.upstream.values("Authorization") == [nil])
        #expect(fixture.upstream.requests.allSatisfy { !$0.contains(token) })
        await fixture.end()
    }

    @Test(
        arguments: [
            (.answer(#"{"error":"invalid_target"}"#, status: 400), 502),
            (.answer("", status: 302), 502), (.answer("", status: 500), 503),
            (.answer("{}"), 502), (.answer(good, type: "text/html"), 502),
            (.answer(good.replacing("Bearer", with: "DPoP")), 502),
            (.answer(good.replacing("exchanged-1", with: #"a\r\nX-Admin: yes"#)), 502),
            (nil, 503),
        ] as [(OutboundResponse?, Int)])
    func `without a token nothing reaches the upstream`(
        _ response: OutboundResponse?, _ status: Int
    ) async throws {
        let fixture = try await fixture { _ throws(OutboundFailure) in
            guard let response else { throw OutboundFailure(.unreachable, "gone") }
            return response
        }
        for _ in 0..<3 {
            let answer = try await fixture.answer(
                to: WorkerFixture.call(token: try token(), id: 42))
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            #expect(answer.contains(#""id":42"#))
            #expect(answer.contains(#""code":1\#(status)"#))
        }
        // It is not asked again at once.
        #expect(exchanges.count == 1)
        #expect(fixture.upstream.requests.isEmpty)
        await fixture.end()
    }

    @Test func `a token that is not good is exchanged for nothing`() async throws {
        let fixture = try await fixture()
        let answers = [
            try await fixture.answer(to: WorkerFixture.call(token: "nobody")),
            try await fixture.answer(
                to: WorkerFixture.call(
                    token: try SigningIssuer.shared.token(
                        issuer: Self.issuer, audience: "urn:other", scope: "search"))),
        ]
        #expect(answers.allSatisfy { $0.hasPrefix("HTTP/1.1 401 Unauthorized\r\n") })
        let denied = try await fixture.answer(
            to: WorkerFixture.call(
                token: try SigningIssuer.shared.token(
                    issuer: Self.issuer, audience: Self.audience, scope: "nothing")))
        #expect(denied.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
        #expect(exchanges.isEmpty)
        await fixture.end()
    }
}
