import JSON
import MCP
import OAuth
import Seals
import Testing

@testable import ResourceServer

/// Tasks belong to the principal that was given them, and to whoever may call the tool behind them.
@Suite struct TaskTests {
    private static let modern = [
        "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", "Mcp-Name: search",
    ]
    private static let modernMeta =
        #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#
        + #""io.modelcontextprotocol/clientCapabilities":{"extensions":{"#
        + #""io.modelcontextprotocol/tasks":{}}}}"#

    private static func call(_ tool: String = "search", id: String = "7") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"\#(tool)","#
            + #""task":{"ttl":60000}}}"#
    }

    private static func about(_ method: String, _ task: String, id: String = "8") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":{"taskId":"\#(task)"}}"#
    }

    private static func text(_ verdict: FilteredAnswer) -> String {
        switch verdict {
        case .unchanged: "unchanged"
        case .replaced(let bytes): String(decoding: bytes, as: UTF8.self)
        case .dropped: "dropped"
        case .refused(let reason): "refused: \(reason)"
        }
    }

    private static func filter(
        _ test: TestServer, _ token: String, _ body: String?, _ lines: [String] = []
    ) throws -> AnswerFilter {
        let outcome = try test.outcome(
            body == nil ? "GET" : "POST", token: token, lines, body: body)
        return try #require(outcome.forwarded).filter
    }

    /// Makes a task the way a server does, and gives the id that the client sees.
    private static func make(
        _ test: TestServer, _ token: String, _ id: String = "up-1", tool: String = "search"
    ) throws -> String {
        let verdict = try filter(test, token, call(tool)).judge(
            content: Array(#"{"jsonrpc":"2.0","id":7,"result":{"task":{"taskId":"\#(id)"}}}"#.utf8))
        guard case .replaced(let bytes) = verdict else { throw NoTask(verdict: verdict) }
        let sealed = try JSONDocument(parsing: bytes).root["result"]?["task"]?["taskId"]?.string
        return try #require(sealed)
    }

    struct NoTask: Error { let verdict: FilteredAnswer }

    @Test func `a task that a call makes comes back sealed, in both shapes`() throws {
        let test = try TestServer()
        let token = try test.token()
        let legacy = try Self.make(test, token)
        #expect(legacy.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") })
        #expect(!legacy.contains("up-1"))
        let body =
            #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search","#
            + "\(Self.modernMeta)}}"
        let filter = try Self.filter(test, token, body, Self.modern)
        #expect(filter.inspection == .short)
        let answer = Self.text(
            filter.judge(
                content: Array(
                    #"{"jsonrpc":"2.0","id":7,"result":{"resultType":"task", "taskId":"up-1"}}"#
                        .utf8)))
        #expect(
            answer
                == #"{"jsonrpc":"2.0","id":7,"result":{"resultType":"task", "taskId":"\#(legacy)"}}"#
        )
    }

    @Test func `a result is no task where the client is not ready for one`() throws {
        let test = try TestServer()
        let filter = try Self.filter(test, test.token(), TestServer.call("search"))
        let result = #"{"jsonrpc":"2.0","id":7,"result":{"taskId":"up-1","content":[]}}"#
        #expect(filter.judge(content: Array(result.utf8)) == .unchanged)
    }

    @Test(arguments: [
        #"{"jsonrpc":"2.0","id":8,"result":{"content":[]}}"#,
        #"{"jsonrpc":"2.0","id":"7","result":{"content":[]}}"#,
        #"{"jsonrpc":"2.0","id":8,"error":{"code":1,"message":"m"}}"#,
        #"{"jsonrpc":"2.0","method":"notifications/progress","params":{}}"#,
        #"{"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{}}"#,
        #"[{"jsonrpc":"2.0","id":7,"result":{"content":[]}}]"#, "{}", "no JSON",
    ])
    func `an answer to something else is not passed on`(content: String) throws {
        let test = try TestServer()
        let filter = try Self.filter(test, test.token(), TestServer.call("search"))
        guard case .refused = filter.judge(content: Array(content.utf8)) else {
            Issue.record("passed on")
            return
        }
    }

    @Test func `a refusal may have an id of the server's own, a result may not`() throws {
        let test = try TestServer()
        let filter = try Self.filter(test, test.token(), TestServer.call("search"))
        let error =
            #"{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"no"}}"#
        #expect(filter.judge(content: Array(error.utf8), status: 400) == .unchanged)
        let result = #"{"jsonrpc":"2.0","id":"server-error","result":{"content":[]}}"#
        for (content, status) in [(error, 200), (result, 400), (result, 200)] {
            guard case .refused = filter.judge(content: Array(content.utf8), status: status) else {
                Issue.record("passed on: \(content) with \(status)")
                continue
            }
        }
    }

    @Test(arguments: [
        #"{"jsonrpc":"2.0","id":7,"result":{"content":[]}}"#,
        #"{"jsonrpc":"2.0","id":7,"error":{"code":1,"message":"m"}}"#,
        #"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m"}}"#,
    ])
    func `the answer to the request goes on as it came`(content: String) throws {
        let test = try TestServer()
        let filter = try Self.filter(test, test.token(), TestServer.call("search"))
        #expect(filter.judge(content: Array(content.utf8)) == .unchanged)
    }

    @Test(arguments: ["tasks/get", "tasks/result", "tasks/cancel", "tasks/update"])
    func `the upstream is told its own id, and nothing else changes`(method: String) throws {
        let test = try TestServer()
        let token = try test.token()
        let id = #"up \u00e9\"1"#
        let sealed = try Self.make(test, token, id)
        let forwarded = try #require(
            try test.outcome(token: token, body: Self.about(method, sealed)).forwarded)
        #expect(
            String(decoding: forwarded.body, as: UTF8.self)
                == Self.about(method, "up \u{E9}\\\"1"))
        #expect(forwarded.ruling.rule?.pattern == "search")
    }

    @Test func `Mcp-Name names the task as the upstream knows it`() throws {
        let test = try TestServer()
        let token = try test.token()
        for (id, name) in [("up-1", "up-1"), ("up 1", "=?base64?dXAgMQ==?=")] {
            let sealed = try Self.make(test, token, id)
            let body =
                #"{"jsonrpc":"2.0","id":8,"method":"tasks/get","params":{"taskId":"\#(sealed)","#
                + "\(Self.modernMeta)}}"
            let forwarded = try #require(
                try test.outcome(
                    token: token,
                    [
                        "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tasks/get",
                        "Mcp-Name: \(sealed)",
                    ], body: body
                ).forwarded)
            let lines = forwarded.lines.split(separator: "\r\n")
            #expect(
                lines.filter { $0.lowercased().hasPrefix("mcp-name:") } == ["Mcp-Name: \(name)"])
        }
    }

    @Test func `nobody else can use the id`() throws {
        let test = try TestServer()
        let sealed = try Self.make(test, test.token())
        let others = [
            try test.token(["sub": "\"local:eve\""]), try test.token(["client_id": "\"other\""]),
        ]
        for token in others {
            let outcome = try test.outcome(token: token, body: Self.about("tasks/get", sealed))
            #expect(outcome.status == 200)
            #expect(outcome.body.contains("-32602"))
            #expect(outcome.refusal?.ruling?.kind == .unknown)
        }
    }

    @Test(arguments: ["up-1", "", "AAAA", "~"])
    func `an id that was not given out is nobody's`(id: String) throws {
        let test = try TestServer()
        let token = try test.token()
        let sealed = try Self.make(test, token)
        var changed = Array(sealed)
        changed[changed.count - 3] = changed[changed.count - 3] == "A" ? "B" : "A"
        for wrong in [id, String(changed), sealed + "A", String(sealed.dropLast())] {
            let outcome = try test.outcome(token: token, body: Self.about("tasks/get", wrong))
            #expect(outcome.status == 200, "\(wrong)")
            #expect(outcome.body.contains("Unknown task"))
        }
    }

    @Test func `whoever lost the scope of the tool lost the task`() throws {
        let test = try TestServer()
        let sealed = try Self.make(test, test.token(scope: "tickets:write"), tool: "create_x")
        let stepUp = try test.outcome(
            token: test.token(scope: "tickets:read"), body: Self.about("tasks/get", sealed))
        #expect(stepUp.status == 403)
        #expect(stepUp.refusal?.ruling?.neededScope?.text == "tickets:write")
        let never = try test.outcome(
            token: test.token(scope: "tickets:read", ["grantable": "\"tickets:read\""]),
            body: Self.about("tasks/get", sealed))
        #expect(never.status == 200)
        #expect(never.body.contains("Unknown task"))
    }

    @Test func `a condition that was met when the task was made is not asked again`() throws {
        let test = try TestServer()
        let token = try test.token(scope: "tickets:write")
        let body =
            #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"deploy","#
            + #""arguments":{"environment":"staging"},"task":{}}}"#
        let answer = try Self.filter(test, token, body).judge(
            content: Array(#"{"jsonrpc":"2.0","id":7,"result":{"task":{"taskId":"up-9"}}}"#.utf8))
        guard case .replaced(let bytes) = answer else { throw NoTask(verdict: answer) }
        let sealed = try #require(
            try JSONDocument(parsing: bytes).root["result"]?["task"]?["taskId"]?.string)
        let outcome = try test.outcome(token: token, body: Self.about("tasks/result", sealed))
        #expect(outcome.status == nil)
    }

    @Test func `ids are understood after a restart with the same keys, and not with others`() throws
    {
        let ring = KeyRing([KeyRing.makeSecret()])
        let first = try TestServer(ring: ring)
        let sealed = try Self.make(first, first.token())
        let again = try TestServer(ring: ring)
        let body = Self.about("tasks/get", sealed)
        #expect(try again.outcome(token: again.token(), body: body).status == nil)
        let other = try TestServer()
        #expect(try other.outcome(token: other.token(), body: body).status == 200)
    }

    @Test func `an answer about a task names it as the client does`() throws {
        let test = try TestServer()
        let token = try test.token()
        let sealed = try Self.make(test, token)
        let filter = try Self.filter(test, token, Self.about("tasks/get", sealed))
        #expect(filter.inspection == .whole)
        let flat = #"{"jsonrpc":"2.0","id":8,"result":{"taskId":"up-1","status":"working"}}"#
        #expect(
            Self.text(filter.judge(content: Array(flat.utf8)))
                == flat.replacing("up-1", with: sealed))
        let result =
            #"{"jsonrpc":"2.0","id":8,"result":{"content":[],"_meta":{"#
            + #""io.modelcontextprotocol/related-task":{"taskId":"up-1"}}}}"#
        #expect(
            Self.text(filter.judge(content: Array(result.utf8)))
                == result.replacing("up-1", with: sealed))
        let complaint =
            #"{"jsonrpc":"2.0","id":8,"error":{"code":-32602,"message":"no task up-1"}}"#
        #expect(
            Self.text(filter.judge(content: Array(complaint.utf8)))
                == complaint.replacing("up-1", with: sealed))
    }

    @Test func `a list of tasks holds those of the principal only`() throws {
        let test = try TestServer()
        let (lee, eve) = (try test.token(), try test.token(["sub": "\"local:eve\""]))
        let (mine, theirs) = (try Self.make(test, lee, "a"), try Self.make(test, eve, "b"))
        let body = #"{"jsonrpc":"2.0","id":8,"method":"tasks/list"}"#
        let list =
            #"{"jsonrpc":"2.0","id":8,"result":{"tasks":[{"taskId":"b"},{"taskId":"c"}, "#
            + #"{"taskId":"a","status":"working"}],"nextCursor":"n"}}"#
        let seen = Self.text(
            try Self.filter(test, lee, body).judge(content: Array(list.utf8)))
        #expect(
            seen == #"{"jsonrpc":"2.0","id":8,"result":{"tasks":["#
                + #"{"taskId":"\#(mine)","status":"working"}],"nextCursor":"n"}}"#)
        let others = Self.text(
            try Self.filter(test, eve, body).judge(content: Array(list.utf8)))
        #expect(others.contains(theirs))
        #expect(!others.contains(mine) && !others.contains(#""c""#))
    }

    @Test(arguments: ["notifications/tasks/status", "notifications/tasks"])
    func `a notification about a task reaches whom it was given to`(method: String) throws {
        let test = try TestServer()
        let (lee, eve) = (try test.token(), try test.token(["sub": "\"local:eve\""]))
        let sealed = try Self.make(test, lee)
        let data =
            #"{"jsonrpc":"2.0","method":"\#(method)","params":{"taskId":"up-1","status":"x"}}"#
        var parser = EventStreamParser()
        var offset = 0
        let bytes = Array("data: \(data)\n\n".utf8)
        let event = try #require(
            try unsafe bytes.withUnsafeBytes { try unsafe parser.next($0, &offset) })
        let mine = try Self.filter(test, lee, nil).judge(event: event)
        #expect(Self.text(mine) == "data: \(data.replacing("up-1", with: sealed))\n\n")
        #expect(try Self.filter(test, eve, nil).judge(event: event) == .dropped)
        let less = try test.token(scope: "other")
        #expect(try Self.filter(test, less, nil).judge(event: event) == .dropped)
    }

    @Test func `a task made on one stream is known when its answer comes on another`() throws {
        let test = try TestServer()
        let token = try test.token()
        _ = try Self.filter(test, token, Self.call(id: "41"))
        let data = #"{"jsonrpc":"2.0","id":41,"result":{"task":{"taskId":"up-7"}}}"#
        var parser = EventStreamParser()
        var offset = 0
        let bytes = Array("data: \(data)\n\n".utf8)
        let event = try #require(
            try unsafe bytes.withUnsafeBytes { try unsafe parser.next($0, &offset) })
        let resumed = Self.text(try Self.filter(test, token, nil).judge(event: event))
        #expect(!resumed.contains("up-7") && resumed.contains("taskId"))
    }

    @Test func `a subscription names tasks as the upstream knows them`() throws {
        let test = try TestServer()
        let token = try test.token()
        let sealed = try Self.make(test, token)
        func body(_ id: String) -> String {
            #"{"jsonrpc":"2.0","id":9,"method":"subscriptions/listen","params":{"#
                + #""notifications":{"taskIds":["\#(id)"]},\#(Self.modernMeta)}}"#
        }
        let lines = ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: subscriptions/listen"]
        let forwarded = try #require(
            try test.outcome(token: token, lines, body: body(sealed)).forwarded)
        #expect(String(decoding: forwarded.body, as: UTF8.self) == body("up-1"))
        let acknowledged =
            #"{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"#
            + #""notifications":{"taskIds":["up-1","up-2"]}}}"#
        var parser = EventStreamParser()
        var offset = 0
        let bytes = Array("data: \(acknowledged)\n\n".utf8)
        let event = try #require(
            try unsafe bytes.withUnsafeBytes { try unsafe parser.next($0, &offset) })
        #expect(
            Self.text(forwarded.filter.judge(event: event))
                == "data: \(acknowledged.replacing(#""up-1","up-2""#, with: "\"\(sealed)\""))\n\n")
        let eve = try test.token(["sub": "\"local:eve\""])
        #expect(try test.outcome(token: eve, lines, body: body(sealed)).status == 200)
    }

    @Test func `what belongs to a task says so in words of each side`() throws {
        let test = try TestServer()
        let token = try test.token()
        let sealed = try Self.make(test, token)
        func body(_ id: String) -> String {
            #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"_meta":{"#
                + #""io.modelcontextprotocol/related-task":{"taskId":"\#(id)"}}}}"#
        }
        let forwarded = try #require(
            try test.outcome(token: token, body: body(sealed)).forwarded)
        #expect(String(decoding: forwarded.body, as: UTF8.self) == body("up-1"))
        // A task of the client's own.
        let own = try #require(try test.outcome(token: token, body: body("mine")).forwarded)
        #expect(String(decoding: own.body, as: UTF8.self) == body("mine"))
        // A request could act in another's task.
        let request =
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","_meta":{"#
            + #""io.modelcontextprotocol/related-task":{"taskId":"up-1"}}}}"#
        #expect(try test.outcome(token: token, body: request).status == 200)
    }
}
