import HTTP
import JSON
import MCP
import Testing

@testable import ResourceServer

@Suite struct AnswerFilterTests {
    private static let tools =
        #"{"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"search", "x":1},"#
        + #"{"name":"create_ticket"},{"name":"\u0067et_x"},{"name":"Search"},{"name":"other"}],"#
        + #""nextCursor":"c"}}"#
    private static let filteredTools =
        #"{"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"search", "x":1},"#
        + #"{"name":"\u0067et_x"}],"#
        + #""nextCursor":"c"}}"#

    private static func filter(
        _ method: String, scope: String = "tickets:read", visibility: Visibility = .granted,
        http: String = "POST"
    ) throws -> AnswerFilter {
        let test = try TestServer(visibility: visibility)
        let body =
            http == "POST"
            ? #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":{"name":"search"}}"# : nil
        let outcome = try test.outcome(http, token: test.token(scope: scope), body: body)
        return try #require(outcome.forwarded).filter
    }

    private static func text(_ answer: FilteredAnswer) -> String {
        switch answer {
        case .unchanged: "unchanged"
        case .replaced(let bytes): String(decoding: bytes, as: UTF8.self)
        case .dropped: "dropped"
        case .refused: "refused"
        }
    }

    private static func event(_ data: String) throws -> EventStreamEvent {
        var parser = EventStreamParser()
        var offset = 0
        let bytes = Array("id: 1\ndata: \(data)\n\n".utf8)
        let event = try unsafe bytes.withUnsafeBytes { try unsafe parser.next($0, &offset) }
        return try #require(event)
    }

    @Test func `a list shows what the token opens, byte for byte`() throws {
        let filter = try Self.filter("tools/list")
        #expect(filter.inspection == .whole)
        #expect(Self.text(filter.judge(content: Array(Self.tools.utf8))) == Self.filteredTools)
    }

    @Test func `visibility obtainable shows what a step-up opens`() throws {
        let filter = try Self.filter("tools/list", visibility: .obtainable)
        let text = Self.text(filter.judge(content: Array(Self.tools.utf8)))
        #expect(text.contains("create_ticket"))
        #expect(!text.contains("other"))
    }

    @Test(arguments: ["tools/list", "tools/call", "ping", "GET"])
    func `a list in a stream is filtered, whatever the stream is for`(method: String) throws {
        let filter =
            method == "GET"
            ? try Self.filter("", http: "GET") : try Self.filter(method)
        let answer = filter.judge(event: try Self.event(Self.tools))
        #expect(Self.text(answer) == "id: 1\ndata: \(Self.filteredTools)\n\n")
    }

    @Test(arguments: [
        (
            "prompts/list", #""prompts":[{"name":"a"}]"#, "other", #""prompts":[]"#
        ),
        (
            "resources/list", #""resources":[{"uri":"ticket://1"},{"uri":"file:///1"}]"#,
            "tickets:read", #""resources":[{"uri":"ticket://1"}]"#
        ),
        (
            "resources/list", #""resources":[{"uri":"ticket://a/../b"}]"#, "tickets:read",
            #""resources":[]"#
        ),
        (
            "resources/templates/list",
            #""resourceTemplates":[{"uriTemplate":"ticket://{id}"},{"uriTemplate":"x://{id}"}]"#,
            "tickets:read", #""resourceTemplates":[{"uriTemplate":"ticket://{id}"}]"#
        ),
    ])
    func `every list is filtered by its own names`(
        method: String, result: String, scope: String, expected: String
    ) throws {
        let filter = try Self.filter(method, scope: scope)
        let answer = filter.judge(
            content: Array(#"{"jsonrpc":"2.0","id":7,"result":{\#(result)}}"#.utf8))
        #expect(Self.text(answer) == #"{"jsonrpc":"2.0","id":7,"result":{\#(expected)}}"#)
    }

    @Test(arguments: [
        "", "[]", "{", #"{"jsonrpc":"2.0","id":7,"result":{}}"#,
        #"{"jsonrpc":"2.0","id":7,"result":{"tools":{}}}"#,
        #"{"jsonrpc":"2.0","id":7,"result":{"tools":[{}]}}"#,
        #"{"jsonrpc":"2.0","id":7,"result":{"tools":["search"]}}"#,
        #"{"jsonrpc":"2.0","id":7,"result":{"tools":[],"tools":[]}}"#,
        #"{"jsonrpc":"2.0","id":7,"result":{"tools":[],"Tools":[{"name":"other"}]}}"#,
        #"[{"jsonrpc":"2.0","id":7,"result":{"tools":[]}}]"#,
    ])
    func `a list that cannot be understood is refused`(content: String) throws {
        let filter = try Self.filter("tools/list")
        #expect(Self.text(filter.judge(content: Array(content.utf8))) == "refused")
    }

    @Test(arguments: [
        (#"{"jsonrpc":"2.0","id":7,"error":{"code":-1,"message":"m"}}"#, "unchanged"),
        (#"{"jsonrpc":"2.0","id":7,"result":{"content":[]}}"#, "unchanged"),
        (#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#, "unchanged"),
        (
            #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1}}"#,
            "unchanged"
        ),
        (
            #"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":"#
                + #"{"uri":"ticket://1"}}"#, "unchanged"
        ),
        (
            #"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":"#
                + #"{"uri":"file:///1"}}"#, "dropped"
        ),
        (
            #"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":"#
                + #"{"uri":"ticket://../1"}}"#, "dropped"
        ),
        (
            #"{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"t"}}"#,
            "dropped"
        ),
        (
            #"{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{}}"#, "unchanged"
        ),
        ("[]", "refused"), ("x", "refused"),
    ])
    func `an event is judged by what it carries`(data: String, expected: String) throws {
        for filter in [try Self.filter("tools/call"), try Self.filter("", http: "GET")] {
            #expect(Self.text(filter.judge(event: try Self.event(data))) == expected)
        }
    }

    @Test func `an event without a message goes on`() throws {
        let filter = try Self.filter("tools/call")
        #expect(filter.judge(event: try Self.event("")) == .unchanged)
        #expect(filter.inspection == .short)
    }

    @Test(arguments: [
        ("tools/list", #"{"tools":[],"cacheScope":"public","ttlMs":5}"#, true),
        ("resources/read", #"{"contents":[],"cacheScope":"public","ttlMs":5}"#, true),
        ("server/discover", #"{"capabilities":{},"cacheScope":"public","ttlMs":5}"#, true),
        ("tools/list", #"{"tools":[],"cacheScope":"private","ttlMs":5}"#, false),
    ])
    func `what depends on the caller is private in 2026-07-28`(
        method: String, result: String, isChanged: Bool
    ) throws {
        let test = try TestServer()
        let uri = method == "resources/read" ? #""uri":"ticket://1","# : ""
        let body =
            #"{"jsonrpc":"2.0","id":7,"method":"\#(method)","params":{\#(uri)"_meta":{"#
            + #""io.modelcontextprotocol/protocolVersion":"2026-07-28","#
            + #""io.modelcontextprotocol/clientCapabilities":{}}}}"#
        var lines = ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: \(method)"]
        if !uri.isEmpty { lines.append("Mcp-Name: ticket://1") }
        let filter = try #require(
            try test.outcome(token: test.token(), lines, body: body).forwarded
        ).filter
        #expect(filter.inspection == .whole)
        let answer = filter.judge(
            content: Array(#"{"jsonrpc":"2.0","id":7,"result":\#(result)}"#.utf8))
        let expected = result.replacing("public", with: "private")
        #expect(
            Self.text(answer)
                == (isChanged ? #"{"jsonrpc":"2.0","id":7,"result":\#(expected)}"# : "unchanged"))
    }

    @Test(
        arguments: [
            ("tools/list", "application/json", "gzip", true),
            ("tools/list", "application/json", "identity", false),
            ("tools/list", "application/json", nil, false),
            ("tools/call", "application/json", "gzip", false),
            ("tools/call", "text/event-stream", "gzip", true),
            ("tools/call", "Text/Event-Stream; charset=utf-8", "br", true),
        ] as [(String, String, String?, Bool)])
    func `an encoded answer that must be judged is refused`(
        method: String, type: String, coding: String?, isRefused: Bool
    ) throws {
        var fields = Fields()
        fields.append(.contentType, type)
        if let coding { fields.append(.contentEncoding, coding) }
        #expect((try Self.filter(method).headViolation(fields) != nil) == isRefused)
    }

    @Test(arguments: [
        (200, false), (202, false), (400, false), (404, false), (405, false), (500, false),
        (401, true), (403, true), (407, true), (301, true), (307, true), (304, true),
    ])
    func `the upstream's own refusals become 502`(status: Int, isFailure: Bool) throws {
        #expect((UpstreamFailure(status: status) != nil) == isFailure)
        guard let failure = UpstreamFailure(status: status) else { return }
        let answer = failure.answer(id: Array("7".utf8)[...], era: .legacy, serverName: "tickets")
        #expect(answer.status == 502)
        let root = try JSONDocument(parsing: answer.body).root
        #expect(root["error"]?["code"]?.integer == 1502)
        #expect(root["id"]?.integer == 7)
        #expect(answer.reason.contains("\(status)"))
        #expect(!String(decoding: answer.body, as: UTF8.self).contains("\(status)"))
    }

    @Test func `silence is 504, the rest 502`() {
        func status(_ failure: UpstreamFailure) -> Int {
            failure.answer(id: nil, era: .modern, serverName: "s").status
        }
        #expect(status(.silent) == 504)
        #expect(status(.unreachable(detail: "refused")) == 502)
        #expect(status(.broken(detail: "two lengths")) == 502)
    }
}
