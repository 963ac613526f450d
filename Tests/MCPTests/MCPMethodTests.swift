import MCP
import Testing

@Suite("Methods") struct MCPMethodTests {
    static let requirements: [(String, MethodRequirement)] = [
        ("initialize", .token), ("server/discover", .token), ("ping", .token),
        ("logging/setLevel", .token), ("roots/list", .token), ("roots/other", .token),
        ("notifications/initialized", .token), ("notifications/cancelled", .token),
        ("notifications/progress", .token), ("notifications/message", .token),
        ("notifications/roots/list_changed", .token), ("notifications/tools/list_changed", .token),
        ("notifications/prompts/list_changed", .token),
        ("notifications/resources/list_changed", .token),
        ("notifications/resources/updated", .token),
        ("notifications/elicitation/complete", .token),
        ("notifications/subscriptions/acknowledged", .token),
        ("notifications/tasks/status", .token), ("notifications/tasks", .token),
        ("notifications/anything", .token),
        ("tools/list", .list(.tools)), ("prompts/list", .list(.prompts)),
        ("resources/list", .list(.resources)),
        ("resources/templates/list", .list(.resourceTemplates)),
        ("tools/call", .tool), ("prompts/get", .prompt), ("resources/read", .resource),
        ("resources/subscribe", .resource), ("resources/unsubscribe", .resource),
        ("completion/complete", .completion), ("subscriptions/listen", .subscription),
        ("tasks/get", .task), ("tasks/list", .task), ("tasks/result", .task),
        ("tasks/cancel", .task), ("tasks/update", .task), ("tasks/future", .task),
        ("sampling/createMessage", .methodScope), ("elicitation/create", .methodScope),
        ("", .methodScope), ("x", .methodScope), ("x/y", .methodScope), ("tools", .methodScope),
        ("tools/", .methodScope), ("tools/call ", .methodScope), ("Tools/call", .methodScope),
        ("TOOLS/LIST", .methodScope), ("tools/call\u{0}", .methodScope),
        ("Initialize", .methodScope), ("PING", .methodScope), ("notifications", .methodScope),
        ("Notifications/initialized", .methodScope), ("tasks", .methodScope),
        ("task\u{17F}/get", .methodScope), ("tools//call", .methodScope),
        ("rpc.discover", .methodScope), ("tools/call/", .methodScope),
    ]

    @Test(arguments: requirements)
    func `each method needs what the policy says`(_ name: String, _ need: MethodRequirement) {
        #expect(MCPMethod(utf8: bytes(name)).requirement == need)
    }

    @Test func `every known method is in the table of requirements`() {
        let tested = Set(Self.requirements.map(\.0))
        for (name, _) in MCPMethod.known { #expect(tested.contains("\(name)"), "\(name)") }
        #expect(MCPMethod.known.count == 36)
    }

    @Test(arguments: MCPMethod.known.map { "\($0.name)" })
    func `a known method is known by its exact name only`(_ name: String) {
        let method = MCPMethod(utf8: bytes(name))
        #expect(method.name == name)
        #expect(method != .other(name))
        #expect(MCPMethod(utf8: bytes(name + " ")) == .other(name + " "))
        #expect(MCPMethod(utf8: bytes(name.uppercased())) == .other(name.uppercased()))
        #expect(MCPMethod(utf8: bytes(name).dropLast()) != method)
    }

    @Test(
        arguments: [
            ("2024-11-05", ProtocolEra.legacy), ("2025-03-26", .legacy), ("2025-06-18", .legacy),
            ("2025-11-25", .legacy), ("2026-07-28", .modern),
        ])
    func `each revision belongs to its era`(_ text: String, _ era: ProtocolEra) throws {
        #expect(try #require(ProtocolRevision(utf8: Array(text.utf8)[...])).era == era)
    }

    @Test(arguments: [
        "", "2025-11-2", "2025-11-255", " 2025-11-25", "2026-07-28 ", "DRAFT-2026-v1", "2025x06-18",
        "2025-06/18", "2025006018", "202-506-18",
    ])
    func `a revision is known by its exact text only`(_ text: String) {
        #expect(ProtocolRevision(utf8: Array(text.utf8)[...]) == nil)
    }
}
