import OAuth
import Testing

@testable import ResourceServer

@Suite struct TokenHolderTests {
    private static let claims = HolderClaims(user: "user", groups: "groups")

    private static let definitions = [
        ScopeDefinition(name: "read", tools: [ToolRule(name: "get_*")]),
        ScopeDefinition(
            name: "write", tools: [ToolRule(name: "create_*")], includes: ["read"],
            grantedTo: ["issuer/group:staff", "issuer/user:lee"]),
        ScopeDefinition(
            name: "admin", tools: [ToolRule(name: "delete_*")], includes: ["write"],
            clients: .listed(["client:console"])),
        ScopeDefinition(name: "nobody", tools: [ToolRule(name: "never")], grantedTo: []),
        ScopeDefinition(
            name: "verified", tools: [ToolRule(name: "check")], clients: .verified),
    ]

    private static func server(_ claims: HolderClaims = claims) throws -> TestServer {
        try TestServer(origin: .foreign, definitions: definitions, holderClaims: claims)
    }

    private static let all = "read write admin nobody verified"

    /// Claims of a token, and what of all scopes it then holds.
    static let holders: [([String: String?], String)] = [
        ([:], "read"),
        (["user": "\"lee\""], "read write"),
        (["user": "\"Lee\""], "read"),
        (["user": "\"kim\""], "read"),
        (["user": "\"issuer/user:lee\""], "read"),
        (["groups": "[\"staff\"]"], "read write"),
        (["groups": "[\"ops\",\"staff\"]"], "read write"),
        (["groups": "\"staff\""], "read write"),
        (["groups": "\"ops staff\""], "read"),
        (["groups": "[]"], "read"),
        (["groups": "[\"lee\"]", "user": "\"staff\""], "read"),
        (["client_id": "\"console\""], "read"),
        (["client_id": "\"console\"", "user": "\"lee\""], "read write admin"),
        (["client_id": "\"Console\"", "user": "\"lee\""], "read write"),
        (["client_id": nil, "azp": "\"console\"", "user": "\"lee\""], "read write admin"),
        (["sub": "\"lee\""], "read"),
    ]

    @Test(arguments: holders)
    func `a scope that the holder may not have is as if the token did not have it`(
        claims: [String: String?], expected: String
    ) throws {
        let test = try Self.server()
        let token = try test.verify(test.token(scope: Self.all, claims))
        #expect(token.scopes.text == expected)
        let held = Set(expected.split(separator: " "))
        let tools = [
            ("get_one", "read"), ("create_one", "write"), ("delete_one", "admin"),
            ("never", "nobody"), ("check", "verified"),
        ]
        for (tool, scope) in tools {
            let call = Operation.tool(name: Example.bytes(tool), arguments: nil)
            let decision = test.server.policy.decide(call, for: token.effectiveScopes)
            #expect((decision == .allow) == held.contains(scope[...]), "\(tool)")
            #expect(decision == .allow || decision == .unknown, "\(tool)")
            let isListed = test.server.policy.lists(
                call, for: token.effectiveScopes, visibility: .obtainable)
            #expect(isListed == held.contains(scope[...]), "\(tool)")
        }
        // Nor does the upstream hear of it.
        let lines = String(decoding: token.identityFieldLines, as: UTF8.self)
        #expect(lines.contains("X-Gatehouse-Scope: \(expected)\r\n"))
    }

    /// Claims that are malformed, and what they would be.
    static let malformed: [(String, String)] = [
        ("user", "[\"lee\"]"), ("user", "7"), ("user", "null"), ("user", "\"\""), ("user", "{}"),
        ("user", "\"" + String(repeating: "x", count: 1025) + "\""),
        ("groups", "7"), ("groups", "null"), ("groups", "{\"staff\":true}"), ("groups", "\"\""),
        ("groups", "[\"staff\",7]"), ("groups", "[[\"staff\"]]"), ("groups", "[\"\"]"),
        ("groups", "[null]"),
        ("groups", "[" + String(repeating: "\"g\",", count: 1000) + "\"staff\"]"),
    ]

    @Test(arguments: malformed)
    func `a claim of another type refuses the token, where it is read`(
        claim: String, value: String
    ) throws {
        let test = try Self.server()
        let token = try test.token(scope: Self.all, [claim: value])
        #expect(throws: TokenViolation.malformedClaim(name: claim)) { try test.verify(token) }
        let other = try Self.server(HolderClaims())
        #expect(
            try other.verify(other.token(scope: Self.all, [claim: value])).scopes.text == "read")
    }

    @Test(arguments: [
        (nil, "read"), ("true", "read write"), ("false", "read"), ("\"true\"", "read"),
        ("1", "read"), ("null", "read"),
    ])
    func `an e-mail address counts only where its issuer has verified it`(
        verified: String?, expected: String
    ) throws {
        var definitions = Self.definitions
        definitions[1].grantedTo = ["issuer/user:lee@example.com"]
        let test = try TestServer(
            origin: .foreign, definitions: definitions, holderClaims: HolderClaims(user: "email"))
        let token = try test.token(
            scope: "read write",
            ["email": "\"lee@example.com\"", "email_verified": verified])
        #expect(try test.verify(token).scopes.text == expected)
    }

    @Test func `two spellings of one letter are two names`() throws {
        var definitions = Self.definitions
        definitions[1].grantedTo = ["issuer/user:ren\u{E9}"]
        let test = try TestServer(
            origin: .foreign, definitions: definitions, holderClaims: Self.claims)
        let token = try test.token(scope: "write", ["user": "\"rene\u{301}\""])
        #expect(try test.verify(token).scopes.isEmpty)
    }

    @Test(arguments: [
        ("read", "create_one", ["user": "\"lee\""], "read write"),
        ("", "get_one", ["user": "\"kim\""], "read"),
        ("read", "delete_one", ["user": "\"lee\"", "client_id": "\"console\""], "read admin"),
        // What may not be had is not named, though the token has it.
        ("write admin", "get_one", ["user": "\"kim\""], "read"),
        ("openid write", "get_one", ["user": "\"kim\""], "openid read"),
        ("nobody", "create_one", ["user": "\"lee\""], "write"),
    ])
    func `a challenge names what the holder has and may get, nothing else`(
        scope: String, tool: String, claims: [String: String?], expected: String
    ) throws {
        let test = try Self.server()
        let outcome = try test.outcome(
            token: try test.token(scope: scope, claims), body: TestServer.call(tool))
        #expect(outcome.status == 403)
        #expect(outcome.field("WWW-Authenticate")?.contains("scope=\"\(expected)\"") == true)
    }

    @Test(arguments: [
        ("read", "create_one", ["user": "\"kim\""]),
        ("write", "create_one", ["user": "\"kim\""]),
        ("admin", "delete_one", ["user": "\"lee\""]),
        ("admin", "create_one", ["user": "\"kim\"", "client_id": "\"console\""]),
        ("nobody", "never", ["user": "\"lee\""]), ("", "check", ["user": "\"lee\""]),
    ])
    func `what the holder may not have is unknown, without a challenge`(
        scope: String, tool: String, claims: [String: String?]
    ) throws {
        let test = try Self.server()
        let outcome = try test.outcome(
            token: try test.token(scope: scope, claims), body: TestServer.call(tool))
        #expect(outcome.status == 200 && outcome.body.contains("-32602"))
    }

    @Test func `our own tokens say themselves what is granted, whatever their claims`() throws {
        let test = try TestServer(definitions: Self.definitions, holderClaims: Self.claims)
        let token = try test.verify(
            test.token(scope: "read write", ["user": "7", "grantable": "\"read write\""]))
        #expect(token.scopes.text == "read write")
    }
}
