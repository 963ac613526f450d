import HTTP
import HTTPClient
import Testing
import Transport

@Suite(.serialized, .timeLimit(.minutes(1))) struct UpstreamConnectionTests {
    private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    /// A server that answers the first request of its first connection, and closes that connection
    /// when the next request has come.
    private static func closingOnSecondRequest() throws -> ScriptedServer {
        try ScriptedServer { peer in
            while try peer.request() != nil {
                if peer.number == 0, peer.requestCount == 2 { return }
                try peer.socket.write(answer)
            }
        }
    }

    @Test func `a request that only reads is sent again over a fresh connection`() async throws {
        let server = try Self.closingOnSecondRequest()
        let caller = try Caller(port: server.port)
        #expect(await caller.call(repeatable: true) == .answer(200, "ok"))
        #expect(await caller.call(.post, "again", repeatable: true) == .answer(200, "ok"))
        #expect(server.requests.map(\.count) == [2, 1])
        #expect(server.requests[1][0].hasSuffix("\r\n\r\nagain"))
        server.stop()
        caller.loop.stop()
    }

    @Test func `any other request is not sent again`() async throws {
        let server = try Self.closingOnSecondRequest()
        let caller = try Caller(port: server.port)
        #expect(await caller.call() == .answer(200, "ok"))
        #expect(await caller.call() == .failed("truncated"))
        #expect(server.requests.map(\.count) == [2])
        server.stop()
        caller.loop.stop()
    }

    @Test func `a request is sent again once and no more, whatever else is kept`() async throws {
        // All connections answer once and close when a second request comes, two are kept.
        let gate = Gate()
        let server = try ScriptedServer { peer in
            while try peer.request() != nil {
                if peer.requestCount == 2 { return }
                gate.wait()
                try peer.socket.write(Self.answer)
            }
        }
        let caller = try Caller(port: server.port)
        async let first = caller.call()
        async let second = caller.call()
        #expect(await eventually { server.requests.map(\.count) == [1, 1] })
        gate.open()
        #expect(await [first, second] == [.answer(200, "ok"), .answer(200, "ok")])
        #expect(await caller.call(repeatable: true) == .answer(200, "ok"))
        #expect(server.requests.map(\.count).sorted() == [1, 1, 2])
        server.stop()
        caller.loop.stop()
    }

    @Test func `a fresh connection that ends without an answer is not tried again`() async throws {
        let server = try ScriptedServer { peer in _ = try peer.request() }
        let caller = try Caller(port: server.port)
        #expect(await caller.call(repeatable: true) == .failed("truncated"))
        #expect(server.requests.count == 1)
        server.stop()
        caller.loop.stop()
    }

    @Test func `an answer that has begun is not asked for again`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(Self.answer)
            _ = try peer.request()
            try peer.socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        }
        let caller = try Caller(port: server.port)
        #expect(await caller.call(repeatable: true) == .answer(200, "ok"))
        #expect(
            await caller.call(repeatable: true)
                == Outcome(status: 200, body: "half", failure: "truncated"))
        #expect(server.requests.map(\.count) == [2])
        server.stop()
        caller.loop.stop()
    }

    @Test func `an upstream that says nothing is given up`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            peer.socket.waitForEnd()
        }
        let caller = try Caller(port: server.port) { $0.firstByteTimeout = 60_000_000 }
        #expect(await caller.call() == .failed("first-byte-timeout"))
        #expect(await caller.counts() == [0, 0])
        let impatient = try Caller(port: server.port)
        #expect(await impatient.call(within: 60_000_000) == .failed("call-timeout"))
        server.stop()
        caller.loop.stop()
        impatient.loop.stop()
    }

    @Test func `an answer that does not end is given up at the end of the call`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while true {
                try peer.socket.write("1\r\n.\r\n")
                peer.socket.rest(10)
            }
        }
        // The first byte came in time, so that limit is over.
        let caller = try Caller(port: server.port) { $0.firstByteTimeout = 1_000_000_000 }
        let begin = Clock.monotonic
        let outcome = await caller.call(within: 1_500_000_000)
        #expect(Clock.monotonic - begin >= 1_500_000_000)
        #expect(outcome.status == 200)
        #expect(outcome.failure == "call-timeout")
        #expect(outcome.body.count > 5)
        server.stop()
        caller.loop.stop()
    }

    @Test func `the end of a stream can be put off`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            peer.socket.rest(1500)
            try peer.socket.write("3\r\nend\r\n0\r\n\r\n")
            peer.socket.waitForEnd()
        }
        let caller = try Caller(port: server.port)
        let outcome = await caller.call(within: 1_000_000_000) { receiver in
            receiver.whenAnswered = { $0.upstream?.setDeadline(Clock.monotonic + 20_000_000_000) }
        }
        #expect(outcome == .answer(200, "end"))
        server.stop()
        caller.loop.stop()
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nha", Outcome(status: 200, body: "ha")),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nha\r\n",
            Outcome(status: 200, body: "ha")
        ),
        ("HTTP/1.1 200 OK\r\nContent-Le", Outcome()),
        ("", Outcome()),
    ])
    func `an answer that is cut off is told from a whole one`(
        _ bytes: String, _ expected: Outcome
    ) async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(bytes)
        }
        let caller = try Caller(port: server.port)
        var expected = expected
        expected.failure = "truncated"
        #expect(await caller.call() == expected)
        #expect(await caller.counts() == [0, 0])
        server.stop()
        caller.loop.stop()
    }

    @Test func `an answer without a length ends with its connection`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write("HTTP/1.1 200 OK\r\n\r\nall of it")
        }
        let caller = try Caller(port: server.port)
        #expect(await caller.call() == .answer(200, "all of it"))
        #expect(await caller.counts() == [0, 0])
        server.stop()
        caller.loop.stop()
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "SSH-2.0-x\r\n\r\n",
    ])
    func `what is no answer in HTTP is refused and its connection closed`(
        _ bytes: String
    ) async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(bytes)
            peer.socket.waitForEnd()
        }
        let caller = try Caller(port: server.port)
        #expect(await caller.call().failure == "malformed")
        #expect(await caller.counts() == [0, 0])
        server.stop()
        caller.loop.stop()
    }

    @Test(arguments: ["x", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"])
    func `bytes after an answer end the connection and reach nobody`(
        _ surplus: String
    ) async throws {
        let server = try ScriptedServer { peer in
            while try peer.request() != nil { try peer.socket.write(Self.answer + surplus) }
        }
        let caller = try Caller(port: server.port)
        for _ in 0..<2 {
            #expect(await caller.call() == .answer(200, "ok"))
            #expect(await caller.counts() == [0, 0])
        }
        #expect(server.requests.map(\.count) == [1, 1])
        server.stop()
        caller.loop.stop()
    }

    @Test func `bytes that come while a connection is idle end it`() async throws {
        let server = try ScriptedServer { peer in
            while try peer.request() != nil {
                try peer.socket.write(Self.answer)
                peer.socket.rest(30)
                try peer.socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
            }
        }
        let caller = try Caller(port: server.port)
        #expect(await caller.call() == .answer(200, "ok"))
        #expect(await caller.comes(to: [0, 0]))
        #expect(await caller.call() == .answer(200, "ok"))
        server.stop()
        caller.loop.stop()
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
    ])
    func `a connection that the upstream will close is not kept`(_ answer: String) async throws {
        let server = try ScriptedServer(answering: answer)
        let caller = try Caller(port: server.port)
        #expect(await caller.call() == .answer(200, "ok"))
        #expect(await caller.counts() == [0, 0])
        server.stop()
        caller.loop.stop()
    }

    @Test func `an answer that comes before the request is out is taken, its connection is not`()
        async throws
    {
        let gate = Gate()
        let server = try ScriptedServer { peer in
            try peer.socket.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno")
            gate.wait()
        }
        let caller = try Caller(port: server.port)
        let big = String(repeating: "x", count: 16 << 20)
        #expect(await caller.call(.post, big) == .answer(413, "no"))
        gate.open()
        #expect(await caller.counts() == [0, 0])
        server.stop()
        caller.loop.stop()
    }

    @Test func `a paused answer waits at the upstream and comes whole later`() async throws {
        let size = 24 << 20
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            try peer.socket.write([UInt8](repeating: 0x78, count: size))
            peer.socket.waitForEnd()
        }
        let caller = try Caller(port: server.port)
        async let answer = caller.call { receiver in
            receiver.whenSent = { if $0.count > 1 << 20 { $0.upstream?.pause() } }
        }
        #expect(await eventually { await caller.visitReceiver { $0.count } ?? 0 > 1 << 20 })
        try await Task.sleep(for: .milliseconds(100))
        let early = await caller.visitReceiver { $0.count } ?? size
        #expect(early < 8 << 20)
        _ = await caller.visitReceiver { receiver in
            receiver.whenSent = { _ in }
            receiver.upstream?.resume()
        }
        let outcome = await answer
        #expect(outcome.status == 200)
        #expect(outcome.failure == nil)
        #expect(await caller.visitReceiver { $0.count } == size)
        server.stop()
        caller.loop.stop()
    }

    @Test func `a cancelled call closes its connection and is told no more`() async throws {
        let ended = Gate()
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            peer.socket.waitForEnd()
            ended.open()
        }
        let caller = try Caller(port: server.port)
        caller.begin { receiver in
            receiver.whenAnswered = { $0.upstream?.cancel() }
        } completion: { outcome in
            Issue.record("it was told \(outcome)")
        }
        let begin = Clock.monotonic
        try await onThread { ended.wait() }
        // Without an end the server would have waited for five seconds.
        #expect(Clock.monotonic - begin < 4_500_000_000)
        #expect(await caller.counts() == [0, 0])
        server.stop()
        caller.loop.stop()
    }
}
