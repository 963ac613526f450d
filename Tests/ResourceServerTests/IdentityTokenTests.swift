import Cryptography
import JOSE
import JSON
import Testing

@testable import ResourceServer

@Suite struct IdentityTokenTests {
    private static let now = TestServer.now
    private static let audience = "http://tickets.internal:9000/mcp"

    private let test: TestServer
    private let key: SigningKey
    private let issuer: IdentityTokenIssuer

    init() throws {
        test = try TestServer()
        key = try SigningKey.generate(.es256)
        issuer = IdentityTokenIssuer(
            issuer: TestServer.issuer, audience: Self.audience, key: key, keyID: "i1")
    }

    private func issue(
        _ changes: [String: String?] = [:], scope: String = "tickets:read", at now: Int64 = now
    ) throws -> IdentityToken {
        let access = try test.verify(try test.token(scope: scope, changes))
        return try issuer.issue(for: access, at: test.server, now: now)
    }

    private func verified(_ token: IdentityToken) throws -> VerifiedJWS {
        try UnverifiedJWS(token.text.bytes).verified(
            by: try TestServer.keySet(key, id: "i1"), allowing: [.es256])
    }

    @Test func `it says who acts, through what, with which scopes, where, and until when`() throws {
        let jws = try verified(try issue(scope: "tickets:read tickets:write"))
        #expect(jws.header.type == "gatehouse-identity+jwt")
        #expect(jws.header.keyID == "i1")
        let claims = try JWTClaims(jws)
        let root = claims.document.root
        #expect(claims.issuer == TestServer.issuer)
        #expect(claims.audience == [Self.audience])
        #expect(claims.subject == "local:lee")
        #expect(root["client_id"]?.string == "cli")
        #expect(root["scope"]?.string == "tickets:read tickets:write")
        #expect(root["server"]?.string == "tickets")
        #expect(claims.issuedAt == Self.now)
        #expect(claims.expiresAt == Self.now + 60)
        #expect(claims.id?.utf8.count == 22)
        // Nothing of the access token beyond that.
        let names = Set(root.members.compactMap(\.name.string))
        #expect(
            names == [
                "iss", "sub", "aud", "client_id", "scope", "server", "jti", "iat", "exp",
            ])
    }

    @Test func `without scopes it has no scope`() throws {
        let claims = try JWTClaims(try verified(try issue(["scope": nil])))
        #expect(claims.document.root.member("scope") == nil)
    }

    @Test func `no two have the same jti`() throws {
        let ids = try (0..<20).map { _ in try JWTClaims(try verified(try issue())).id }
        #expect(Set(ids).count == 20)
    }

    @Test(arguments: [(3600, 60), (61, 60), (60, 60), (59, 59), (1, 1)] as [(Int64, Int64)])
    func `it lasts 60 s, and no longer than the access token`(
        _ left: Int64, _ lifetime: Int64
    )
        throws
    {
        let token = try issue(["exp": "\(Self.now + left)"])
        #expect(token.issuedAt == Self.now)
        #expect(token.expiresAt == Self.now + lifetime)
        #expect(try JWTClaims(try verified(token)).expiresAt == Self.now + lifetime)
    }

    @Test(arguments: [0, 29] as [Int64])
    func `there is none in the moment in which an ended access token is still taken`(
        _ past: Int64
    )
        throws
    {
        let access = try test.verify(try test.token(["exp": "\(Self.now + 100)"]))
        let late = Self.now + 100 + past
        #expect(!access.isExpired(at: late))
        #expect(throws: IdentityTokenFailure.accessTokenEnded) {
            try issuer.issue(for: access, at: test.server, now: late)
        }
    }

    // MARK: No other kind of token

    @Test(arguments: [TokenRules.Origin.own, .foreign])
    func `as access token it is refused, even signed with the key of access tokens`(
        _ origin: TokenRules.Origin
    ) throws {
        let test = try TestServer(origin: origin)
        // The claims that an access token has as well, so that only `typ` tells.
        let disguised = try test.token(type: IdentityTokenIssuer.type)
        #expect(throws: TokenViolation.wrongType) { try test.verify(disguised) }
        let issuer = IdentityTokenIssuer(
            issuer: TestServer.issuer, audience: TestServer.audience, key: test.key, keyID: "k1")
        let token = try issuer.issue(
            for: try test.verify(try test.token()), at: test.server, now: Self.now)
        let text = String(decoding: token.text.bytes, as: UTF8.self)
        #expect(throws: TokenViolation.wrongType) { try test.verify(text) }
        let outcome = try test.outcome(
            token: text, body: #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)
        #expect(outcome.refusal?.status == 401)
    }

    @Test func `as access token it is refused by its key`() throws {
        let text = String(decoding: try issue().text.bytes, as: UTF8.self)
        #expect(throws: TokenViolation.signature(.unknownKey)) { try test.verify(text) }
        // Nor does a key of identity tokens sign access tokens, whatever name it gives itself.
        for id in ["i1", "k1"] {
            let forged = try test.token(keyID: id, key: key)
            #expect(throws: TokenViolation.self) { try test.verify(forged) }
        }
    }

    // MARK: The cache

    private func cached(
        _ cache: IdentityTokenCache, _ access: String, at now: Int64 = now,
        from other: IdentityTokenIssuer? = nil, server: ProtectedServer? = nil
    ) throws -> IdentityToken {
        let access = try test.verify(access, at: now)
        return try cache.token(
            for: access, at: server ?? test.server, from: other ?? issuer, now: now)
    }

    @Test func `one is used again for half its life, then another is signed`() throws {
        let cache = IdentityTokenCache()
        let access = try test.token()
        let first = try cached(cache, access)
        #expect(try cached(cache, access, at: Self.now + 29).text.bytes == first.text.bytes)
        let second = try cached(cache, access, at: Self.now + 30)
        #expect(second.text.bytes != first.text.bytes)
        #expect(second.issuedAt == Self.now + 30)
        #expect(cache.count == 1)
    }

    @Test func `a shorter life has a shorter half`() throws {
        let cache = IdentityTokenCache()
        let access = try test.token(["exp": "\(Self.now + 11)"])
        let first = try cached(cache, access)
        #expect(try cached(cache, access, at: Self.now + 4).text.bytes == first.text.bytes)
        let second = try cached(cache, access, at: Self.now + 5)
        #expect(second.text.bytes != first.text.bytes)
        #expect(second.expiresAt == Self.now + 11)
    }

    @Test func `one from the future, after the clock was set back, is not used`() throws {
        let cache = IdentityTokenCache()
        let access = try test.token()
        let first = try cached(cache, access)
        #expect(try cached(cache, access, at: Self.now - 1).text.bytes != first.text.bytes)
    }

    @Test func `it never outlives the access token of the request`() throws {
        let cache = IdentityTokenCache()
        let long = try cached(cache, try test.token(["jti": "\"long\""]))
        let short = try cached(
            cache, try test.token(["jti": "\"short\"", "exp": "\(Self.now + 20)"]))
        #expect(long.expiresAt == Self.now + 60)
        #expect(short.expiresAt == Self.now + 20)
    }

    @Test func `another access token of the same grant and scope gets the same`() throws {
        let cache = IdentityTokenCache()
        let first = try cached(cache, try test.token(["jti": "\"a\""]))
        let second = try cached(cache, try test.token(["jti": "\"b\""]))
        #expect(first.text.bytes == second.text.bytes)
    }

    @Test(arguments: [
        ["sub": "\"local:kim\""], ["client_id": "\"other\""], ["scope": "\"tickets:write\""],
        ["gid": "\"g2\""],
    ])
    func `another subject, client, scope or grant gets another`(
        _ changes: [String: String?]
    )
        throws
    {
        let cache = IdentityTokenCache()
        let first = try cached(cache, try test.token())
        let second = try cached(cache, try test.token(changes))
        #expect(first.text.bytes != second.text.bytes)
        #expect(try cached(cache, try test.token()).text.bytes == first.text.bytes)
    }

    @Test func `another server object gets another, so that no configuration inherits one`() throws
    {
        let cache = IdentityTokenCache()
        let first = try cached(cache, try test.token())
        let twin = try ProtectedServer(
            name: "tickets", path: "/tickets/mcp", publicURL: TestServer.issuer,
            policy: test.server.policy, tokenRules: test.server.tokenRules)
        let second = try cached(cache, try test.token(), server: twin)
        #expect(first.text.bytes != second.text.bytes)
    }

    @Test func `with another key the next one is signed by it`() throws {
        let cache = IdentityTokenCache()
        let first = try cached(cache, try test.token())
        let rotated = IdentityTokenIssuer(
            issuer: TestServer.issuer, audience: Self.audience,
            key: try SigningKey.generate(.es256), keyID: "i2")
        let second = try cached(cache, try test.token(), from: rotated)
        #expect(first.text.bytes != second.text.bytes)
        #expect(try UnverifiedJWS(second.text.bytes).header.keyID == "i2")
    }

    @Test func `those of an ended grant are forgotten, and no others`() throws {
        let cache = IdentityTokenCache(capacity: 4)
        let kept = try cached(cache, try test.token())
        for number in 1...3 {
            _ = try cached(cache, try test.token(["gid": "\"x\(number)\""]))
        }
        #expect(cache.count == 4)
        cache.forget(["x1", "x2", "x3", "unknown"])
        #expect(cache.count == 1)
        #expect(try cached(cache, try test.token()).text.bytes == kept.text.bytes)
    }

    @Test func `the cache holds no more than its capacity`() throws {
        let cache = IdentityTokenCache(capacity: 10)
        for number in 0..<100 {
            _ = try cached(cache, try test.token(["gid": "\"\(number)\""]))
            #expect(cache.count <= 10)
        }
        #expect(cache.count >= 5)
    }

    @Test func `its description does not show it`() throws {
        let token = try issue()
        let text = String(decoding: token.text.bytes, as: UTF8.self)
        var dumped = ""
        dump(token, to: &dumped)
        #expect(!"\(token) \(String(reflecting: token)) \(dumped)".contains(text))
    }
}
