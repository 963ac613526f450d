import JSON
import MCP
import Testing

@Suite("Targets") struct MessageTargetTests {
    @Test(
        arguments: [
            ("tools/call", #"{"name":"get_a","arguments":{}}"#, MessageTarget.tool(bytes("get_a"))),
            ("tools/call", #"{"name":""}"#, .tool(bytes(""))),
            ("tools/call", #"{"name":"g\u0065t"}"#, .tool(bytes("get"))),
            ("tools/call", #"{"name":"get "}"#, .tool(bytes("get "))),
            ("tools/call", #"{"name":"get\u0000"}"#, .tool(bytes("get\u{0}"))),
            ("tools/call", "{\"name\":\"\u{212A}8s\"}", .tool(bytes("\u{212A}8s"))),
            ("tools/call", #"{"name":"a","arguments":null}"#, .tool(bytes("a"))),
            ("prompts/get", #"{"name":"p"}"#, .prompt(bytes("p"))),
            ("resources/read", #"{"uri":"file:///a"}"#, .resource(bytes("file:///a"))),
            ("resources/subscribe", #"{"uri":"a:b"}"#, .resource(bytes("a:b"))),
            ("resources/unsubscribe", #"{"uri":"a:b"}"#, .resource(bytes("a:b"))),
            (
                "completion/complete", #"{"ref":{"type":"ref/prompt","name":"p","title":"P"}}"#,
                .completionOfPrompt(bytes("p"))
            ),
            (
                "completion/complete", #"{"ref":{"type":"ref/resource","uri":"a:{x}"}}"#,
                .completionOfResource(bytes("a:{x}"))
            ),
            ("tasks/get", #"{"taskId":"t"}"#, .task(bytes("t"))),
            ("tasks/result", #"{"taskId":"t"}"#, .task(bytes("t"))),
            ("tasks/cancel", #"{"taskId":"t"}"#, .task(bytes("t"))),
            ("tasks/update", #"{"taskId":"t"}"#, .task(bytes("t"))),
            ("tasks/future", #"{"taskId":"t"}"#, .task(bytes("t"))),
            ("tasks/future", "{}", .none),
            ("tasks/list", "{}", .none),
            (
                "subscriptions/listen", #"{"notifications":{}}"#,
                .subscription(resources: [], tasks: [])
            ),
            (
                "subscriptions/listen",
                #"{"notifications":{"toolsListChanged":true,"resourceSubscriptions":["a:b","c:d"],"#
                    + #""taskIds":["t"]}}"#,
                .subscription(resources: [bytes("a:b"), bytes("c:d")], tasks: [bytes("t")])
            ),
            ("tools/list", #"{"cursor":"c"}"#, .none),
            ("initialize", #"{"protocolVersion":"2025-11-25"}"#, .none),
            ("custom/do", #"{"name":"x","uri":"a:b"}"#, .none),
        ])
    func `a request acts on what its body names`(
        _ method: String, _ params: String, _ target: MessageTarget
    ) throws {
        let body = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#
        #expect(try message(body).target == target)
    }

    @Test(
        arguments: [
            (
                "notifications/resources/updated", #"{"uri":"a:b"}"#,
                MessageTarget.resource(bytes("a:b"))
            ),
            ("notifications/tasks/status", #"{"taskId":"t"}"#, .task(bytes("t"))),
            ("notifications/tasks", #"{"taskId":"t"}"#, .task(bytes("t"))),
            ("notifications/progress", #"{"progressToken":1,"progress":2}"#, .none),
        ])
    func `a notification of a server names what it is about`(
        _ method: String, _ params: String, _ target: MessageTarget
    ) throws {
        let body = #"{"jsonrpc":"2.0","method":"\#(method)","params":\#(params)}"#
        #expect(try message(body, from: .server).target == target)
    }

    @Test(
        arguments: [
            ("notifications/resources/updated", MessageViolation.uriMissing),
            ("notifications/tasks/status", .taskIDMissing), ("notifications/tasks", .taskIDMissing),
        ])
    func `a notification that must name something and does not is malformed`(
        _ method: String, _ violation: MessageViolation
    ) {
        let body = #"{"jsonrpc":"2.0","method":"\#(method)","params":{}}"#
        #expect(malformation(of: body, from: .server)?.violation == violation)
    }

    @Test func `arguments are an object, or absent when null`() throws {
        let call =
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":"#
        #expect(try message(call + #"{"b":1}}}"#).arguments?["b"]?.integer == 1)
        #expect(try message(call + "null}}").arguments == nil)
    }

    @Test func `metadata is read from _meta`() throws {
        let meta =
            #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","progressToken":"p","#
            + #""io.modelcontextprotocol/clientCapabilities":{},"x/y":1,"#
            + #""io.modelcontextprotocol/related-task":{"taskId":"t"}}"#
        let body = #"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":\#(meta)}}"#
        let metadata = try message(body).metadata
        #expect(metadata.protocolVersion == "2026-07-28")
        #expect(metadata.hasClientCapabilities)
        #expect(metadata.progressToken?.string == "p")
        #expect(metadata.relatedTask.map { text($0) } == "t")
        #expect(metadata.value?["x/y"]?.integer == 1)
        #expect(try message(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#).metadata.value == nil)
    }
}
