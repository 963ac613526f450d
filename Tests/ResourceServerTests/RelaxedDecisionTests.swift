import JSON
import Testing

@testable import ResourceServer

@Suite struct RelaxedDecisionTests {
    struct Row: Sendable {
        let method: String
        let params: String
        let scope: String
        let operation: @Sendable () throws -> ResourceServer.Operation
        let isRelaxed: Bool?
    }

    private static func tool(
        _ name: String, _ arguments: String, _ scope: String, _ isRelaxed: Bool?
    )
        -> Row
    {
        Row(
            method: "tools/call", params: #"{"name":"\#(name)","arguments":\#(arguments)}"#,
            scope: scope,
            operation: {
                .tool(name: Example.bytes(name), arguments: try Example.arguments(arguments))
            }, isRelaxed: isRelaxed)
    }

    static let rows: [Row] = [
        tool("get_ticket", "{}", "tickets:read", nil),
        tool("create_ticket", "{}", "tickets:read", true),
        tool("unheard_of", "{}", "tickets:read", true),
        tool("deploy", #"{"environment":"live"}"#, "tickets:write", true),
        Row(
            method: "resources/read", params: #"{"uri":"ticket://a/../b"}"#, scope: "tickets:read",
            operation: { .resource(uri: Example.bytes("ticket://a/../b")) }, isRelaxed: false),
        Row(
            method: "x/y", params: "{}", scope: "tickets:read",
            operation: { .method(name: Example.bytes("x/y")) }, isRelaxed: false),
    ]

    @Test(arguments: rows)
    func `what is said of observe mode is what it does`(_ row: Row) throws {
        let test = try TestServer(observation: ObservationPeriod(endsAt: TestServer.now + 60))
        let text = try test.token(scope: row.scope)
        let token = try test.verify(text)
        let decision = test.server.policy.decide(
            try row.operation(), for: token.effectiveScopes)
        #expect(decision.isRelaxedByObserving == row.isRelaxed)
        let body = #"{"jsonrpc":"2.0","id":1,"method":"\#(row.method)","params":\#(row.params)}"#
        let outcome = try test.outcome(token: text, body: body)
        #expect((outcome.forwarded != nil) == (row.isRelaxed ?? true))
        let enforced = try TestServer()
        let refused = try enforced.outcome(
            token: try enforced.token(scope: row.scope), body: body)
        #expect((refused.forwarded != nil) == (row.isRelaxed == nil))
    }
}
