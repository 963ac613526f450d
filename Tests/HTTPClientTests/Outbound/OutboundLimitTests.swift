import HTTP
import HTTPClient
import Testing
import Transport

@Suite(.serialized, .timeLimit(.minutes(1))) struct OutboundLimitTests {
    private static func client(
        _ change: (inout OutboundLimits) -> Void = { _ in }
    ) throws -> LoopOutboundClient {
        try LoopOutboundClient(allowing: ["127.0.0.0/8"], change)
    }

    /// What becomes of a request that is answered with these bytes, and the end of the connection.
    private static func outcome(_ answer: String, contentLimit: Int = 1000) async throws -> Fetched
    {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(answer)
        }
        defer { server.stop() }
        return try await client().fetch(
            "http://127.0.0.1:\(server.port)/", contentLimit: contentLimit)
    }

    private static let ok = "HTTP/1.1 200 OK\r\n"
    private static let thousand = String(repeating: "x", count: 1000)

    @Test(arguments: [
        (ok + "Content-Length: 1000\r\n\r\n" + thousand, Fetched.answer(200, thousand)),
        (ok + "Content-Length: 1001\r\n\r\n" + thousand + "x", .failure(.tooLarge)),
        (ok + "Content-Length: 99999999999\r\n\r\n", .failure(.tooLarge)),
        (
            ok + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + thousand + "\r\n0\r\n\r\n",
            .answer(200, thousand)
        ),
        (
            ok + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + thousand + "\r\n1\r\nx\r\n0\r\n\r\n",
            .failure(.tooLarge)
        ),
        (ok + "\r\n" + thousand, .answer(200, thousand)),
        (ok + "\r\n" + thousand + "x", .failure(.tooLarge)),
        (ok + "A: " + thousand + thousand + "\r\n\r\n", .answer(200, "")),
        (ok + "A: " + String(repeating: "y", count: 9000) + "\r\n\r\n", .failure(.tooLarge)),
        (ok + String(repeating: "A: \(thousand)\r\n", count: 20) + "\r\n", .failure(.tooLarge)),
        (ok + String(repeating: "A: b\r\n", count: 101) + "\r\n", .failure(.tooLarge)),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", .answer(404, "no")),
        ("HTTP/1.1 204 No Content\r\n\r\n", .answer(204, "")),
        (ok + "Content-Encoding: identity\r\nContent-Length: 1\r\n\r\nx", .answer(200, "x")),
        (ok + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", .failure(.malformed)),
        (ok + "Content-Length: 3\r\n\r\nno", .failure(.malformed)),
        (ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nno\r\n", .failure(.malformed)),
        (ok + "Content-Le", .failure(.malformed)),
        (ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nno", .failure(.malformed)),
        ("SSH-2.0-OpenSSH_9.2\r\n", .failure(.malformed)),
        ("", .failure(.unreachable)),
    ])
    func `an answer is taken whole and within its limits, or not at all`(
        _ answer: String, _ outcome: Fetched
    ) async throws {
        #expect(try await Self.outcome(answer) == outcome)
    }

    @Test(arguments: ["", ok, ok + "Content-Length: 1000000\r\n\r\n"])
    func `an answer that drips is given up`(_ start: String) async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            try peer.socket.write(start)
            while true {
                try peer.socket.write("a")
                peer.socket.rest(20)
            }
        }
        let outcome = try await Self.client().fetch(
            "http://127.0.0.1:\(server.port)/", timeLimit: 300)
        #expect(outcome == .failure(.timeout))
        server.stop()
    }

    @Test func `a port that nobody listens on is not reached`() async throws {
        let reserved = try TestSocket.reserving()
        let outcome = try await Self.client().fetch("http://127.0.0.1:\(reserved.port)/")
        #expect(outcome == .failure(.unreachable))
        reserved.close()
    }

    @Test func `the next address is tried where one refuses`() async throws {
        let server = try ScriptedServer(answering: Self.ok + "Content-Length: 0\r\n\r\n")
        let client = try LoopOutboundClient(
            allowing: ["127.0.0.0/8"], names: Names([["127.0.0.2", "127.0.0.1"]]))
        let outcome = try await client.fetch("http://two.example:\(server.port)/")
        #expect(outcome == .answer(200, ""))
        server.stop()
    }

    @Test func `a name without an address is not reached`() async throws {
        let client = try LoopOutboundClient(names: Names([[]]))
        #expect(try await client.fetch("https://none.example/") == .failure(.unreachable))
    }

    @Test func `a form goes out with its length`() async throws {
        let server = try ScriptedServer(answering: Self.ok + "Content-Length: 2\r\n\r\n{}")
        let url = try AbsoluteURI(parsing: "http://127.0.0.1:\(server.port)/token")
        let request = OutboundRequest.post(
            url, form: Array("a=b&c=d".utf8), fields: [.init("Authorization", "Basic eA==")])
        #expect(await (try Self.client()).fetch(request) == .answer(200, "{}"))
        let wire = server.requests[0][0]
        #expect(wire.hasPrefix("POST /token HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
        #expect(wire.contains("\r\nContent-Length: 7\r\n"))
        #expect(wire.contains("\r\nAuthorization: Basic eA==\r\n"))
        #expect(wire.hasSuffix("\r\n\r\na=b&c=d"))
        server.stop()
    }

    @Test(arguments: [
        OutboundRequest.Field("A", "b\r\nC: d"), .init("A", "b\nC: d"), .init("A\r\nC", "d"),
        .init("", "x"), .init("A", "\0"), .init("Host", "other"), .init("content-length", "1"),
        .init("Transfer-Encoding", "chunked"),
    ])
    func `a field that would be more than a field is not sent`(
        _ field: OutboundRequest.Field
    ) async throws {
        let server = try ScriptedServer(answering: Self.ok + "Content-Length: 0\r\n\r\n")
        var request = OutboundRequest.get(
            try AbsoluteURI(parsing: "http://127.0.0.1:\(server.port)/"))
        request.fields.append(field)
        #expect(await (try Self.client()).fetch(request) == .failure(.forbidden))
        #expect(server.requests.isEmpty)
        server.stop()
    }

    @Test(arguments: [true, false])
    func `beyond the limits of all and of one host nothing is begun`(_ isPerHost: Bool) async throws
    {
        let gate = Gate()
        let server = try ScriptedServer { peer in
            _ = try peer.request()
            gate.wait()
            try peer.socket.write(Self.ok + "Content-Length: 0\r\n\r\n")
        }
        let client = try LoopOutboundClient(
            allowing: ["127.0.0.0/8"], names: Names([["127.0.0.1"]])
        ) { limits in
            limits.concurrent = isPerHost ? 3 : 1
            limits.concurrentPerHost = 1
        }
        let port = server.port
        async let first = client.fetch("http://a.example:\(port)/")
        while server.requests.first?.first == nil { try await Task.sleep(for: .milliseconds(5)) }
        #expect(try await client.fetch("http://a.example:\(port)/") == .failure(.overloaded))
        async let other = client.fetch("http://b.example:\(port)/")
        if isPerHost {
            while server.requests.count < 2 { try await Task.sleep(for: .milliseconds(5)) }
        } else {
            #expect(try await other == .failure(.overloaded))
        }
        gate.open()
        #expect(try await first == .answer(200, ""))
        if isPerHost { #expect(try await other == .answer(200, "")) }
        #expect(try await client.fetch("http://a.example:\(port)/") == .answer(200, ""))
        server.stop()
    }
}
