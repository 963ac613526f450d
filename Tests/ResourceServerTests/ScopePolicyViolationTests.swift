import Testing

@testable import ResourceServer

@Suite struct ScopePolicyViolationTests {
    private static func rule(_ argument: String, _ values: [ArgumentValue]) -> [ToolRule] {
        [
            ToolRule(
                name: "t", arguments: [ArgumentCondition(argument: argument, accepted: values)])
        ]
    }

    @Test(arguments: [
        ([ScopeDefinition(name: "a b")], ScopePolicyViolation.malformedName(scope: 0)),
        ([ScopeDefinition(name: "")], .malformedName(scope: 0)),
        (
            [ScopeDefinition(name: "a"), ScopeDefinition(name: "a")],
            .duplicateName(scope: 1)
        ),
        (
            [ScopeDefinition(name: "a", includes: ["b"])],
            .unknownInclude(scope: 0, name: "b")
        ),
        (
            [ScopeDefinition(name: "a", includes: ["a"])],
            .circle(scope: 0, names: ["a", "a"])
        ),
        (
            [
                ScopeDefinition(name: "x"), ScopeDefinition(name: "a", includes: ["b"]),
                ScopeDefinition(name: "b", includes: ["c", "x"]),
                ScopeDefinition(name: "c", includes: ["a"]),
            ],
            .circle(scope: 1, names: ["a", "b", "c", "a"])
        ),
        (
            [ScopeDefinition(name: "a", tools: [ToolRule(name: "")])],
            .malformedPattern(scope: 0, pattern: "")
        ),
        (
            [ScopeDefinition(name: "a", resources: [""])],
            .malformedPattern(scope: 0, pattern: "")
        ),
        (
            [ScopeDefinition(name: "a", tools: rule("/x~2", [.null]))],
            .malformedArgument(scope: 0, tool: "t", argument: "/x~2")
        ),
        (
            [ScopeDefinition(name: "a", tools: rule("", [.null]))],
            .malformedArgument(scope: 0, tool: "t", argument: "")
        ),
        (
            [ScopeDefinition(name: "a", tools: rule("x", []))],
            .malformedValue(scope: 0, tool: "t", argument: "x")
        ),
        (
            [ScopeDefinition(name: "a", tools: rule("x", [.number("0x1")]))],
            .malformedValue(scope: 0, tool: "t", argument: "x")
        ),
        (
            [ScopeDefinition(name: "a", tools: rule("x", [.number(" 1")]))],
            .malformedValue(scope: 0, tool: "t", argument: "x")
        ),
    ])
    func `a definition that cannot hold is refused`(
        definitions: [ScopeDefinition], violation: ScopePolicyViolation
    ) {
        #expect(throws: violation) { try Example.policy(definitions) }
        #expect(!violation.description.isEmpty)
    }

    @Test func `scopes may share what they include`() throws {
        let policy = try Example.policy([
            ScopeDefinition(name: "a", includes: ["b", "c"]),
            ScopeDefinition(name: "b", includes: ["d"]),
            ScopeDefinition(name: "c", includes: ["d"]),
            ScopeDefinition(name: "d", prompts: ["p"]),
        ])
        for held in ["a", "b", "c", "d"] {
            #expect(
                policy.decide(
                    .prompt(name: Example.bytes("p")), held: try Example.scopes(held),
                    grantable: nil) == .allow)
        }
    }

    @Test(arguments: [
        ("size", #"{"size":"x","Size":"y"}"#), ("size", #"{"SIZE":"x","size":"x"}"#),
        ("size", "{\"size\":\"x\",\"\u{17F}ize\":\"y\"}"),
        ("kind", "{\"kind\":\"x\",\"\u{212A}ind\":\"y\"}"),
        ("size", "{\"size\":\"x\",\"s\u{131}ze\":\"y\"}"),
        ("size", "{\"size\":\"x\",\"S\u{130}ZE\":\"y\"}"),
        ("size", #"{"size":"x","size\u0000":"y"}"#), ("size", #"{"size":"x","Size\u0000b":"y"}"#),
        ("size", #"{"size":"x","\u0053ize":"y"}"#),
        ("\u{E9}", "{\"\u{E9}\":\"x\",\"\u{C9}\":\"y\"}"),
        ("/a/b", #"{"a":{"b":"x"},"A":{"b":"y"}}"#), ("/a/b", #"{"a":{"b":"x","B":"y"}}"#),
    ])
    func `an argument beside its twin meets no condition`(
        argument: String, arguments: String
    ) throws {
        let condition = try CompiledCondition(
            ArgumentCondition(argument: argument, accepted: [.string("x")]), scope: 0, tool: "t")
        #expect(!condition.isMet(by: try Example.arguments(arguments)))
    }

    @Test(arguments: [
        ("size", #"{"size":"x","sizes":"y"}"#), ("size", #"{"siz":"y","size":"x"}"#),
        ("size", #"{"size":"x","\u0000size":"y"}"#), ("size", #"{"size":"x","b":{"Size":"y"}}"#),
        ("size", "{\"size\":\"x\",\"\u{FF53}ize\":\"y\"}"),
        ("\u{E9}", "{\"\u{E9}\":\"x\",\"e\":\"y\"}"),
    ])
    func `an argument beside other names meets its condition`(
        argument: String, arguments: String
    ) throws {
        let condition = try CompiledCondition(
            ArgumentCondition(argument: argument, accepted: [.string("x")]), scope: 0, tool: "t")
        #expect(condition.isMet(by: try Example.arguments(arguments)))
    }

    @Test(arguments: [
        ("n", ArgumentValue.number("5"), #"{"n":5}"#, true),
        ("n", .number("5"), #"{"n":6}"#, false),
        ("n", .number("5"), #"{"n":"5"}"#, false),
        ("n", .number("5"), #"{"n":5.0}"#, false),
        ("n", .number("1.5"), #"{"n":1.5}"#, true),
        ("n", .number("1.5"), #"{"n":1.50}"#, false),
        ("n", .bool(true), #"{"n":true}"#, true),
        ("n", .bool(true), #"{"n":false}"#, false),
        ("n", .bool(false), #"{"n":false}"#, true),
        ("n", .bool(true), #"{"n":1}"#, false),
        ("n", .null, #"{"n":null}"#, true),
        ("n", .null, "{}", false),
        ("n", .string(""), #"{"n":""}"#, true),
        ("n", .string(""), #"{"n":"x"}"#, false),
        ("n", .string("*"), #"{"n":["x"]}"#, false),
        ("n", .string("*"), #"{"n":{"n":"x"}}"#, false),
        ("/a/b", .string("x"), #"{"a":{"b":"x"}}"#, true),
        ("/a/b", .string("x"), #"{"a":"x"}"#, false),
        ("/a/1", .string("x"), #"{"a":["y","x"]}"#, true),
        ("/a/01", .string("x"), #"{"a":["y","x"]}"#, false),
        ("/a/2", .string("x"), #"{"a":["y","x"]}"#, false),
        ("/a/-1", .string("x"), #"{"a":["y","x"]}"#, false),
        ("/a~1b", .string("x"), #"{"a/b":"x"}"#, true),
        ("/m~0n", .string("x"), #"{"m~n":"x"}"#, true),
        ("/", .string("x"), #"{"":"x"}"#, true),
        ("a.b", .string("x"), #"{"a":{"b":"x"}}"#, false),
    ])
    func `a condition compares kind and value exactly`(
        argument: String, value: ArgumentValue, arguments: String, isMet: Bool
    ) throws {
        let condition = try CompiledCondition(
            ArgumentCondition(argument: argument, accepted: [value]), scope: 0, tool: "t")
        #expect(condition.isMet(by: try Example.arguments(arguments)) == isMet)
    }
}
