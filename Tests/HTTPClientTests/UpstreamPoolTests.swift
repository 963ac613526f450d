import HTTP
import HTTPClient
import Testing
import Transport

@Suite(.serialized, .timeLimit(.minutes(1))) struct UpstreamPoolTests {
    private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test func `a connection is kept and used again`() async throws {
        let server = try ScriptedServer(answering: Self.answer)
        let caller = try Caller(port: server.port)
        for _ in 0..<3 { #expect(await caller.call() == .answer(200, "ok")) }
        #expect(server.requests.map(\.count) == [3])
        #expect(await caller.counts() == [1, 1])
        server.stop()
        caller.loop.stop()
    }

    @Test func `requests at the same time have connections of their own`() async throws {
        let server = try ScriptedServer(answering: Self.answer)
        let caller = try Caller(port: server.port)
        async let first = caller.call()
        async let second = caller.call()
        #expect(await first == .answer(200, "ok"))
        #expect(await second == .answer(200, "ok"))
        #expect(await caller.counts()[0] <= 2)
        #expect(server.requests.flatMap { $0 }.count == 2)
        server.stop()
        caller.loop.stop()
    }

    @Test func `no more idle connections are kept than may be`() async throws {
        let gate = Gate()
        let server = try ScriptedServer { peer in
            while try peer.request() != nil {
                gate.wait()
                try peer.socket.write(Self.answer)
            }
        }
        let caller = try Caller(port: server.port) { $0.idleLimit = 1 }
        async let first = caller.call()
        async let second = caller.call()
        #expect(await eventually { server.requests.map(\.count) == [1, 1] })
        gate.open()
        #expect(await [first, second] == [.answer(200, "ok"), .answer(200, "ok")])
        #expect(await caller.counts() == [1, 1])
        server.stop()
        caller.loop.stop()
    }

    @Test func `an idle connection is closed after its time`() async throws {
        let server = try ScriptedServer(answering: Self.answer)
        let caller = try Caller(port: server.port) { $0.idleLifetime = 50_000_000 }
        #expect(await caller.call() == .answer(200, "ok"))
        #expect(await caller.comes(to: [0, 0]))
        #expect(await caller.call() == .answer(200, "ok"))
        #expect(server.requests.map(\.count) == [1, 1])
        server.stop()
        caller.loop.stop()
    }

    @Test func `a kept connection that the upstream closed is not used`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(Self.answer)
        }
        let caller = try Caller(port: server.port)
        for _ in 0..<3 {
            #expect(await caller.call() == .answer(200, "ok"))
            #expect(await caller.comes(to: [0, 0]))
        }
        server.stop()
        caller.loop.stop()
    }

    @Test func `closing what is idle leaves calls under way alone`() async throws {
        let gate = Gate()
        let server = try ScriptedServer { peer in
            while let request = try peer.request() {
                if request.hasSuffix("slow") { gate.wait() }
                try peer.socket.write(Self.answer)
            }
        }
        let caller = try Caller(port: server.port)
        async let slow = caller.call(.post, "slow")
        #expect(await eventually { server.requests.map(\.count) == [1] })
        #expect(await caller.call() == .answer(200, "ok"))
        #expect(await caller.counts() == [2, 1])
        _ = await caller.visit { $0.closeIdle() }
        #expect(await caller.counts() == [1, 0])
        gate.open()
        #expect(await slow == .answer(200, "ok"))
        server.stop()
        caller.loop.stop()
    }

    @Test func `one connection more than may be is refused at once`() async throws {
        let gate = Gate()
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            gate.wait()
            try peer.socket.write(Self.answer)
        }
        let caller = try Caller(port: server.port) { $0.connectionLimit = 1 }
        async let first = caller.call()
        #expect(await eventually { server.requests.map(\.count) == [1] })
        #expect(await caller.call() == .failed("overloaded"))
        gate.open()
        #expect(await first == .answer(200, "ok"))
        server.stop()
        caller.loop.stop()
    }

    @Test func `the literal and the name of a host lead to the same place`() async throws {
        let server = try ScriptedServer(answering: Self.answer)
        let caller = try Caller(port: server.port, host: "localhost")
        #expect(await caller.call() == .answer(200, "ok"))
        server.stop()
        caller.loop.stop()
    }

    @Test func `a port where nobody listens is refused`() async throws {
        let reserved = try TestSocket.reserving()
        let caller = try Caller(port: reserved.port)
        #expect(await caller.call() == .failed("refused"))
        #expect(await caller.counts() == [0, 0])
        reserved.close()
        caller.loop.stop()
    }

    @Test func `a name without an address is told`() async throws {
        let caller = try Caller(port: 1, host: "no-such-name.invalid")
        #expect(await caller.call() == .failed("unresolved"))
        #expect(await caller.counts() == [0, 0])
        caller.loop.stop()
    }

    @Test func `a connection that does not come up in time is given up`() async throws {
        // The kernel holds back what is over the backlog of a listener that accepts nobody.
        let full = try TestSocket.listening(backlog: 0)
        let crowd = try TestSocket.connected(to: full.port)
        let caller = try Caller(port: full.port) { $0.connectTimeout = 60_000_000 }
        let begin = Clock.monotonic
        #expect(await caller.call() == .failed("connect-timeout"))
        #expect(Clock.monotonic - begin < 4_000_000_000)
        #expect(await caller.counts() == [0, 0])
        crowd.close()
        full.close()
        caller.loop.stop()
    }
}
