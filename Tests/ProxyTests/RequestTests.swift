import Testing
import Transport

@Suite(.serialized, .timeLimit(.minutes(1))) struct RequestTests {
    private static let ok = Messages.answer(#"{"jsonrpc":"2.0","id":"c-1","result":{}}"#)

    @Test func `what identifies, routes and frames is made anew`() async throws {
        let server = try ScriptedServer(answering: Self.ok)
        let visitor = try Visitor(port: server.port, bearer: "inner")
        _ = try await visitor.ask(
            "POST",
            [
                "X-Gatehouse-Subject: root", "Cookie: a=b", "X-Forwarded-For: 1.2.3.4",
                "User-Agent: test/1", "Connection: x-hop", "X-Hop: 1", "X-Kept: yes",
            ], Messages.call)
        let request = try #require(server.requests.first?.first)
        let head = String(request.prefix { $0 != "{" })
        let lines = head.split(separator: "\r\n").map(String.init)
        #expect(lines.first == "POST /inner?x=1 HTTP/1.1")
        #expect(lines.filter { $0.hasPrefix("Host:") } == ["Host: inner.example:81"])
        let credentials = lines.filter { $0.lowercased().hasPrefix("authorization:") }
        #expect(credentials == ["Authorization: Bearer inner"])
        let identity = lines.filter { $0.lowercased().hasPrefix("x-gatehouse-") }
        #expect(
            identity == [
                "X-Gatehouse-Subject: local:lee", "X-Gatehouse-Client: cli",
                "X-Gatehouse-Scope: tickets:read",
            ])
        let lengths = lines.filter { $0.lowercased().hasPrefix("content-length:") }
        #expect(lengths == ["Content-Length: \(Messages.call.utf8.count)"])
        #expect(lines.contains("User-Agent: test/1"))
        #expect(lines.contains("X-Kept: yes"))
        for name in ["cookie", "x-forwarded-for", "x-hop", "connection", "transfer-encoding"] {
            #expect(!lines.contains { $0.lowercased().hasPrefix("\(name):") }, "\(name)")
        }
        #expect(request.hasSuffix("\r\n\r\n" + Messages.call))
        server.stop()
        visitor.loop.stop()
    }

    @Test func `without a credential of the gateway the upstream sees none at all`() async throws {
        let server = try ScriptedServer(answering: Self.ok)
        let visitor = try Visitor(port: server.port)
        _ = try await visitor.ask("POST", [], Messages.call)
        #expect(server.requests.first?.first?.lowercased().contains("authorization") == false)
        server.stop()
        visitor.loop.stop()
    }

    @Test(arguments: [(Messages.call, 1), (Messages.list, 2)])
    func `a call is never sent twice, a list may be`(_ body: String, _ times: Int) async throws {
        let server = try ScriptedServer { peer in
            while let request = try peer.request() {
                if peer.number == 0, peer.requestCount == 2 { return }
                let isList = request.contains("tools/list")
                try peer.socket.write(isList ? Messages.answer(Messages.tools) : Self.ok)
            }
        }
        let visitor = try Visitor(port: server.port)
        #expect(try await visitor.ask("POST", [], Messages.call).status == 200)
        let answered = try await visitor.ask("POST", [], body)
        #expect(answered.status == (times == 1 ? 502 : 200))
        #expect(server.requests.map(\.count) == (times == 1 ? [2] : [2, 1]))
        server.stop()
        visitor.loop.stop()
    }

    @Test(arguments: [("GET", "GET /inner?x=1 HTTP/1.1"), ("DELETE", "DELETE /inner?x=1 HTTP/1.1")])
    func `requests without content have none at the upstream`(
        _ method: String, _ line: String
    ) async throws {
        let server = try ScriptedServer(
            answering: "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
        let visitor = try Visitor(port: server.port)
        let session = "Mcp-Session-Id: none"
        let refused = await #expect(throws: Visitor.Refused.self) {
            try await visitor.ask(method, [session])
        }
        #expect(refused?.status == 404)
        if method == "GET" {
            #expect(try await visitor.ask(method).status == 405)
            let request = try #require(server.requests.first?.first)
            #expect(request.hasPrefix(line))
            #expect(!request.lowercased().contains("content-"))
        }
        server.stop()
        visitor.loop.stop()
    }
}
