import Proxy
import Testing
import Transport

@Suite(.serialized, .timeLimit(.minutes(1))) struct AnswerTests {
    @Test(arguments: [
        #"{ "jsonrpc":"2.0" ,"id":"c-1","result":{"content":[ {"type":"text","text":"\u00e9"}]}}"#,
        #"{"jsonrpc":"2.0","id":"c-1","error":{"code":-1,"message":"no"}}"#,
    ])
    func `the answer to a call passes byte for byte`(_ body: String) async throws {
        let server = try ScriptedServer(
            answering: Messages.answer(
                body,
                [
                    "Set-Cookie: a=b", "X-Request-Id: 7", "WWW-Authenticate: Bearer",
                    "Access-Control-Allow-Origin: *", "Server: inner",
                ]))
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask("POST", [], Messages.call)
        #expect(answered.status == 200)
        #expect(answered.body == body)
        #expect(answered.fields == "Content-Type: application/json\r\nX-Request-Id: 7\r\n")
        #expect(answered.upstreamStatus == 200)
        #expect(await visitor.counts() == [1, 1])
        server.stop()
        visitor.loop.stop()
    }

    @Test func `a notification's 202 passes`() async throws {
        let server = try ScriptedServer(
            answering: "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask("POST", [], Messages.notification)
        #expect(answered.status == 202)
        #expect(answered.body.isEmpty)
        server.stop()
        visitor.loop.stop()
    }

    @Test func `a list loses what the caller may not see, and nothing else changes`() async throws {
        let server = try ScriptedServer(answering: Messages.answer(Messages.tools))
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask("POST", [], Messages.list)
        #expect(answered.status == 200)
        #expect(answered.body == Messages.visibleTools)
        server.stop()
        visitor.loop.stop()
    }

    @Test func `a list in a stream loses the same`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            let events = ": hello\n\nid: 5\ndata: \(Messages.tools)\n\n"
            try peer.socket.write(Messages.streamHead)
            for byte in events.utf8 {
                try peer.socket.write("1\r\n\(Character(UnicodeScalar(byte)))\r\n")
            }
            try peer.socket.write(Messages.streamEnd)
        }
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask("POST", [], Messages.list)
        #expect(
            answered.pieces.map(Messages.withoutID) == [
                ": hello\n\n", "data: \(Messages.visibleTools)\n\n",
            ])
        server.stop()
        visitor.loop.stop()
    }

    @Test(arguments: [
        "401 Unauthorized", "403 Forbidden", "407 Proxy", "302 Found", "307 Temporary",
    ])
    func `a refusal of the gateway or a redirect is a 502 with the id`(
        _ status: String
    ) async throws {
        let server = try ScriptedServer(
            answering: Messages.answer("secret", status: status, ["Location: http://inner/"]))
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask("POST", [], Messages.call)
        #expect(answered.status == 502)
        #expect(answered.body.contains(#""id":"c-1""#))
        #expect(answered.body.contains(#""code":1502"#))
        #expect(!answered.body.contains("secret"))
        #expect(!answered.fields.lowercased().contains("location"))
        #expect(answered.failure == "refused")
        server.stop()
        visitor.loop.stop()
    }

    @Test(arguments: [Messages.list, Messages.call])
    func `other statuses of the upstream pass`(_ body: String) async throws {
        let server = try ScriptedServer(
            answering: Messages.answer("no such thing", status: "404 Not Found", type: "text/plain")
        )
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask("POST", [], body)
        #expect(answered.status == 404)
        #expect(answered.body == "no such thing")
        server.stop()
        visitor.loop.stop()
    }

    /// What the upstream sends in answer to a list, and what it is to the gateway.
    @Test(arguments: [
        (Messages.answer("[]"), "malformed"), (Messages.answer("no JSON"), "malformed"),
        (Messages.answer(Messages.tools, ["Content-Encoding: gzip"]), "malformed"),
        (Messages.answer(String(repeating: " ", count: 5000) + Messages.tools), "malformed"),
        (
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
            "truncated"
        ),
        ("nonsense\r\n\r\n", "malformed"), ("", "truncated"),
    ])
    func `a list that cannot be judged is a 502 with the id`(
        _ bytes: String, _ failure: String
    ) async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(bytes)
        }
        let visitor = try Visitor(port: server.port, contentLimit: 4096)
        let answered = try await visitor.ask("POST", [], Messages.list)
        #expect(answered.status == 502)
        #expect(answered.body.contains(#""id":4"#))
        #expect(answered.failure == failure)
        server.stop()
        visitor.loop.stop()
    }

    @Test func `nobody at the upstream's port is a 502`() async throws {
        let reserved = try TestSocket.reserving()
        let visitor = try Visitor(port: reserved.port)
        let answered = try await visitor.ask("POST", [], Messages.call)
        #expect(answered.status == 502)
        #expect(answered.failure == "unreachable")
        reserved.close()
        visitor.loop.stop()
    }

    @Test(arguments: [true, false])
    func `silence is a 504 with the id`(_ isFirstByte: Bool) async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            peer.socket.waitForEnd()
        }
        let short: UInt64 = 60_000_000
        let visitor = try Visitor(
            port: server.port, callTimeout: isFirstByte ? 5_000_000_000 : short,
            firstByteTimeout: isFirstByte ? short : 5_000_000_000)
        let answered = try await visitor.ask("POST", [], Messages.call)
        #expect(answered.status == 504)
        #expect(answered.body.contains(#""id":"c-1""#))
        #expect(answered.failure == "silent")
        server.stop()
        visitor.loop.stop()
    }

    @Test func `content that breaks off is cut at the client too`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf of it")
        }
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask("POST", [], Messages.call)
        #expect(answered.isAborted)
        #expect(answered.status == 200)
        #expect(answered.failure == "truncated")
        server.stop()
        visitor.loop.stop()
    }

    @Test func `when the client leaves, the upstream is told by closing`() async throws {
        let ended = Gate()
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(Messages.streamHead + Messages.chunk(Messages.progress))
            peer.socket.waitForEnd()
            ended.open()
        }
        let visitor = try Visitor(port: server.port)
        try visitor.begin("POST", [], Messages.call) { sink in
            sink.whenSent = { $0.relay?.clientLeft() }
        } completion: { answered in
            Issue.record("nobody is there to be told \(answered)")
        }
        let begin = Clock.monotonic
        try await onThread { ended.wait() }
        // Without an end the server would have waited for five seconds.
        #expect(Clock.monotonic - begin < 4_500_000_000)
        #expect(await visitor.counts() == [0, 0])
        server.stop()
        visitor.loop.stop()
    }

    @Test func `a client that is behind holds the upstream back`() async throws {
        let size = 16 << 20
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            try peer.socket.write([UInt8](repeating: 0x78, count: size))
            peer.socket.waitForEnd()
        }
        let visitor = try Visitor(port: server.port)
        async let answered = visitor.ask("POST", [], Messages.call) { $0.isBehind = true }
        let begun = await eventually {
            await visitor.visit { $0.answered.body.utf8.count } ?? 0 > 0
        }
        #expect(begun)
        try await Task.sleep(for: .milliseconds(100))
        let early = await visitor.visit { $0.answered.body.utf8.count } ?? size
        #expect(early < size / 2)
        _ = await visitor.visit { sink in
            sink.isBehind = false
            sink.relay?.clientCaughtUp()
        }
        #expect(try await answered.body.utf8.count == size)
        server.stop()
        visitor.loop.stop()
    }
}
