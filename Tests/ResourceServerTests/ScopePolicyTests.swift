import JSON
import OAuth
import Testing

@testable import ResourceServer

/// The example of the policy document.
enum Example {
    static let definitions = [
        ScopeDefinition(
            name: "tickets:read", description: "Read tickets",
            tools: [
                ToolRule(name: "get_*"), ToolRule(name: "list_*"), ToolRule(name: "search"),
            ],
            resources: ["ticket://*"], prompts: ["*"]),
        ScopeDefinition(
            name: "tickets:write", description: "Create and change tickets",
            tools: [
                ToolRule(name: "create_*"),
                ToolRule(
                    name: "deploy",
                    arguments: [
                        ArgumentCondition(
                            argument: "environment",
                            accepted: [.string("staging"), .string("test-*")])
                    ]),
            ],
            includes: ["tickets:read"], grantedTo: ["sso/group:support", "local/user:lee"]),
        ScopeDefinition(
            name: "tickets:admin", description: "Delete tickets",
            tools: [ToolRule(name: "delete_ticket")], includes: ["tickets:write"], initial: false,
            clients: .verified),
    ]

    static func policy(_ definitions: [ScopeDefinition] = definitions) throws -> ScopePolicy {
        try ScopePolicy(definitions, serverName: "tickets")
    }

    static func scopes(_ text: String) throws -> ScopeSet {
        try #require(ScopeSet(parsing: text))
    }

    static func bytes(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    static func arguments(_ text: String) throws -> JSONValue {
        try JSONDocument(parsing: Array(text.utf8)).root
    }
}

@Suite struct ScopePolicyTests {
    private static let read = "tickets:read"
    private static let write = "tickets:write"
    private static let admin = "tickets:admin"
    private static let all = "tickets:read tickets:write tickets:admin"

    private static func text(_ decision: Decision, _ policy: ScopePolicy) -> String {
        switch decision {
        case .allow: "allow"
        case .stepUp(let scope): "step up to \(policy.name(of: scope).text)"
        case .unknown: "unknown"
        case .unknownMethod: "unknown method"
        case .denied(let denial): "denied: \(denial.description)"
        }
    }

    @Test(arguments: [
        ("get_ticket", read, all, "allow"),
        ("list_tickets", read, all, "allow"),
        ("search", read, all, "allow"),
        ("search", write, all, "allow"),
        ("search", admin, all, "allow"),
        ("create_ticket", write, all, "allow"),
        ("create_ticket", read, all, "step up to tickets:write"),
        ("create_ticket", read, "tickets:read tickets:admin", "step up to tickets:admin"),
        ("create_ticket", read, "tickets:read", "unknown"),
        ("create_ticket", read, "", "unknown"),
        ("delete_ticket", admin, all, "allow"),
        ("delete_ticket", write, all, "step up to tickets:admin"),
        ("delete_ticket", read, "tickets:read tickets:write", "unknown"),
        ("search", "", all, "step up to tickets:read"),
        ("search", "", "tickets:admin tickets:write", "step up to tickets:write"),
        ("search", "other:scope", "", "unknown"),
        ("delete_tickets", admin, all, "unknown"),
        ("Search", admin, all, "unknown"),
        ("search ", admin, all, "unknown"),
        ("", admin, all, "unknown"),
        ("tickets:read", read, all, "unknown"),
    ])
    func `a tool is decided by name, held and obtainable scopes`(
        tool: String, held: String, grantable: String, expected: String
    ) throws {
        let policy = try Example.policy()
        let decision = policy.decide(
            .tool(name: Example.bytes(tool), arguments: nil), held: try Example.scopes(held),
            grantable: try Example.scopes(grantable))
        #expect(Self.text(decision, policy) == expected)
    }

    @Test(arguments: [
        (write, #"{"environment":"staging"}"#, "allow"),
        (write, #"{"environment":"test-1"}"#, "allow"),
        (write, #"{"environment":"\u0073taging"}"#, "allow"),
        (write, #"{"environment":"production"}"#, "denied"),
        (write, #"{"environment":"Staging"}"#, "denied"),
        (write, #"{"environment":["staging"]}"#, "denied"),
        (write, #"{"environment":null}"#, "denied"),
        (write, #"{"Environment":"staging"}"#, "denied"),
        (write, "{}", "denied"),
        (read, #"{"environment":"staging"}"#, "step up"),
        (read, #"{"environment":"production"}"#, "denied"),
    ])
    func `an argument condition is met or names the argument`(
        held: String, arguments: String, expected: String
    ) throws {
        let policy = try Example.policy()
        let decision = policy.decide(
            .tool(
                name: Example.bytes("deploy"), arguments: try Example.arguments(arguments)),
            held: try Example.scopes(held), grantable: try Example.scopes(Self.all))
        switch expected {
        case "allow": #expect(decision == .allow)
        case "step up": #expect(Self.text(decision, policy) == "step up to tickets:write")
        default: #expect(decision == .denied(.argument("environment")))
        }
    }

    @Test func `a call without arguments does not meet a condition`() throws {
        let policy = try Example.policy()
        let decision = policy.decide(
            .tool(name: Example.bytes("deploy"), arguments: nil),
            held: try Example.scopes(Self.write), grantable: nil)
        #expect(decision == .denied(.argument("environment")))
    }

    @Test func `a failed condition is lifted by an obtainable scope without it`() throws {
        var definitions = Example.definitions
        definitions[2].tools.append(ToolRule(name: "deploy"))
        let policy = try Example.policy(definitions)
        let call = Operation.tool(
            name: Example.bytes("deploy"),
            arguments: try Example.arguments(#"{"environment":"production"}"#))
        let held = try Example.scopes(Self.write)
        let obtainable = policy.decide(call, held: held, grantable: try Example.scopes(Self.all))
        #expect(Self.text(obtainable, policy) == "step up to tickets:admin")
        let other = policy.decide(call, held: held, grantable: try Example.scopes(Self.write))
        #expect(other == .denied(.argument("environment")))
    }

    @Test(arguments: [
        ("ticket://42", read, "allow"),
        ("ticket://", read, "allow"),
        ("file:///a", read, "unknown"),
        ("ticket://42", "", "step up to tickets:read"),
        ("ticket://a/../b", read, "denied: the resource URI has a dot segment"),
        ("TICKET://42", read, "denied: the resource URI has an upper-case scheme or host"),
    ])
    func `a resource is decided by its URI`(uri: String, held: String, expected: String) throws {
        let policy = try Example.policy()
        let decision = policy.decide(
            .resource(uri: Example.bytes(uri)), held: try Example.scopes(held),
            grantable: try Example.scopes(Self.all))
        #expect(Self.text(decision, policy) == expected)
    }

    @Test func `without methods an unknown method is refused`() throws {
        let policy = try Example.policy()
        let held = try Example.scopes(Self.all)
        let method = Operation.method(name: Example.bytes("x/run"))
        #expect(policy.decide(method, held: held, grantable: nil) == .unknownMethod)
        var definitions = Example.definitions
        definitions[0].methods = ["x/*"]
        #expect(
            try Example.policy(definitions).decide(method, held: held, grantable: nil) == .allow)
    }

    @Test func `prompts and templates are decided alike`() throws {
        let policy = try Example.policy()
        let held = try Example.scopes(Self.read)
        func decide(_ operation: Operation) -> Decision {
            policy.decide(operation, held: held, grantable: nil)
        }
        #expect(decide(.prompt(name: Example.bytes("any"))) == .allow)
        #expect(decide(.resourceTemplate(Example.bytes("ticket://{id}"))) == .allow)
        #expect(decide(.resourceTemplate(Example.bytes("file:///{id}"))) == .unknown)
        #expect(decide(.resourceTemplate(Example.bytes("ticket://{id"))) == .unknown)
    }

    @Test func `a server without scopes has one that opens everything`() throws {
        let policy = try Example.policy([])
        #expect(policy.initialScopes.text == "tickets")
        for operation in [
            Operation.tool(name: Example.bytes("anything"), arguments: nil),
            .prompt(name: Example.bytes("p")), .resource(uri: Example.bytes("x://y")),
            .method(name: Example.bytes("z/y")),
        ] {
            #expect(
                policy.decide(operation, held: try Example.scopes("tickets"), grantable: nil)
                    == .allow)
            #expect(
                policy.decide(operation, held: ScopeSet(), grantable: ScopeSet()) != .allow)
        }
    }

    @Test func `without a grantable claim scopes for some users or clients are not offered`() throws
    {
        let policy = try Example.policy()
        func decide(_ tool: String) throws -> Decision {
            policy.decide(
                .tool(name: Example.bytes(tool), arguments: nil),
                held: try Example.scopes("openid"), grantable: nil)
        }
        #expect(try Self.text(decide("search"), policy) == "step up to tickets:read")
        #expect(try decide("create_ticket") == .unknown)
        #expect(try decide("delete_ticket") == .unknown)
    }

    @Test func `a challenge keeps what is held and asks for no offline access`() throws {
        let policy = try Example.policy()
        let effective = policy.effectiveScopes(
            held: try Example.scopes("openid offline_access tickets:read"),
            grantable: try Example.scopes(Self.all))
        let call = Operation.tool(name: Example.bytes("create_ticket"), arguments: nil)
        guard case .stepUp(let scope) = policy.decide(call, for: effective) else {
            Issue.record("a step-up is expected")
            return
        }
        #expect(
            policy.challengeScopes(adding: scope, to: effective).text
                == "openid tickets:read tickets:write")
    }

    @Test(arguments: [
        ("search", read, Visibility.granted, true),
        ("deploy", write, .granted, true),
        ("deploy", read, .granted, false),
        ("deploy", read, .obtainable, true),
        ("delete_ticket", read, .granted, false),
        ("delete_ticket", read, .obtainable, true),
        ("unheard_of", admin, .obtainable, false),
    ])
    func `lists show what is open, and what a condition narrows`(
        tool: String, held: String, visibility: Visibility, expected: Bool
    ) throws {
        let policy = try Example.policy()
        let effective = policy.effectiveScopes(
            held: try Example.scopes(held), grantable: try Example.scopes(Self.all))
        let shown = policy.lists(
            .tool(name: Example.bytes(tool), arguments: nil), for: effective,
            visibility: visibility)
        #expect(shown == expected)
    }

    @Test func `a long list of scopes keeps its order and its limit`() throws {
        let definitions = (0..<ScopePolicy.maximumScopes).map {
            ScopeDefinition(
                name: "s\($0)", tools: [ToolRule(name: "t\($0)")],
                includes: $0 == 0 ? [] : ["s\($0 - 1)"])
        }
        let policy = try Example.policy(definitions)
        for number in [0, 63, 64, 127] {
            #expect(
                policy.decide(
                    .tool(name: Example.bytes("t0"), arguments: nil),
                    held: try Example.scopes("s\(number)"), grantable: nil) == .allow)
        }
        #expect(
            policy.decide(
                .tool(name: Example.bytes("t127"), arguments: nil),
                held: try Example.scopes("s126"), grantable: ScopeSet()) == .unknown)
        #expect(throws: ScopePolicyViolation.tooManyScopes) {
            try Example.policy(definitions + [ScopeDefinition(name: "one more")])
        }
    }
}
