import AuthorizationServer
import Cryptography
import JOSE
import JSON
import OAuth
import Testing

@Suite struct AccessTokenIssuerTests {
    static let content = AccessTokenContent(
        subject: "local:ann", audience: "https://gate.example/tickets",
        clientID: "gatehouse-cli", scopes: scopes("read write"),
        grantable: scopes("read write admin"), grantID: "g1")

    static func scopes(_ text: String) -> ScopeSet {
        ScopeSet(parsing: text) ?? ScopeSet()
    }

    func keys() async throws -> SigningKeys {
        try await SigningKeys.load(
            .es256, for: .accessTokens, from: MemoryStore(), KeysAtRest(masterKey: nil), at: 1
        ) { try SigningKey.generate($0) }
    }

    func claims(_ token: IssuedAccessToken, _ keys: SigningKeys) throws -> JWTClaims {
        let jws = try UnverifiedJWS(token.text.bytes).verified(by: keys.keySet, allowing: [.es256])
        #expect(jws.header.type == "at+jwt")
        #expect(jws.header.keyID == keys.currentID)
        return try JWTClaims(jws)
    }

    @Test func `a token says what RFC 9068 section 2.2 asks for`() async throws {
        let keys = try await keys()
        let issuer = AccessTokenIssuer(issuer: "https://gate.example", keys: keys)
        let token = try issuer.issue(Self.content, at: 1_800_000_000, lifetime: 3600)
        let claims = try claims(token, keys)
        #expect(claims.issuer == "https://gate.example")
        #expect(claims.subject == "local:ann")
        #expect(claims.audience == ["https://gate.example/tickets"])
        #expect(claims.issuedAt == 1_800_000_000)
        #expect(claims.expiresAt == 1_800_003_600)
        #expect(claims.id == token.id)
        #expect(token.expiresAt == 1_800_003_600)
        let root = claims.document.root
        #expect(root["client_id"]?.string == "gatehouse-cli")
        #expect(root["scope"]?.string == "read write")
        #expect(root["grantable"]?.string == "read write admin")
        #expect(root["gid"]?.string == "g1")
        try claims.requireTime(1_800_003_599)
        #expect(throws: JWTViolation.expired) { try claims.requireTime(1_800_003_600) }
    }

    @Test func `empty scopes are left out`() async throws {
        let keys = try await keys()
        var content = Self.content
        content.scopes = ScopeSet()
        content.grantable = ScopeSet()
        let token = try AccessTokenIssuer(issuer: "i", keys: keys).issue(
            content, at: 1, lifetime: 1)
        let root = try claims(token, keys).document.root
        #expect(root["scope"] == nil)
        #expect(root["grantable"] == nil)
    }

    @Test func `each token has its own jti of 128 bits`() async throws {
        let issuer = AccessTokenIssuer(issuer: "i", keys: try await keys())
        let ids = try (0..<50).map { _ in
            try issuer.issue(Self.content, at: 1, lifetime: 1).id
        }
        #expect(Set(ids).count == 50)
        #expect(ids.allSatisfy { Base64URL.decode($0)?.count == 16 })
    }

    @Test func `a token is not shown by its description`() async throws {
        let token = try AccessTokenIssuer(issuer: "i", keys: try await keys()).issue(
            Self.content, at: 1, lifetime: 1)
        let text = String(decoding: token.text.bytes, as: UTF8.self)
        #expect(!"\(token)".contains(text.prefix(20)))
    }
}
