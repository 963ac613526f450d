import HTTP
import Proxy
import ResourceServer
import Synchronization
import Testing
import Transport

/// Streams of an upstream that speaks HTTP+SSE.
@Suite(.serialized, .timeLimit(.minutes(2))) struct EndpointStreamTests {
    private static let endpoint = "event: endpoint\r\ndata: /messages/?session_id=u1\r\n\r\n"
    private static let list = "event: message\ndata: \(Messages.tools)\n\n"
    private static let visible = "event: message\ndata: \(Messages.visibleTools)\n\n"

    private static func visitor(
        _ server: ScriptedServer, firstByteTimeout: UInt64 = 5_000_000_000
    ) throws -> Visitor {
        try Visitor(
            port: server.port, firstByteTimeout: firstByteTimeout,
            bearer: "k",
            transport: .sse(upstream: AbsoluteURI(parsing: "http://inner.example:81/inner?x=1")))
    }

    /// A server that sends these pieces as a stream and ends it.
    private static func server(_ pieces: [String]) throws -> ScriptedServer {
        try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(Messages.streamHead)
            for piece in pieces { try peer.socket.write(Messages.chunk(piece)) }
            try peer.socket.write(Messages.streamEnd)
        }
    }

    @Test func `the endpoint is replaced, lists are filtered, and both ways show the credential`()
        async throws
    {
        let server = try Self.server([": hi\n\n", Self.endpoint + Messages.progress, Self.list])
        let visitor = try Self.visitor(server)
        let answered = try await visitor.ask("GET")
        #expect(answered.status == 200)
        #expect(answered.pieces.count == 3)
        let first = try #require(answered.pieces.first)
        #expect(first.hasPrefix("event: endpoint\ndata: /tickets/mcp?session_id="))
        #expect(first.hasSuffix("\n\n"))
        #expect(answered.pieces.dropFirst() == [Messages.progress, Self.visible])
        #expect(!answered.body.contains("/messages/") && !answered.body.contains("delete_x"))
        #expect(answered.failure == nil)
        let request = try #require(server.requests.first?.first)
        #expect(request.hasPrefix("GET /inner?x=1 HTTP/1.1\r\nHost: inner.example:81\r\n"))
        #expect(request.contains("Authorization: Bearer k\r\n"))
        #expect(request.contains("X-Gatehouse-Subject: local:lee\r\n"))
        server.stop()
        visitor.loop.stop()
    }

    @Test func `a stream cut at every byte is the same stream`() async throws {
        let text = "\u{FEFF}: hi\r\n\r\n" + Self.endpoint + Messages.progress + Self.list
        let bytes = Array(text.utf8)
        let whole = try Self.server([text])
        let visitor = try Self.visitor(whole)
        let expected = try await visitor.ask("GET")
        whole.stop()
        visitor.loop.stop()
        #expect(expected.pieces.count == 3)
        let cut = Mutex(0)
        let server = try ScriptedServer { peer in
            while try peer.request() != nil {
                let at = cut.withLock {
                    $0 += 1; return $0
                }
                try peer.socket.write(Messages.streamHead)
                for part in [bytes[..<at], bytes[at...]] {
                    let size = Array("\(String(part.count, radix: 16))\r\n".utf8)
                    try peer.socket.write(size + part + Array("\r\n".utf8))
                    peer.socket.rest(1)
                }
                try peer.socket.write(Messages.streamEnd)
            }
        }
        let cutter = try Self.visitor(server)
        for at in 1..<bytes.count {
            let answered = try await cutter.ask("GET")
            // A LF that comes after its CR was taken for the end is a block of its own, which is blank.
            let rest = answered.pieces.dropFirst().filter { $0 != "\n" }
            #expect(rest == Array(expected.pieces.dropFirst()), "cut at \(at)")
            #expect(
                answered.pieces.first?.hasPrefix("event: endpoint\ndata: /tickets/mcp?") == true)
        }
        server.stop()
        cutter.loop.stop()
    }

    @Test(arguments: [
        "event: endpoint\ndata: http://evil.example/m\n\n", "event: endpoint\ndata: //evil/\n\n",
        "event: endpoint\ndata: http://inner.example:82/m\n\n", "event: endpoint\n\n",
        "event: endpoint\ndata: https://inner.example:81/m\n\n", "data: /messages/\n\n",
        "event: endpoint\ndata: /m\ndata: Host: evil\n\n", Self.list + Self.endpoint,
        "event: endpoint\ndata: /\(String(repeating: "m", count: 3000))\n\n",
        "event: endpoint\ndata: \(String(repeating: "m", count: 2 << 20))\n\n", ": nothing\n\n",
        "",
    ])
    func `a stream that does not begin with an endpoint of its own is 502`(
        text: String
    )
        async throws
    {
        let server = try Self.server(text.isEmpty ? [] : [text])
        let visitor = try Self.visitor(server)
        let answered = try await visitor.ask("GET")
        #expect(answered.status == 502)
        #expect(answered.body.contains(#""code":1502"#))
        #expect(!answered.body.contains("evil") && !answered.body.contains("get_x"))
        #expect(answered.failure == "malformed" || answered.failure == "truncated")
        server.stop()
        visitor.loop.stop()
    }

    @Test(arguments: [
        "event: endpoint\ndata: /other\n\n", "event: endpoint\ndata: /messages/?session_id=u1\n\n",
        "event: endpoint\ndata: http://evil.example/\n\n", "event: endpoint\n\n",
        "event: endpoint\ndata: \(Messages.tools)\n\n",
    ])
    func `a second endpoint ends the stream, and nothing after it passes`(
        again: String
    )
        async throws
    {
        let server = try Self.server([Self.endpoint + Messages.progress, again, Messages.progress])
        let visitor = try Self.visitor(server)
        let answered = try await visitor.ask("GET")
        #expect(answered.pieces.count == 2)
        #expect(answered.pieces.last == Messages.progress)
        #expect(answered.failure == "malformed")
        #expect(await visitor.counts() == [0, 0])
        server.stop()
        visitor.loop.stop()
    }

    @Test func `events of other names do not pass`() async throws {
        let server = try Self.server(
            [Self.endpoint, "event: ping\ndata: 2026\n\n", Messages.progress])
        let visitor = try Self.visitor(server)
        let answered = try await visitor.ask("GET")
        #expect(answered.pieces.dropFirst() == [Messages.progress])
        #expect(answered.failure == nil)
        server.stop()
        visitor.loop.stop()
    }

    @Test(arguments: [
        (Messages.answer("{}"), 502), (Messages.answer("{}", status: "204 No"), 502),
        (Messages.answer("data: 1\n\n", status: "202 A", type: "text/event-stream"), 502),
        (Messages.answer("no", status: "404 No"), 404),
        (Messages.answer("", status: "401 No"), 502),
    ])
    func `an answer that is no stream is none`(answer: String, status: Int) async throws {
        let server = try ScriptedServer(answering: answer)
        let visitor = try Self.visitor(server)
        #expect(try await visitor.ask("GET").status == status)
        server.stop()
        visitor.loop.stop()
    }

    @Test func `an endpoint that does not come in time is 504`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(Messages.streamHead + Messages.chunk(": hi\n\n"))
            peer.socket.waitForEnd()
        }
        let visitor = try Self.visitor(server, firstByteTimeout: 200_000_000)
        let answered = try await visitor.ask("GET")
        #expect(answered.status == 504)
        #expect(answered.failure == "silent")
        server.stop()
        visitor.loop.stop()
    }

    @Test func `a stream that named its endpoint lasts as long as the token`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(Messages.streamHead + Messages.chunk(Self.endpoint))
            peer.socket.waitForEnd()
        }
        let visitor = try Self.visitor(server, firstByteTimeout: 1_000_000_000)
        // The leeway is half a minute, so four seconds are left.
        let begin = Clock.monotonic
        let answered = try await visitor.ask("GET", [], tokenSeconds: -26)
        #expect(Clock.monotonic - begin > 1_500_000_000)
        #expect(answered.pieces.last == "retry: 1000\n\n")
        #expect(answered.failure == nil)
        server.stop()
        visitor.loop.stop()
    }

    @Test func `an ended grant ends the stream`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(Messages.streamHead + Messages.chunk(Self.endpoint))
            peer.socket.waitForEnd()
        }
        let visitor = try Self.visitor(server)
        let answered = try await visitor.ask("GET") { sink in
            sink.whenSent = { sink in
                sink.whenSent = { _ in }
                sink.relay?.revoke()
            }
        }
        #expect(answered.pieces.last == "retry: 1000\n\n")
        server.stop()
        visitor.loop.stop()
    }

    @Test func `responses of our own go out between two events`() async throws {
        let sent = Gate()
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(
                Messages.streamHead + Messages.chunk(Self.endpoint + "data: {\"jsonrpc\""))
            sent.wait()
            try peer.socket.write(
                Messages.chunk(":\"2.0\",\"id\":9,\"result\":{}}\n\n") + Messages.streamEnd)
        }
        let visitor = try Self.visitor(server)
        let answered = try await visitor.ask("GET") { sink in
            sink.whenSent = { sink in
                sink.whenSent = { _ in }
                sink.relay?.deliver(Array("data: ours\n\n".utf8))
                sent.open()
            }
        }
        #expect(
            answered.pieces.dropFirst()
                == ["data: ours\n\n", "data: {\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{}}\n\n"])
        server.stop()
        visitor.loop.stop()
    }
}
