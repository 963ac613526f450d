import JSON
import MCP
import Testing

@testable import ResourceServer

/// The decision table of the policy, as answers on the wire, for both eras.
@Suite struct DecisionAnswerTests {

    /// A request of 2026-07-28 with the fields that repeat its body.
    private static func modernRequest(
        _ method: String, _ params: String, name: String?
    ) -> (lines: [String], body: String) {
        var lines = ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: \(method)"]
        if let name { lines.append("Mcp-Name: \(name)") }
        let meta =
            #""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#
            + #""io.modelcontextprotocol/clientCapabilities":{}}"#
        let separator = params.isEmpty ? "" : ","
        let body =
            #"{"jsonrpc":"2.0","id":"r-1","method":"\#(method)","params":{\#(params)"#
            + #"\#(separator)\#(meta)}}"#
        return (lines, body)
    }

    private static func legacyRequest(_ method: String, _ params: String) -> String {
        #"{"jsonrpc":"2.0","id":"r-1","method":"\#(method)","params":{\#(params)}}"#
    }

    private struct Answer {
        let status: Int?
        let code: Int64?
        let id: String?
        let challenge: String?
    }

    private static func answer(_ outcome: Outcome) throws -> Answer {
        guard let refusal = outcome.refusal else {
            return Answer(status: nil, code: nil, id: nil, challenge: nil)
        }
        let root = try JSONDocument(parsing: refusal.body).root
        return Answer(
            status: refusal.status, code: root["error"]?["code"]?.integer,
            id: root["id"]?.string, challenge: outcome.field("WWW-Authenticate"))
    }

    @Test(
        arguments: [
            // method, params, name, scope of the token, status and code: 2026-07-28, then earlier
            ("tools/call", #""name":"search""#, "search", "tickets:read", nil, nil, nil, nil),
            ("tools/call", #""name":"create_x""#, "create_x", "tickets:read", 403, 1403, 403, 1403),
            (
                "tools/call", #""name":"nothing""#, "nothing", "tickets:read", 200, -32602, 200,
                -32602
            ),
            ("tools/call", #""name":"deploy""#, "deploy", "tickets:write", 200, 1403, 200, 1403),
            ("prompts/get", #""name":"p""#, "p", "tickets:read", nil, nil, nil, nil),
            ("prompts/get", #""name":"p""#, "p", "other", 403, 1403, 403, 1403),
            (
                "resources/read", #""uri":"ticket://1""#, "ticket://1", "tickets:read", nil, nil,
                nil, nil
            ),
            (
                "resources/read", #""uri":"file:///1""#, "file:///1", "tickets:read", 200, -32602,
                200,
                -32002
            ),
            (
                "resources/read", #""uri":"ticket://a/../b""#, "ticket://a/../b", "tickets:read",
                200,
                1403, 200, 1403
            ),
            ("x/unknown", "", nil, "tickets:read", 404, -32601, 200, -32601),
            ("sampling/createMessage", "", nil, "tickets:read", 404, -32601, 200, -32601),
            ("tasks/get", #""taskId":"t""#, nil, "tickets:read", 200, -32602, 200, -32602),
            ("tasks/list", "", nil, "tickets:read", nil, nil, nil, nil),
            ("tools/list", "", nil, "other", nil, nil, nil, nil),
            ("server/discover", "", nil, "other", nil, nil, nil, nil),
            (
                "completion/complete", #""ref":{"type":"ref/prompt","name":"p"}"#, nil,
                "tickets:read",
                nil, nil, nil, nil
            ),
            (
                "completion/complete", #""ref":{"type":"ref/prompt","name":"p"}"#, nil, "other",
                403,
                1403, 403, 1403
            ),
            (
                "completion/complete", #""ref":{"type":"ref/resource","uri":"ticket://{id}"}"#, nil,
                "tickets:read", nil, nil, nil, nil
            ),
            (
                "completion/complete", #""ref":{"type":"ref/resource","uri":"file:///{id}"}"#, nil,
                "tickets:read", 200, -32602, 200, -32002
            ),
            (
                "subscriptions/listen",
                #""notifications":{"resourceSubscriptions":["ticket://1"]}"#, nil, "tickets:read",
                nil,
                nil, nil, nil
            ),
            (
                "subscriptions/listen",
                #""notifications":{"resourceSubscriptions":["ticket://1","file:///1"]}"#, nil,
                "tickets:read", 200, -32602, 200, -32002
            ),
            (
                "subscriptions/listen",
                #""notifications":{"resourceSubscriptions":["ticket://1"]}"#, nil, "other", 403,
                1403,
                403, 1403
            ),
            (
                "subscriptions/listen", #""notifications":{"taskIds":["t"]}"#, nil, "tickets:read",
                200, -32602, 200, -32602
            ),
        ] as [(String, String, String?, String, Int?, Int64?, Int?, Int64?)])
    func `each decision is answered as the table has it`(
        method: String, params: String, name: String?, scope: String, modernStatus: Int?,
        modernCode: Int64?, legacyStatus: Int?, legacyCode: Int64?
    ) throws {
        let test = try TestServer()
        let token = try test.token(scope: scope)
        let (lines, body) = Self.modernRequest(method, params, name: name)
        let modern = try Self.answer(test.outcome(token: token, lines, body: body))
        #expect(modern.status == modernStatus)
        #expect(modern.code == modernCode)
        let legacy = try Self.answer(
            test.outcome(token: token, body: Self.legacyRequest(method, params)))
        #expect(legacy.status == legacyStatus)
        #expect(legacy.code == legacyCode)
        for answer in [modern, legacy] where answer.status != nil {
            #expect(answer.id == "r-1")
            #expect((answer.challenge != nil) == (answer.status == 403))
        }
    }

    @Test func `a step-up challenge names what is held and the narrowest scope`() throws {
        let test = try TestServer()
        let outcome = try test.outcome(token: test.token(), body: TestServer.call("create_ticket"))
        #expect(outcome.status == 403)
        #expect(
            outcome.field("WWW-Authenticate")
                == "Bearer resource_metadata=\"https://mcp.example.com/.well-known/"
                + "oauth-protected-resource/tickets/mcp\", scope=\"tickets:read tickets:write\", "
                + "error=\"insufficient_scope\", "
                + "error_description=\"The operation needs more scopes\"")
        let data = try JSONDocument(parsing: outcome.refusal?.body ?? []).root["error"]?["data"]
        #expect(data?["error"]?.string == "insufficient_scope")
        #expect(data?["scope"]?.string == "tickets:read tickets:write")
    }

    @Test func `a scope that the user cannot be granted is never named`() throws {
        let test = try TestServer()
        let token = try test.token(["grantable": "\"tickets:read\""])
        let outcome = try test.outcome(token: token, body: TestServer.call("create_ticket"))
        #expect(outcome.status == 200)
        #expect(outcome.field("WWW-Authenticate") == nil)
        #expect(!outcome.body.contains("tickets:write"))
    }

    @Test(
        arguments: [
            ("[]", -32600), ("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]", -32600),
            ("", -32700), ("{", -32700), ("{}{}", -32700), ("7", -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}"#, -32700),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}"#, -32600),
            (#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"search"}}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}"#, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":7}}"#, -32600),
        ] as [(String, Int64)])
    func `a body that is not one message is refused`(body: String, code: Int64) throws {
        let test = try TestServer()
        let answer = try Self.answer(test.outcome(token: test.token(), body: body))
        #expect(answer.status == 400)
        #expect(answer.code == code)
    }

    @Test func `fields that disagree with the body are refused`() throws {
        let test = try TestServer()
        var (lines, body) = Self.modernRequest("tools/call", #""name":"search""#, name: "get_x")
        let answer = try Self.answer(test.outcome(token: test.token(), lines, body: body))
        #expect(answer.status == 400)
        #expect(answer.code == -32020)
        lines = ["Mcp-Method: ping"]
        body = TestServer.call("search")
        let legacy = try Self.answer(test.outcome(token: test.token(), lines, body: body))
        #expect(legacy.status == 400)
        #expect(legacy.code == -32600)
    }
}
