import HTTP
import MCP
import Seals
import Testing

@testable import ResourceServer

/// Messages and streams at a server that speaks HTTP+SSE.
@Suite struct EndpointTests {
    private static let path = "/tickets/mcp"
    private static let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
    private static let root = KeyRing.makeSecret()

    private static func upstream(_ text: String) throws -> ServerTransport {
        .sse(upstream: try AbsoluteURI(parsing: text))
    }

    private static func server(
        at upstream: String = "http://127.0.0.1:9000/sse", name: String = "tickets",
        ring: KeyRing = KeyRing([root])
    ) throws -> TestServer {
        try TestServer(ring: ring, transport: Self.upstream(upstream), name: name)
    }

    private static func reference(_ test: TestServer, path: String = path) throws -> String {
        try #require(try test.outcome("GET", path, token: test.token()).forwarded?.reference)
    }

    @Test func `the stream's endpoint is sealed, and messages to it go to the upstream's`() throws {
        let test = try Self.server()
        let reference = try Self.reference(test)
        #expect(reference.hasPrefix("/tickets/mcp?session_id="))
        #expect(!reference.contains("messages") && !reference.contains("=u1"))
        let outcome = try test.outcome("POST", reference, token: test.token(), body: Self.ping)
        #expect(outcome.forwarded?.kind == .call)
        #expect(outcome.forwarded?.endpoint?.requestTarget == "/messages/?session_id=u1")
        #expect(outcome.forwarded?.lines.contains("X-Gatehouse-Subject: local:lee\r\n") == true)
    }

    @Test func `the reference has the client's spelling of the path, and is the same each time`()
        throws
    {
        let test = try Self.server()
        let slash = try Self.reference(test, path: "/tickets/mcp/")
        #expect(slash.hasPrefix("/tickets/mcp/?session_id="))
        #expect(slash.replacing("mcp/?", with: "mcp?") == (try Self.reference(test)))
    }

    @Test func `a seal opens after a restart with the same keys, a refresh, and a rotation`() throws
    {
        let reference = try Self.reference(Self.server())
        for ring in [KeyRing([Self.root]), KeyRing([KeyRing.makeSecret(), Self.root])] {
            let test = try Self.server(ring: ring)
            let refreshed = try test.token(scope: "tickets:write", ["gid": "\"g2\""])
            let outcome = try test.outcome("POST", reference, token: refreshed, body: Self.ping)
            #expect(outcome.forwarded?.endpoint?.requestTarget == "/messages/?session_id=u1")
        }
    }

    private static func expectUnknown(_ outcome: Outcome) {
        #expect(outcome.status == 404)
        #expect(outcome.forwarded == nil)
        #expect(outcome.body.contains(#""id":1,"error":{"code":-32600"#))
    }

    @Test(arguments: [("sub", "\"local:mo\""), ("client_id", "\"other\"")])
    func `another principal cannot use the endpoint`(claim: String, value: String) throws {
        let test = try Self.server()
        let reference = try Self.reference(test)
        Self.expectUnknown(
            try test.outcome(
                "POST", reference, token: test.token([claim: value]), body: Self.ping))
    }

    @Test func `an endpoint of another server does not open`() throws {
        let test = try Self.server()
        let reference = try Self.reference(Self.server(name: "search"))
        Self.expectUnknown(
            try test.outcome("POST", reference, token: test.token(), body: Self.ping))
    }

    @Test func `an endpoint does not open with other keys`() throws {
        let test = try Self.server()
        let other = try Self.server(ring: KeyRing([KeyRing.makeSecret()]))
        Self.expectUnknown(
            try test.outcome(
                "POST", Self.reference(other), token: test.token(), body: Self.ping))
    }

    @Test(arguments: [
        "http://127.0.0.1:9001/sse", "http://localhost:9000/sse", "https://127.0.0.1:9000/sse",
    ])
    func `an endpoint of an upstream that is now elsewhere does not open`(moved: String) throws {
        let reference = try Self.reference(Self.server())
        let test = try Self.server(at: moved)
        Self.expectUnknown(
            try test.outcome("POST", reference, token: test.token(), body: Self.ping))
    }

    @Test func `a session id is no endpoint, though the principal is the same`() throws {
        let test = try Self.server()
        let seals = SealedSessions(ring: KeyRing([Self.root]))
        let context = try test.verify(test.token()).sealContext
        let seal = try #require(
            seals.seal(
                UpstreamSession(id: Array("http://127.0.0.1:9000/admin".utf8), revision: nil),
                context: context))
        let target = "\(Self.path)?session_id=\(String(decoding: seal, as: UTF8.self))"
        Self.expectUnknown(try test.outcome("POST", target, token: test.token(), body: Self.ping))
    }

    @Test func `a seal that was changed anywhere does not open`() throws {
        let test = try Self.server()
        let token = try test.token()
        let reference = Array(try Self.reference(test).utf8)
        let start = "/tickets/mcp?session_id=".utf8.count
        for index in start..<reference.count {
            var changed = reference
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : 0x41
            let target = String(decoding: changed, as: UTF8.self)
            #expect(
                try test.outcome("POST", target, token: token, body: Self.ping).status == 404,
                "byte \(index)")
        }
    }

    @Test(arguments: [
        "", "AAAA", "/messages/", "/messages/?session_id=u1", "http://127.0.0.1:9000/messages/",
        String(repeating: "A", count: 4000),
    ])
    func `what was not sealed here is no endpoint`(text: String) throws {
        let test = try Self.server()
        Self.expectUnknown(
            try test.outcome(
                "POST", "\(Self.path)?session_id=\(text)", token: test.token(), body: Self.ping))
    }

    @Test(arguments: ["&x=1", "&session_id=AAAA", "=", "%3D", "?"])
    func `nothing may follow the seal`(suffix: String) throws {
        let test = try Self.server()
        Self.expectUnknown(
            try test.outcome(
                "POST", Self.reference(test) + suffix, token: test.token(), body: Self.ping))
    }

    @Test(arguments: [
        ("POST", "", "GET, OPTIONS"), ("POST", "?", "GET, OPTIONS"),
        ("POST", "?x=1", "GET, OPTIONS"),
        ("POST", "?x=1&session_id=SEAL", "GET, OPTIONS"),
        ("POST", "?Session_id=SEAL", "GET, OPTIONS"),
        ("POST", "?session%5Fid=SEAL", "GET, OPTIONS"), ("DELETE", "", "GET, OPTIONS"),
        ("HEAD", "", "GET, OPTIONS"), ("PUT", "", "GET, OPTIONS"),
        ("GET", "?session_id=SEAL", "POST, OPTIONS"),
        ("DELETE", "?session_id=SEAL", "POST, OPTIONS"),
        ("HEAD", "?session_id=SEAL", "POST, OPTIONS"), ("GET", "?session_id=", "POST, OPTIONS"),
    ])
    func `a method in the wrong place is 405`(
        method: String, query: String, allowed: String
    ) throws {
        let test = try Self.server()
        let seal = try Self.reference(test).dropFirst("/tickets/mcp?session_id=".count)
        let target = Self.path + query.replacing("SEAL", with: seal)
        let outcome = try test.outcome(method, target, token: test.token(), body: Self.ping)
        #expect(outcome.status == 405)
        #expect(outcome.field("Allow") == allowed)
        #expect(outcome.refusal?.contentType == "text/plain; charset=utf-8")
    }

    @Test func `a token comes before the place, and never in the query`() throws {
        let test = try Self.server()
        let token = try test.token()
        let reference = try Self.reference(test)
        for target in [Self.path, reference] {
            for method in ["GET", "POST", "DELETE"] {
                #expect(try test.outcome(method, target, token: nil, body: Self.ping).status == 401)
            }
        }
        for query in ["?access_token=\(token)", "&access_token=\(token)"] {
            let target = query.hasPrefix("&") ? reference + query : Self.path + query
            #expect(try test.outcome("POST", target, token: nil, body: Self.ping).status == 401)
            #expect(try test.outcome("POST", target, token: token, body: Self.ping).status == 401)
        }
    }

    @Test func `a page of a foreign origin gets nowhere`() throws {
        let test = try Self.server()
        for (method, target) in [("GET", Self.path), ("POST", try Self.reference(test))] {
            let outcome = try test.outcome(
                method, target, token: test.token(), ["Origin: https://evil.example"],
                body: Self.ping)
            #expect(outcome.status == 403)
        }
    }

    @Test func `a message is judged like every other`() throws {
        let test = try Self.server()
        let reference = try Self.reference(test)
        func outcome(_ tool: String) throws -> Outcome {
            try test.outcome("POST", reference, token: test.token(), body: TestServer.call(tool))
        }
        #expect(try outcome("get_ticket").forwarded != nil)
        let stepUp = try outcome("delete_ticket")
        #expect(stepUp.status == 403)
        #expect(stepUp.field("WWW-Authenticate")?.contains("insufficient_scope") == true)
        #expect(stepUp.refusal?.event == nil)
        let unknown = try outcome("nothing")
        #expect(unknown.status == 200)
        #expect(unknown.refusal?.event == Array("event: message\ndata: \(unknown.body)\n\n".utf8))
        #expect(
            try test.outcome("POST", reference, token: test.token(), body: "[\(Self.ping)]").status
                == 400)
    }

    @Test func `what is refused before the seal opened is heard on no stream`() throws {
        let test = try Self.server()
        let reference = try Self.reference(test)
        let foreign = try test.outcome(
            "POST", reference, token: test.token(["sub": "\"local:mo\""]),
            body: TestServer.call("nothing"))
        #expect(foreign.status == 404)
        #expect(foreign.refusal?.endpoint == nil)
        #expect(foreign.refusal?.event == nil)
    }

    private static let modern =
        #"{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{"#
        + #""io.modelcontextprotocol/protocolVersion":"2026-07-28","#
        + #""io.modelcontextprotocol/clientCapabilities":{}}}}"#

    @Test(arguments: [
        (true, ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: server/discover"], 400),
        (true, ["MCP-Protocol-Version: 2026-07-28"], 400), (true, [], 200),
        (true, ["MCP-Protocol-Version: 2025-11-25"], 200),
        (false, ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: server/discover"], 405),
        (false, [], 405),
    ])
    func `a client that speaks both generations falls back`(
        hasSeal: Bool, lines: [String], status: Int
    ) throws {
        let test = try Self.server()
        let target = hasSeal ? try Self.reference(test) : Self.path
        let outcome = try test.outcome(
            "POST", target, token: test.token(), lines, body: Self.modern)
        #expect(outcome.status == status)
        for code in -32022 ... -32020 { #expect(!outcome.body.contains("\(code)")) }
        #expect(outcome.body.contains(#""code":-32601"#) == (status == 200))
        #expect((outcome.refusal?.event != nil) == (status == 200))
    }

    @Test func `a task that is made on a stream belongs to the request that made it`() throws {
        let test = try Self.server()
        let token = try test.token()
        let stream = try #require(try test.outcome("GET", token: token).forwarded)
        let body =
            #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_ticket","#
            + #""arguments":{},"task":{}}}"#
        let call = try #require(
            try test.outcome("POST", Self.reference(test), token: token, body: body).forwarded)
        let made = try Self.event(#"{"jsonrpc":"2.0","id":7,"result":{"task":{"taskId":"t-1"}}}"#)
        let other = stream.filter
        other.follow(nil, at: [1])
        #expect(other.judge(event: made) == .unchanged)
        let filter = stream.filter
        let asked = AskedMethods()
        asked.insert(.toolsCall, for: .integer(7))
        filter.follow(asked, at: try #require(call.endpoint).seal)
        guard case .replaced(let bytes) = filter.judge(event: made) else {
            Issue.record("the server's own task id was passed on")
            return
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let id = try #require(
            text.split(separator: #"taskId":""#).last?.split(separator: "\"").first)
        let task = test.tasks.open(Array(id.utf8)[...], for: try test.verify(token))
        #expect(task?.id == Array("t-1".utf8))
        #expect(
            task?.origin
                == TaskOrigin(method: Array("tools/call".utf8), target: Array("get_ticket".utf8)))
    }

    private static func event(_ data: String) throws -> EventStreamEvent {
        var parser = EventStreamParser()
        var offset = 0
        let bytes = Array("data: \(data)\n\n".utf8)
        return try #require(
            try unsafe bytes.withUnsafeBytes { try unsafe parser.next($0, &offset) })
    }

    @Test func `a streamable server knows no endpoints`() throws {
        let reference = try Self.reference(Self.server())
        let test = try TestServer(ring: KeyRing([Self.root]))
        for method in ["POST", "GET", "DELETE"] {
            let outcome = try test.outcome(method, reference, token: test.token(), body: Self.ping)
            #expect(outcome.forwarded != nil)
            #expect(outcome.forwarded?.endpoint == nil)
        }
    }
}
