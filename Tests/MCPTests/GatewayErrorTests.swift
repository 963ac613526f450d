import JSON
import MCP
import Testing

@Suite("Gateway errors") struct GatewayErrorTests {
    @Test(
        arguments: [
            (GatewayError.unknownTool(bytes("t")), (-32602, 200), (-32602, 200)),
            (.unknownPrompt(bytes("p")), (-32602, 200), (-32602, 200)),
            (.unknownResource(bytes("a:b")), (-32602, 200), (-32002, 200)),
            (.unknownTask, (-32602, 200), (-32602, 200)),
            (.unknownMethod(bytes("x/y")), (-32601, 404), (-32601, 200)),
            (.unknownSession, (-32600, 404), (-32600, 404)),
            (.insufficientScope, (1403, 403), (1403, 403)),
            (.denied(reason: "Not on a Sunday"), (1403, 200), (1403, 200)),
            (.limited(retryAfterMilliseconds: 250), (1429, 200), (1429, 200)),
            (.upstreamFailed(reason: "The server failed"), (1502, 502), (1502, 502)),
            (.upstreamSilent, (1504, 504), (1504, 504)),
            (.unavailable(reason: "Draining"), (1503, 503), (1503, 503)),
        ] as [(GatewayError, (Int, Int), (Int, Int))])
    func `each refusal has its code and status in each era`(
        _ error: GatewayError, _ modern: (Int, Int), _ legacy: (Int, Int)
    ) {
        let answers = (error.answer(for: .modern), error.answer(for: .legacy))
        #expect((answers.0.code, answers.0.status) == modern)
        #expect((answers.1.code, answers.1.status) == legacy)
    }

    @Test func `a body repeats the id as it was written`() {
        let error = GatewayError.unknownTool(bytes("a\"\u{0}b")).answer(for: .modern)
        #expect(
            text(error.body(id: bytes(#""\u0041""#)))
                == #"{"jsonrpc":"2.0","id":"\u0041","error":{"code":-32602,"#
                + #""message":"Unknown tool: a\"\u0000b"}}"#)
        #expect(text(error.body(id: nil)).hasPrefix(#"{"jsonrpc":"2.0","id":null,"error":"#))
    }

    @Test func `a limit says when to come back`() {
        let error = GatewayError.limited(retryAfterMilliseconds: 1500).answer(for: .legacy)
        #expect(
            text(error.body(id: bytes("1")))
                == #"{"jsonrpc":"2.0","id":1,"error":{"code":1429,"message":"Too many requests","#
                + #""data":{"retryAfterMs":1500}}}"#)
    }

    @Test func `a long name is not repeated`() {
        let name = bytes(String(repeating: "n", count: 129))
        #expect(GatewayError.unknownTool(name).answer(for: .legacy).message == "Unknown tool")
    }

    @Test func `an error ends a stream as one event`() {
        let error = GatewayError.upstreamSilent.answer(for: .modern)
        #expect(
            text(error.event(id: bytes("3")))
                == "event: message\ndata: " + #"{"jsonrpc":"2.0","id":3,"error":{"code":1504,"#
                + "\"message\":\"The server did not answer in time\"}}\n\n")
    }

    @Test func `a stream that the gateway ends says so in its own way`() {
        #expect(
            text(StreamEnding.listenCompletion(id: Array("\"l\"".utf8)).bytes)
                == "event: message\ndata: " + #"{"jsonrpc":"2.0","id":"l","result":{"#
                + #""resultType":"complete","_meta":{"#
                + "\"io.modelcontextprotocol/subscriptionId\":\"l\"}}}\n\n")
        #expect(text(StreamEnding.retry(milliseconds: 2000).bytes) == "retry: 2000\n\n")
        let error = GatewayError.unavailable(reason: "Stopping").answer(for: .legacy)
        #expect(
            StreamEnding.failure(error, id: Array("1".utf8)).bytes == error.event(id: bytes("1")))
    }
}
