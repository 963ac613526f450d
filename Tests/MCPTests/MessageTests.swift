import HTTP
import JSON
import MCP
import Testing

@Suite("Messages") struct MessageTests {
    @Test(arguments: MalformedBody.all)
    func `a malformed body is refused for its exact deviation`(_ row: MalformedBody) {
        #expect(malformation(of: row.body)?.violation == row.violation)
    }

    @Test func `the table of malformed bodies is long and has no row twice`() {
        #expect(MalformedBody.all.count >= 120)
        #expect(Set(MalformedBody.all.map(\.body)).count == MalformedBody.all.count)
    }

    @Test(arguments: MalformedBody.all)
    func `a refusal is HTTP 400 and uses no code of 2026 towards earlier revisions`(
        _ row: MalformedBody
    ) throws {
        let violation = try #require(malformation(of: row.body)?.violation)
        let legacy = violation.answer(for: .legacy)
        let modern = violation.answer(for: .modern)
        #expect(legacy.status == 400)
        #expect(modern.status == 400)
        #expect([-32700, -32600].contains(legacy.code))
        #expect([-32700, -32600, -32602].contains(modern.code))
        #expect(!legacy.message.isEmpty)
    }

    @Test(
        arguments: [
            ("{", -32700, -32700), ("[]", -32600, -32600),
            (#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}"#, -32600, -32602),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#, -32600, -32600),
        ])
    func `the code of a refusal depends on the era`(
        _ body: String, _ legacy: Int, _ modern: Int
    ) throws {
        let violation = try #require(malformation(of: body)?.violation)
        #expect(violation.answer(for: .legacy).code == legacy)
        #expect(violation.answer(for: .modern).code == modern)
    }

    @Test(
        arguments: [
            (#"{"jsonrpc":"2.0","id":7,"method":"tools/call"}"#, "7"),
            (#"{"jsonrpc":"2.0","id":"a\u0062","method":"tools/call"}"#, #""a\u0062""#),
            (#"{"id":-1,"method":"ping"}"#, "-1"),
            (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, nil),
            (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, nil),
            (#"{"jsonrpc":"2.0","id":7,"ID":8,"method":"ping"}"#, nil),
            (#"{"jsonrpc":"2.0","id":7,"Method":"ping"}"#, nil),
            (#"{"jsonrpc":"2.0","id":7,"id":8,"method":"ping"}"#, nil),
            ("[7]", nil), ("7", nil),
        ] as [(String, String?)])
    func `a refusal repeats the id only if it was plain`(_ body: String, _ id: String?) throws {
        let malformed = try #require(malformation(of: body))
        #expect(malformed.id.map { text($0) } == id)
    }

    @Test func `a body that named its revision is answered in the modern era`() throws {
        let meta = #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#
        let row = MalformedBody.params("tools/call", #"{"_meta":\#(meta)}"#, .nameMissing)
        let malformed = try #require(malformation(of: row.body))
        #expect(malformed.namesRevision)
        #expect(malformed.era(Fields()) == .modern)
        let plain = try #require(malformation(of: "{"))
        #expect(plain.era(Fields()) == .legacy)
        #expect(plain.era(fields((.mcpProtocolVersion, "2025-11-25"))) == .legacy)
        #expect(plain.era(fields((.mcpProtocolVersion, "2026-07-28"))) == .modern)
    }

    @Test func `a request keeps its bytes, id and method`() throws {
        let body =
            " {\"params\" : {}, \"method\":\"too\\u006cs/list\",\"id\": -12 ,\"jsonrpc\":\"2.0\"}\n"
        let request = try message(body)
        #expect(request.kind == .request(.integer(-12)))
        #expect(request.method == .toolsList)
        #expect(text(request.methodName) == "tools/list")
        #expect(request.idBytes.map { text($0) } == "-12")
        #expect(request.params?.kind == .object)
        #expect(text(request.document.bytes) == body)
    }

    @Test(
        arguments: [
            (#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, Message.Kind.request(.integer(1))),
            (#"{"jsonrpc":"2.0","id":"","method":"ping"}"#, .request(.string(""))),
            (#"{"jsonrpc":"2.0","id":0,"method":"x/y","params":{}}"#, .request(.integer(0))),
            (#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, .notification),
            (#"{"jsonrpc":"2.0","method":"notifications/other"}"#, .notification),
            (#"{"jsonrpc":"2.0","method":"x/y"}"#, .notification),
            (#"{"jsonrpc":"2.0","id":1,"result":{}}"#, .response(.integer(1))),
            (#"{"jsonrpc":"2.0","id":"a","error":{"code":1}}"#, .response(.string("a"))),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping","extra":[1]}"#, .request(.integer(1))),
        ])
    func `each kind of message is told apart`(_ body: String, _ kind: Message.Kind) throws {
        #expect(try message(body).kind == kind)
    }

    @Test func `ids are the same byte for byte only`() {
        #expect(MessageID.string("\u{E9}") != .string("e\u{301}"))
        #expect(MessageID.string("K") != .string("\u{212A}"))
        #expect(MessageID.string("1") != .integer(1))
        #expect(MessageID.string("null") != .null)
        #expect(Set([MessageID.string("a"), .string("a"), .integer(2), .null]).count == 3)
    }

    @Test(
        arguments: [
            #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"m"}}"#,
            #"{"jsonrpc":"2.0","error":{"code":-32700,"message":"m"}}"#,
        ])
    func `only a server may answer with an error that has no id`(_ body: String) throws {
        #expect(try message(body, from: .server).kind == .response(.null))
        #expect(malformation(of: body) != nil)
        #expect(malformation(of: #"{"jsonrpc":"2.0","id":null,"result":{}}"#, from: .server) != nil)
    }

    @Test(
        arguments: [
            "sampling/createMessage", "elicitation/create", "roots/list", "ping", "custom/ask",
        ])
    func `a server may ask without a target`(_ method: String) throws {
        let body = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"x":1}}"#
        #expect(try message(body, from: .server).kind == .request(.integer(1)))
    }

    @Test(arguments: MalformedBody.twins)
    func `twins are refused in what a server sends too`(_ row: MalformedBody) {
        #expect(malformation(of: row.body, from: .server)?.violation == row.violation)
    }

    @Test func `members that nothing reads may be spelled as they like`() throws {
        let body =
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","#
            + #""params":{"name":"x","arguments":{"Name":1,"METHOD":2},"Title":"t","named":1}}"#
        #expect(try message(body).target == .tool(bytes("x")))
        let custom = #"{"jsonrpc":"2.0","id":1,"method":"x/y","params":{"Name":"n","URI":"u"}}"#
        #expect(try message(custom).kind == .request(.integer(1)))
    }

    @Test func `the negotiated revision is read from the answer to initialize`() throws {
        let body = #"{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-18"}}"#
        #expect(try message(body, from: .server).negotiatedRevision == .v2025_06_18)
        let other = #"{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-06-19"}}"#
        #expect(try message(other, from: .server).negotiatedRevision == nil)
    }
}
