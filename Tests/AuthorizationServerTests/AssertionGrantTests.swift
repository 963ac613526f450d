import AuthorizationServer
import Cryptography
import Foundation
import HTTP
import JOSE
import JSON
import OAuth
import Storage
import Testing

@Suite struct AssertionGrantTests {
    private static let now = TokenFixture.now
    private static let type = GrantType.jwtBearer.rawValue

    private static func form(
        _ assertion: String, _ more: [String: String] = [:]
    ) -> [String: String] {
        ["grant_type": type, "assertion": assertion].merging(more) { $1 }
    }

    // MARK: - Users

    @Test func `an identity provider's word brings its user's token, and no refresh token`()
        async throws
    {
        let fixture = try await MachineFixture.make()
        let answer = try await fixture.postBasic(Self.form(try TokenFixture.identityAssertion()))
        let tokens = try TokenAnswer(answer)
        #expect(tokens.refresh == "")
        #expect(tokens.scope == "read")
        let claims = try tokens.claims(fixture)
        #expect(claims.subject == TokenFixture.ann.subject)
        #expect(claims.document.root["client_id"]?.string == "robot")
        let grant = try await tokens.grant(fixture)
        #expect(grant.userName == "ann" && grant.source == "local" && grant.refresh == nil)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: String?
        let claims: [String: any Sendable]
        let missing: [String]
        let header: [String: any Sendable]
        let form: [String: String]

        init(
            _ name: String, _ error: String?, _ claims: [String: any Sendable] = [:],
            without missing: [String] = [], header: [String: any Sendable] = [:],
            form: [String: String] = [:]
        ) {
            (testDescription, self.error, self.claims) = (name, error, claims)
            (self.missing, self.header, self.form) = (missing, header, form)
        }

        var changes: [String: Any?] {
            var changes: [String: Any?] = claims.mapValues { $0 }
            for name in missing { changes[name] = .some(nil) }
            return changes
        }
    }

    static let users: [Case] = [
        Case("as it should be", nil),
        Case("with its resource asked for", nil, form: ["resource": MachineFixture.ticketsURL]),
        Case("with a scope of its own", nil, ["scope": "read"]),
        Case("at the limit of its lifetime", nil, ["exp": now + 600]),
        Case("for us as a URL", nil, ["aud": "\(TokenFixture.issuer)/"]),
        Case("for us with two slashes", "invalid_grant", ["aud": "\(TokenFixture.issuer)//"]),
        Case("of another issuer", "invalid_grant", ["iss": "https://evil.example"]),
        Case("of the issuer with a slash", "invalid_grant", ["iss": "https://idp.example/"]),
        Case("without issuer", "invalid_grant", without: ["iss"]),
        Case("for another server", "invalid_grant", ["aud": "https://other.example"]),
        Case("for us and others", "invalid_grant", ["aud": [TokenFixture.issuer, "https://o"]]),
        Case("for the token endpoint", "invalid_grant", ["aud": "\(TokenFixture.issuer)/token"]),
        Case("for nobody", "invalid_grant", without: ["aud"]),
        Case("for another client", "invalid_grant", ["client_id": "signer"]),
        Case("for no client", "invalid_grant", without: ["client_id"]),
        Case("without resource", "invalid_grant", without: ["resource"]),
        Case("for a resource that is none", "invalid_grant", ["resource": "tickets"]),
        Case("for a list of resources", "invalid_grant", ["resource": [MachineFixture.ticketsURL]]),
        Case("for a foreign resource", "invalid_target", ["resource": "https://o.example/mcp"]),
        Case(
            "for a server that the client may not use", "invalid_target",
            ["resource": MachineFixture.wikiURL]),
        Case(
            "for another resource than is asked for", "invalid_target",
            form: ["resource": MachineFixture.wikiURL]),
        Case("that has ended", "invalid_grant", ["exp": now - 31]),
        Case("that is good for too long", "invalid_grant", ["exp": now + 601]),
        Case("without exp", "invalid_grant", without: ["exp"]),
        Case("without iat", "invalid_grant", without: ["iat"]),
        Case("made in the future", "invalid_grant", ["iat": now + 31]),
        Case("without jti", "invalid_grant", without: ["jti"]),
        Case("without sub", "invalid_grant", without: ["sub"]),
        Case("without the name of the user", "invalid_grant", without: ["login"]),
        Case("about an unknown user", "invalid_grant", ["login": "eve"]),
        Case("about the user's sub, not name", "invalid_grant", ["login": "local:ann-digest"]),
        Case("of typ JWT", "invalid_grant", header: ["typ": "JWT"]),
        Case("of typ at+jwt", "invalid_grant", header: ["typ": "at+jwt"]),
        Case("by alg none", "invalid_grant", header: ["alg": "none"]),
        Case("with a key of its own", "invalid_grant", header: ["jwk": ["kty": "EC"]]),
        Case("with a nonce", "invalid_grant", ["nonce": "x"]),
        Case("with a scope that is no text", "invalid_grant", ["scope": ["read"]]),
        Case(
            "for less than is asked for", "invalid_scope", ["scope": "read"], form: ["scope": "run"]
        ),
        Case("for what users cannot be granted", "invalid_scope", ["scope": "run"]),
        Case("for what the client cannot be granted", "invalid_scope", ["scope": "write"]),
        Case("for an unknown scope", "invalid_scope", form: ["scope": "nothing"]),
    ]

    @Test(arguments: users)
    func `a word about a user brings what user and client may have, or nothing`(
        _ one: Case
    ) async throws {
        let fixture = try await MachineFixture.make()
        let assertion = try TokenFixture.identityAssertion(
            one.changes, header: one.header.mapValues { $0 })
        let answer = try await fixture.postBasic(Self.form(assertion, one.form))
        #expect(answer.tokenError == one.error, "\(answer.texts) \(answer.reason ?? "")")
        #expect(answer.status == (one.error == nil ? 200 : 400))
        if one.error != nil { #expect(try await fixture.store.grants(of: nil, limit: 9).isEmpty) }
    }

    @Test func `who may not prove to be the client cannot present what it found`() async throws {
        let fixture = try await MachineFixture.make()
        let assertion = try TokenFixture.identityAssertion(["client_id": "pod"])
        let answer = try await fixture.post(Self.form(assertion, ["client_id": "pod"]))
        #expect(answer.tokenError == "unauthorized_client")
    }

    @Test func `each word is good for one token, from any replica`() async throws {
        let fixture = try await MachineFixture.make()
        let assertion = try TokenFixture.identityAssertion()
        #expect(try await fixture.postBasic(Self.form(assertion)).status == 200)
        let again = try await fixture.postBasic(Self.form(assertion), seconds: 329)
        #expect(again.tokenError == "invalid_grant")
        #expect(try await fixture.store.grants(of: nil, limit: 9).count == 1)
    }

    @Test func `a foreign key signs for nobody`() async throws {
        let fixture = try await MachineFixture.make()
        let assertion = try TokenFixture.identityAssertion(by: MachineKeys.other)
        #expect(try await fixture.postBasic(Self.form(assertion)).tokenError == "invalid_grant")
    }

    @Test func `granted_to binds users whose provider speaks for them`() async throws {
        let fixture = try await MachineFixture.make { options in
            options.clients[0].scopes = ScopeSet(parsing: "close read")
        }
        let form = ["scope": "close"]
        let assertion = try TokenFixture.identityAssertion()
        #expect(try await fixture.postBasic(Self.form(assertion, form)).status == 200)
        var ann = TokenFixture.ann
        ann.groups = []
        fixture.users.set(ann)
        let later = try TokenFixture.identityAssertion()
        #expect(try await fixture.postBasic(Self.form(later, form)).tokenError == "invalid_scope")
    }

    // MARK: - Programs

    static let programs: [Case] = [
        Case("as it should be", nil),
        Case("of typ JWT", nil, header: ["typ": "JWT"]),
        Case("without iat", nil, without: ["iat"]),
        Case("for us as a URL", nil, ["aud": "\(TokenFixture.issuer)/"]),
        Case("for a scope of the client", nil, form: ["scope": "run"]),
        Case("about another program", "unauthorized_client", ["sub": "system:serviceaccount:x:y"]),
        Case("about a program of another client", "unauthorized_client", ["sub": "one"]),
        Case(
            "about the pattern's beginning", "unauthorized_client",
            ["sub": "system:serviceaccount:ci"]),
        Case("by which a client authenticates", "invalid_grant", ["sub": MachineFixture.platform]),
        Case("for somebody else", "invalid_grant", ["aud": "https://other.example"]),
        Case("for us and others", "invalid_grant", ["aud": [TokenFixture.issuer, "x"]]),
        Case("that has ended", "invalid_grant", ["exp": now - 31]),
        Case("that is good for too long", "invalid_grant", ["exp": now + 3601]),
        Case("without exp", "invalid_grant", without: ["exp"]),
        Case("without jti", "invalid_grant", without: ["jti"]),
        Case("of typ oauth-id-jag+jwt", "invalid_grant", header: ["typ": "oauth-id-jag+jwt"]),
        Case("of another issuer", "invalid_grant", ["iss": "https://evil.example"]),
        Case("for a scope of users", "invalid_scope", form: ["scope": "read"]),
        Case("for another server", "invalid_target", form: ["resource": MachineFixture.wikiURL]),
    ]

    @Test(arguments: programs)
    func `a platform's word about a program brings its client's token, or nothing`(
        _ one: Case
    ) async throws {
        let fixture = try await MachineFixture.make()
        let assertion = try TokenFixture.workloadAssertion(
            one.changes, header: one.header.mapValues { $0 })
        let form = Self.form(assertion, one.form.merging(["client_id": "pod"]) { $1 })
        let answer = try await fixture.post(form)
        #expect(answer.tokenError == one.error, "\(answer.texts) \(answer.reason ?? "")")
        guard one.error == nil else { return }
        let claims = try TokenAnswer(answer).claims(fixture)
        #expect(
            claims.subject == User.subject(of: "pod", from: "client", issuer: TokenFixture.issuer))
        #expect(try await fixture.post(form).tokenError == "invalid_grant")
    }

    @Test(arguments: [
        ("one", "one", true), ("one", "ones", false), ("one", "on", false), ("*", "", true),
        ("*", "a:b/c", true), ("a*", "a", true), ("a*", "ba", false), ("*a", "ba", true),
        ("*a", "ab", false), ("a*c", "abc", true), ("a*c", "ac", true), ("a*c", "acb", false),
        ("a*a", "a", false), ("a*b*c", "a-b-c", true), ("a*b*c", "a-c-b", false),
        ("a*b*b", "ab", false), ("a*bc*d", "abbcd", true), ("A", "a", false),
        ("e\u{301}", "\u{e9}", false), ("**", "x", true),
    ])
    func `a pattern is literal but for its stars`(
        pattern: String, subject: String, isMeant: Bool
    ) throws {
        #expect(try #require(SubjectPattern(pattern)).matches(subject) == isMeant)
    }

    @Test(arguments: ["", String(repeating: "a", count: 257)])
    func `an empty pattern and one that is too long are none`(pattern: String) {
        #expect(SubjectPattern(pattern) == nil)
    }

    @Test(arguments: ["x", "a.b.c", "", "e30.e30.e30", String(repeating: "a", count: 20_000)])
    func `what is no JWT brings nothing`(assertion: String) async throws {
        let fixture = try await MachineFixture.make()
        let answer = try await fixture.postBasic(Self.form(assertion))
        #expect(["invalid_grant", "invalid_request"].contains(answer.tokenError ?? ""))
    }
}
