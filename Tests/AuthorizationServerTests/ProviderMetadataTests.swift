import Cryptography
import HTTP
import HTTPClient
import JSON
import Synchronization
import Testing

@testable import AuthorizationServer

@Suite struct ProviderMetadataTests {
    private static let issuer = "https://login.example.com/tenant"

    private static func document(_ changes: [String: String?] = [:]) -> [UInt8] {
        var members: [String: String?] = [
            "issuer": "\"\(issuer)\"", "authorization_endpoint": "\"https://a.example/authorize\"",
            "token_endpoint": "\"https://a.example/token\"",
            "jwks_uri": "\"https://a.example/jwks\"",
        ]
        for (name, value) in changes { members[name] = .some(value) }
        return Array(StubProvider.object(members).utf8)
    }

    private static func violation(
        _ changes: [String: String?], hasSecret: Bool = true
    ) -> ProviderMetadata.Violation? {
        do throws(ProviderMetadata.Violation) {
            _ = try ProviderMetadata(
                parsing: document(changes), of: issuer, hasSecret: hasSecret)
            return nil
        } catch { return error }
    }

    @Test(
        arguments: [
            (["issuer": "\"\(issuer)/\""], .wrongIssuer), (["issuer": nil], .wrongIssuer),
            (["issuer": "7"], .wrongIssuer),
            (["issuer": "\"https://LOGIN.example.com/tenant\""], .wrongIssuer),
            (["token_endpoint": nil], .unusable("token_endpoint")),
            (["token_endpoint": "\"http://a.example/token\""], .unusable("token_endpoint")),
            (
                ["authorization_endpoint": "\"javascript:alert(1)\""],
                .unusable("authorization_endpoint")
            ),
            (
                ["authorization_endpoint": "\"https://u:p@a.example/\""],
                .unusable("authorization_endpoint")
            ),
            (["jwks_uri": "\"file:///etc/passwd\""], .unusable("jwks_uri")),
            (["userinfo_endpoint": "\"http://a.example/u\""], .unusable("userinfo_endpoint")),
            (["token_endpoint_auth_methods_supported": "[\"private_key_jwt\"]"], .noAuthentication),
            (["code_challenge_methods_supported": "[\"plain\"]"], .noPKCE),
            (["id_token_signing_alg_values_supported": "[\"none\",\"HS256\"]"], .noAlgorithm),
        ] as [([String: String?], ProviderMetadata.Violation)])
    func `metadata that cannot be relied on are refused`(
        changes: [String: String?], violation: ProviderMetadata.Violation
    ) {
        #expect(Self.violation(changes) == violation)
    }

    @Test(arguments: ["", "[]", "{", "{\"issuer\":\"a\",\"issuer\":\"b\"}"])
    func `what is no object is refused`(text: String) {
        #expect(throws: ProviderMetadata.Violation.notAnObject) {
            try ProviderMetadata(parsing: Array(text.utf8), of: Self.issuer, hasSecret: true)
        }
    }

    @Test(
        arguments: [
            (nil, true, .basic), ("[\"client_secret_post\"]", true, .post),
            ("[\"client_secret_post\",\"client_secret_basic\"]", true, .basic),
            ("[\"client_secret_basic\"]", false, .none),
        ] as [(String?, Bool, ProviderMetadata.Authentication)])
    func `the secret is shown as the provider says`(
        methods: String?, hasSecret: Bool, expected: ProviderMetadata.Authentication
    ) throws {
        let metadata = try ProviderMetadata(
            parsing: Self.document(["token_endpoint_auth_methods_supported": methods]),
            of: Self.issuer, hasSecret: hasSecret)
        #expect(metadata.authentication == expected)
        #expect(metadata.algorithms == [.es256, .rs256, .ps256])
    }

    @Test func `http is for loopback alone`() {
        #expect(Self.violation(["token_endpoint": "\"http://127.0.0.1:8080/token\""]) == nil)
    }

    // MARK: - Kept

    /// Answers one after the other, the last one for ever.
    private final class Answers: OutboundClient {
        let answers: Mutex<[Result<(Int, [UInt8]), OutboundFailure>]>
        let urls = Mutex<[String]>([])

        init(_ answers: [Result<(Int, [UInt8]), OutboundFailure>]) {
            self.answers = Mutex(answers)
        }

        var count: Int { urls.withLock { $0.count } }

        func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse {
            urls.withLock { $0.append("\(request.url)") }
            let next = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            let (status, content) = try next.get()
            return OutboundResponse(status: status, fields: Fields(), content: content)
        }
    }

    private final class TestClock: Sendable {
        let milliseconds = Mutex<UInt64>(1_000_000_000)
        var now: UInt64 { milliseconds.withLock { $0 } }
        func advance(_ amount: UInt64) { milliseconds.withLock { $0 += amount } }
    }

    private static func cache(
        _ answers: Answers, _ clock: TestClock, issuer: String = issuer
    ) -> ProviderMetadataCache {
        let options = ProviderOptions(
            name: "sso", title: "SSO", kind: .openID(issuer: issuer), clientID: "g",
            clientSecret: nil)
        return ProviderMetadataCache(options, client: answers) { clock.now }
    }

    @Test func `metadata are fetched once an hour, and the last good ones go on for a day`()
        async throws
    {
        let answers = Answers([
            .success((200, Self.document())), .failure(OutboundFailure(.timeout, "slow")),
        ])
        let clock = TestClock()
        let cache = Self.cache(answers, clock)
        for _ in 0..<3 { _ = try await cache.metadata() }
        #expect(answers.count == 1)
        #expect(
            answers.urls.withLock { $0 } == [
                "https://login.example.com/tenant/.well-known/openid-configuration"
            ])
        clock.advance(ProviderMetadataCache.lifetime)
        for _ in 0..<3 { _ = try await cache.metadata() }
        #expect(answers.count == 2)
        clock.advance(ProviderMetadataCache.pauseAfterFailure)
        _ = try await cache.metadata()
        #expect(answers.count == 3)
        clock.advance(ProviderMetadataCache.staleLifetime)
        await #expect(throws: ProviderFailure.self) { try await cache.metadata() }
    }

    @Test
    func `a failure is remembered for a while, and a slash at the end of an issuer is not doubled`()
        async throws
    {
        let answers = Answers([.success((503, []))])
        let clock = TestClock()
        let cache = Self.cache(answers, clock, issuer: "https://login.example.com/")
        for _ in 0..<3 {
            await #expect(throws: ProviderFailure.self) { try await cache.metadata() }
        }
        #expect(
            answers.urls.withLock { $0 } == [
                "https://login.example.com/.well-known/openid-configuration"
            ])
        clock.advance(ProviderMetadataCache.pauseAfterFailure)
        await #expect(throws: ProviderFailure.self) { try await cache.metadata() }
        #expect(answers.count == 2)
    }
}

@Suite struct ProviderClaimsTests {
    private static func claims(_ text: String) throws -> ProviderClaims {
        ProviderClaims(try JSONDocument(parsing: Array(text.utf8)).root)
    }

    private static func outcome<Value>(
        _ body: () throws(ProviderClaims.Violation) -> Value
    ) -> Result<Value, ProviderClaims.Violation> {
        do throws(ProviderClaims.Violation) { return .success(try body()) } catch {
            return .failure(error)
        }
    }

    @Test(
        arguments: [
            ("{\"sub\":\"u1\"}", .success("u1")), ("{\"sub\":\" \"}", .success(" ")),
            ("{\"sub\":\"a@evil@corp\"}", .success("a@evil@corp")),
            ("{}", .failure(.subjectMissing)), ("{\"sub\":\"\"}", .failure(.subjectMalformed)),
            ("{\"sub\":1}", .failure(.subjectMalformed)),
            ("{\"sub\":null}", .failure(.subjectMalformed)),
            ("{\"sub\":[\"u1\"]}", .failure(.subjectMalformed)),
            ("{\"sub\":\"\\u00fc\"}", .failure(.subjectMalformed)),
            ("{\"sub\":\"a\\u0000b\"}", .failure(.subjectMalformed)),
            ("{\"sub\":\"a\\nb\"}", .failure(.subjectMalformed)),
            ("{\"email\":\"a@corp\"}", .failure(.subjectMissing)),
        ] as [(String, Result<String, ProviderClaims.Violation>)])
    func `a user is the sub and nothing else`(
        text: String, expected: Result<String, ProviderClaims.Violation>
    ) throws {
        let claims = try Self.claims(text)
        #expect(
            Self.outcome { () throws(ProviderClaims.Violation) in try claims.subject() }
                == expected)
    }

    @Test(arguments: [(255, true), (256, false)])
    func `a sub has 255 bytes at the most`(count: Int, isTaken: Bool) throws {
        let claims = try Self.claims("{\"sub\":\"\(String(repeating: "x", count: count))\"}")
        #expect(((try? claims.subject()) != nil) == isTaken)
    }

    @Test(
        arguments: [
            ("{\"id\":4711}", .success("4711")), ("{\"id\":\"x\"}", .success("x")),
            ("{\"id\":0}", .success("0")), ("{\"id\":-1}", .failure(.subjectMalformed)),
            ("{\"id\":1.5}", .failure(.subjectMalformed)),
            ("{\"id\":1e3}", .failure(.subjectMalformed)),
            ("{\"id\":null}", .failure(.subjectMissing)),
            ("{\"id\":true}", .failure(.subjectMalformed)),
            ("{\"login\":\"x\"}", .failure(.subjectMissing)),
            ("{\"id\":99999999999999999999}", .failure(.subjectMalformed)),
        ] as [(String, Result<String, ProviderClaims.Violation>)])
    func `a claim that the operator named may be a number`(
        text: String, expected: Result<String, ProviderClaims.Violation>
    ) throws {
        let claims = try Self.claims(text)
        #expect(
            Self.outcome { () throws(ProviderClaims.Violation) in
                try claims.subject(named: "id")
            } == expected)
    }

    @Test(
        arguments: [
            ("{}", .success(nil)), ("{\"groups\":null}", .success(nil)),
            ("{\"groups\":[]}", .success([])), ("{\"groups\":\"a\"}", .success(["a"])),
            ("{\"groups\":[\"a, b\",\"\\u00fc\"]}", .success(["a, b", "ü"])),
            ("{\"groups\":[\"a\",7]}", .failure(.groupsMalformed)),
            ("{\"groups\":[\"a\\nb\"]}", .failure(.groupsMalformed)),
            ("{\"groups\":[\"\"]}", .failure(.groupsMalformed)),
            ("{\"groups\":{\"a\":true}}", .failure(.groupsMalformed)),
            ("{\"groups\":true}", .failure(.groupsMalformed)),
        ] as [(String, Result<[String]?, ProviderClaims.Violation>)])
    func `groups are texts`(
        text: String, expected: Result<[String]?, ProviderClaims.Violation>
    ) throws {
        let claims = try Self.claims(text)
        #expect(
            Self.outcome { () throws(ProviderClaims.Violation) in try claims.groups("groups") }
                == expected)
    }

    @Test func `groups are bounded in number and size`() throws {
        func groups(_ count: Int, _ length: Int) throws -> [String]? {
            let group = "\"\(String(repeating: "x", count: length))\""
            let list = Array(repeating: group, count: count).joined(separator: ",")
            return try Self.claims("{\"groups\":[\(list)]}").groups("groups")
        }
        #expect(try groups(500, 256)?.count == 500)
        #expect(throws: ProviderClaims.Violation.tooManyGroups) { try groups(501, 1) }
        #expect(throws: ProviderClaims.Violation.groupsMalformed) { try groups(1, 257) }
    }

    @Test(
        arguments: [
            ("{\"name\":\"Lee\",\"preferred_username\":\"l\"}", nil, "Lee"),
            ("{\"preferred_username\":\"l\"}", nil, "l"), ("{\"name\":7}", nil, nil),
            ("{\"name\":\"a\\u0000b\"}", nil, nil), ("{\"email\":\"a@b\"}", nil, nil),
            ("{\"email\":\"a@b\"}", "email", nil),
            ("{\"email\":\"a@b\",\"email_verified\":\"true\"}", "email", nil),
            ("{\"email\":\"a@b\",\"email_verified\":true}", "email", "a@b"),
            ("{\"nick\":\"n\"}", "nick", "n"), ("{\"name\":\"Lee\"}", "nick", nil),
        ] as [(String, String?, String?)])
    func `a name is for people only, and an address only where it is verified`(
        text: String, claim: String?, expected: String?
    ) throws {
        #expect(try Self.claims(text).name(claim) == expected)
    }
}
