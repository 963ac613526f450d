import Proxy
import Testing
import Transport

@Suite(.serialized, .timeLimit(.minutes(1))) struct StreamTests {
    private static let answer = "data: {\"jsonrpc\":\"2.0\",\"id\":\"c-1\",\"result\":{}}\n\n"

    @Test func `each event goes on as soon as it is complete`() async throws {
        let seen = Gate()
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(
                Messages.streamHead + Messages.chunk(Messages.progress + "data: {"))
            // The rest comes only when the first event has arrived.
            seen.wait()
            try peer.socket.write(
                Messages.chunk(String(Self.answer.dropFirst(7))) + Messages.streamEnd)
        }
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask("POST", [], Messages.call) { sink in
            sink.whenSent = { _ in seen.open() }
        }
        #expect(answered.pieces == [Messages.progress, Self.answer])
        #expect(answered.fields.contains("X-Accel-Buffering: no\r\n"))
        #expect(answered.fields.contains("Content-Type: text/event-stream\r\n"))
        server.stop()
        visitor.loop.stop()
    }

    @Test func `a stream that breaks off ends with an error for its request`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(Messages.streamHead + Messages.chunk(Messages.progress))
        }
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask("POST", [], Messages.call)
        #expect(answered.pieces.count == 2)
        #expect(answered.pieces.first == Messages.progress)
        #expect(answered.pieces.last?.contains(#""id":"c-1""#) == true)
        #expect(answered.pieces.last?.contains(#""code":1502"#) == true)
        #expect(!answered.isAborted)
        #expect(answered.failure == "truncated")
        server.stop()
        visitor.loop.stop()
    }

    @Test func `a stream whose events can be fetched again just ends`() async throws {
        let event = "id: 1\n" + Messages.progress
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(Messages.streamHead + Messages.chunk(event))
        }
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask("POST", [], Messages.call)
        // No session binds the event, so its id is sealed.
        #expect(answered.pieces.map(Messages.withoutID) == [Messages.progress])
        #expect(answered.pieces != [event])
        #expect(!answered.isAborted)
        server.stop()
        visitor.loop.stop()
    }

    @Test func `a stream that takes too long ends with 1504`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(
                Messages.streamHead + Messages.chunk("id: 1\n" + Messages.progress))
            peer.socket.waitForEnd()
        }
        let visitor = try Visitor(port: server.port, callTimeout: 1_500_000_000)
        let answered = try await visitor.ask("POST", [], Messages.call)
        #expect(answered.pieces.count == 2)
        #expect(answered.pieces.last?.contains(#""code":1504"#) == true)
        #expect(await visitor.counts() == [0, 0])
        server.stop()
        visitor.loop.stop()
    }

    @Test func `an event over the limit ends the stream`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            let big = "data: " + String(repeating: "x", count: 4096) + "\n\n"
            try peer.socket.write(Messages.streamHead + Messages.chunk(big))
            peer.socket.waitForEnd()
        }
        let visitor = try Visitor(port: server.port, eventLimit: 1024)
        let answered = try await visitor.ask("POST", [], Messages.call)
        #expect(answered.pieces.count == 1)
        #expect(answered.body.contains(#""code":1502"#))
        #expect(answered.failure == "malformed")
        #expect(await visitor.counts() == [0, 0])
        server.stop()
        visitor.loop.stop()
    }

    /// A server that begins a stream and leaves it open.
    private static func standing() throws -> ScriptedServer {
        try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(Messages.streamHead + Messages.chunk(": hi\n\n"))
            peer.socket.waitForEnd()
        }
    }

    @Test func `the server's stream ends with the token, and the client may come again`()
        async throws
    {
        let server = try Self.standing()
        // The leeway is half a minute, so four seconds are left.
        let visitor = try Visitor(port: server.port, callTimeout: 1_000_000)
        let begin = Clock.monotonic
        let answered = try await visitor.ask("GET", [], tokenSeconds: -26)
        // The time of a call is over long before.
        #expect(Clock.monotonic - begin > 500_000_000)
        #expect(answered.status == 200)
        #expect(answered.pieces == [": hi\n\n", "retry: 1000\n\n"])
        #expect(!answered.isAborted)
        #expect(answered.failure == nil)
        #expect(await visitor.counts() == [0, 0])
        server.stop()
        visitor.loop.stop()
    }

    @Test func `a subscription ends with the token and with its result`() async throws {
        let server = try Self.standing()
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask(
            "POST", Messages.listenLines, Messages.listen, tokenSeconds: -26)
        #expect(answered.pieces.first == ": hi\n\n")
        #expect(answered.pieces.count == 2)
        #expect(
            answered.pieces.last?.contains(#""id":9,"result":{"resultType":"complete""#) == true)
        #expect(answered.failure == nil)
        server.stop()
        visitor.loop.stop()
    }

    @Test func `a stream ends in the same way when the gateway stops, a call goes on`() async throws
    {
        let server = try Self.standing()
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask("GET") { sink in
            sink.whenSent = { sink in
                sink.whenSent = { _ in }
                sink.relay?.endStanding()
            }
        }
        #expect(answered.pieces == [": hi\n\n", "retry: 1000\n\n"])
        let slow = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(Messages.streamHead + Messages.chunk(Messages.progress))
            peer.socket.rest(60)
            try peer.socket.write(Messages.chunk(Self.answer) + Messages.streamEnd)
        }
        let caller = try Visitor(port: slow.port)
        let call = try await caller.ask("POST", [], Messages.call) { sink in
            sink.whenSent = { $0.relay?.endStanding() }
        }
        #expect(call.pieces == [Messages.progress, Self.answer])
        for server in [server, slow] { server.stop() }
        visitor.loop.stop()
        caller.loop.stop()
    }

    @Test func `a call of an ended grant ends with an error on its stream`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(Messages.streamHead + Messages.chunk(Messages.progress))
            _ = try? peer.request()
        }
        let visitor = try Visitor(port: server.port)
        let answered = try await visitor.ask("POST", [], Messages.call) { sink in
            sink.whenSent = { sink in
                sink.whenSent = { _ in }
                sink.relay?.revoke()
            }
        }
        #expect(answered.pieces.count == 2)
        #expect(answered.pieces.last?.contains(#""id":"c-1""#) == true)
        #expect(answered.pieces.last?.contains("The access token was revoked") == true)
        #expect(!answered.isAborted)
        server.stop()
        visitor.loop.stop()
    }

    @Test func `a call of an ended grant that has no answer yet gets 401`() async throws {
        let asked = Gate()
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            asked.open()
            _ = try? peer.request()
        }
        let visitor = try Visitor(port: server.port)
        let answered = try await withCheckedThrowingContinuation { continuation in
            do {
                try visitor.begin("POST", [], Messages.call) { _ in
                } completion: {
                    continuation.resume(returning: $0)
                }
                Task {
                    _ = try? await onThread { asked.wait() }
                    await visitor.visit { $0.relay?.revoke() }
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
        #expect(answered.status == 401)
        #expect(answered.fields.contains("error=\"invalid_token\""))
        server.stop()
        visitor.loop.stop()
    }
}
