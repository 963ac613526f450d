import Cryptography
import HTTP
import JSON
import MCP
import Testing

@testable import ResourceServer

enum TestDigest {
    static func of(_ text: String) -> SHA256Digest {
        SHA256Hasher().digest(of: Array(text.utf8)[...])
    }
}

/// What becomes of calls whose fields repeat arguments, by what is known of the tool.
@Suite struct ParameterCheckTests {
    private let clock = ManualClock()
    private let test: TestServer
    private var schemas: ToolSchemas { test.server.toolSchemas }

    init() throws { test = try TestServer(toolSchemas: ToolSchemas(clock: clock.now)) }

    private static func lines(_ tool: String, _ more: [String]) -> [String] {
        ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: \(tool)"] + more
    }

    private static func body(_ tool: String, _ arguments: String) -> String {
        #"{"jsonrpc":"2.0","id":"r-1","method":"tools/call","params":{"name":"\#(tool)","#
            + #""arguments":\#(arguments),"_meta":{"io.modelcontextprotocol/protocolVersion":"#
            + #""2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}"#
    }

    private func call(
        _ more: [String], of tool: String = "search", scope: String = "tickets:read"
    ) throws -> Outcome {
        try test.outcome(
            token: test.token(scope: scope), Self.lines(tool, more),
            body: Self.body(tool, #"{"region":"eu"}"#))
    }

    private func learn(_ tools: [String: String?]) throws {
        schemas.learn(
            try ToolSchemasTests.list(
                tools.map { ToolSchemasTests.tool($0.key, mirrors: $0.value) }))
    }

    @Test(arguments: [
        ["Mcp-Param-Region: us"], [], ["Mcp-Param-Region: eu", "MCP-PARAM-REGION: eu"],
        ["Mcp-Param-Region: =?base64?ZXU?="], ["Mcp-Param_Region: eu"],
    ])
    func `a call that disagrees with its fields is refused`(_ lines: [String]) throws {
        try learn(["search": "Region"])
        let outcome = try call(lines)
        let refusal = try #require(outcome.refusal)
        #expect(refusal.status == 400)
        let root = try JSONDocument(parsing: refusal.body).root
        #expect(root["error"]?["code"]?.integer == -32020)
        #expect(root["id"]?.string == "r-1")
        #expect(refusal.ruling?.kind == .malformed)
        #expect(refusal.reason.hasPrefix("headers disagree"))
    }

    @Test func `a call that agrees with its fields goes on with them`() throws {
        try learn(["search": "Region"])
        let outcome = try call(["mcp-param-region: eu", "Mcp-Param-Other: x"])
        let forwarded = try #require(outcome.forwarded)
        #expect(forwarded.lines.contains("mcp-param-region: eu\r\n"))
        #expect(forwarded.lines.contains("Mcp-Param-Other: x\r\n"))
    }

    @Test func `a call of a tool that nobody listed waits, if it has such fields`() throws {
        let needed = try #require(try call(["Mcp-Param-Region: eu"]).needed)
        #expect(needed.tool.elementsEqual("search".utf8))
        #expect(needed.id.map { String(decoding: $0, as: UTF8.self) } == #""r-1""#)
        #expect(needed.hasFields)
        #expect(needed.overloaded.status == 503)
        #expect(try call([]).forwarded != nil)
    }

    @Test func `nobody makes the gateway ask for a tool that he may not call`() throws {
        for (tool, status) in [("delete_ticket", 403), ("nothing", 200)] {
            #expect(try call(["Mcp-Param-Region: eu"], of: tool).status == status)
        }
    }

    @Test func `fields that no annotation names go on unread`() throws {
        guard
            case .ask(let generation) = schemas.wait(
                for: Array("search".utf8)[...], hasFields: true, wake: {})
        else { throw ToolSchemasTests.Unexpected() }
        schemas.finish(.listed(try ToolSchemasTests.tools([])), of: generation)
        let forwarded = try #require(try call(["Mcp-Param-Region: anything"]).forwarded)
        #expect(forwarded.lines.contains("Mcp-Param-Region: anything\r\n"))
    }

    @Test func `where the upstream gives no list, what cannot be compared is refused`() throws {
        guard
            case .ask(let generation) = schemas.wait(
                for: Array("search".utf8)[...], hasFields: true, wake: {})
        else { throw ToolSchemasTests.Unexpected() }
        schemas.finish(.failed(.unreachable(detail: "refused")), of: generation)
        let outcome = try call(["Mcp-Param-Region: eu"])
        #expect(outcome.status == 502)
        #expect(outcome.body.contains("1502"))
        #expect(try call([]).forwarded != nil)
    }

    @Test func `lists that pass are learnt from in full, though they are filtered`() throws {
        let list =
            #"{"jsonrpc":"2.0","id":7,"result":{"ttlMs":60000,"tools":["#
            + ToolSchemasTests.tool("create_ticket", mirrors: "Region") + "]}}"
        let meta =
            #"{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#
            + #""io.modelcontextprotocol/clientCapabilities":{}}}"#
        let asked = try test.outcome(
            token: test.token(),
            ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/list"],
            body: #"{"jsonrpc":"2.0","id":7,"method":"tools/list","params":\#(meta)}"#)
        let filter = try #require(asked.forwarded).filter
        guard case .replaced(let content) = filter.judge(content: Array(list.utf8)) else {
            throw ToolSchemasTests.Unexpected()
        }
        #expect(!String(decoding: content, as: UTF8.self).contains("create_ticket"))
        let refused = try call(
            ["Mcp-Param-Region: us"], of: "create_ticket", scope: "tickets:write")
        #expect(refused.status == 400)
        let agreeing = try call(
            ["Mcp-Param-Region: eu"], of: "create_ticket", scope: "tickets:write")
        #expect(agreeing.forwarded != nil)
    }

    @Test func `lists of earlier revisions teach nothing`() throws {
        let list =
            #"{"jsonrpc":"2.0","id":7,"result":{"tools":["#
            + ToolSchemasTests.tool("search", mirrors: nil) + "]}}"
        try learn(["search": "Region"])
        let asked = try test.outcome(
            token: test.token(), body: #"{"jsonrpc":"2.0","id":7,"method":"tools/list"}"#)
        _ = try #require(asked.forwarded).filter.judge(content: Array(list.utf8))
        #expect(try call(["Mcp-Param-Region: us"]).status == 400)
    }

    @Test(arguments: ["GET", "POST"])
    func `an announced change on any stream makes what is known stale`(_ method: String) throws {
        try learn(["search": "Region"])
        let asked = try test.outcome(
            method, token: test.token(),
            body: method == "POST" ? #"{"jsonrpc":"2.0","id":7,"method":"ping"}"# : nil)
        var parser = EventStreamParser()
        var offset = 0
        let text = #"data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#
        let event = try unsafe Array("\(text)\n\n".utf8).withUnsafeBytes {
            try unsafe parser.next($0, &offset)
        }
        let filter = try #require(asked.forwarded).filter
        #expect(filter.judge(event: try #require(event)) == .unchanged)
        #expect(try call(["Mcp-Param-Region: eu"]).needed != nil)
    }

    @Test(arguments: [
        "Mcp-Param-Region: us", "mcp-param-x: y", "Mcp_Param_Region: us", "MCP.Param-Region: us",
    ])
    func `in earlier revisions such fields are not compared and not forwarded`(
        _ line: String
    ) throws {
        try learn(["search": "Region"])
        let outcome = try test.outcome(
            token: test.token(), [line],
            body: TestServer.call("search", arguments: #"{"region":"eu"}"#))
        let forwarded = try #require(outcome.forwarded)
        #expect(!forwarded.lines.lowercased().contains("param"))
    }

    @Test func `in other spellings such fields are not forwarded`() throws {
        let forwarded = try #require(try call(["X-Kept: 1", "Mcp_Param-Zone: us"]).forwarded)
        #expect(forwarded.lines.contains("X-Kept: 1\r\n"))
        #expect(!forwarded.lines.contains("Zone"))
    }
}
