import Testing
import Transport

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(1))) struct ServerConnectionTests {
    private static func post(
        _ path: String, _ body: String, _ lines: String = "", version: String = "1.1"
    ) -> String {
        "POST \(path) HTTP/\(version)\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n"
            + "\(lines)\r\n\(body)"
    }

    private static func answer(_ body: String, _ lines: String = "") -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\(lines)\r\n\(body)"
    }

    @Test func `a connection serves one request after the other`() async throws {
        let client = try await Client()
        for body in ["one", "two", ""] {
            let expected = Self.answer(body)
            #expect(
                try await client.exchange(Self.post("/", body), expecting: expected.utf8.count)
                    == expected)
        }
        await client.settle()
        #expect(client.notes.all == Array(repeating: "finished / 200", count: 3))
        client.end()
    }

    @Test func `requests that come together are answered in their order`() async throws {
        let client = try await Client()
        let requests = Self.post("/", "one") + Self.post("/early", "x") + Self.post("/", "three")
        let received = try await client.exchange(requests, expecting: 1 << 20, until: "three")
        #expect(received.hasPrefix(Self.answer("one") + "HTTP/1.1 403 Forbidden\r\n"))
        #expect(received.hasSuffix(Self.answer("three")))
        client.end()
    }

    @Test func `a request waits while another is answered`() async throws {
        let client = try await Client()
        try client.socket.write(Self.post("/later", "") + Self.post("/", "next"))
        await client.awaitPending()
        #expect(client.notes.all.isEmpty)
        _ = await client.visit { $0.answerPending("first") }
        let expected = Self.answer("first") + Self.answer("next")
        #expect(try await client.exchange("", expecting: expected.utf8.count) == expected)
        client.end()
    }

    @Test func `more requests than are kept wait in the kernel and none is lost`() async throws {
        let client = try await Client()
        let body = String(repeating: "x", count: 1000)
        let socket = client.socket
        async let written: Void = onThread {
            try socket.write(Self.post("/later", ""))
            for _ in 0..<300 { try socket.write(Self.post("/", body)) }
        }
        await client.awaitPending()
        _ = await client.visit { $0.answerPending("first") }
        let count = Self.answer("first").utf8.count + 300 * Self.answer(body).utf8.count
        #expect(try await client.exchange("", expecting: count).utf8.count == count)
        try await written
        await client.settle()
        #expect(client.notes.all.count == 301)
        client.end()
    }

    @Test func `a client that waits is told to continue, unless it is answered`() async throws {
        let client = try await Client()
        let head = "Host: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        let interim = "HTTP/1.1 100 Continue\r\n\r\n"
        #expect(
            try await client.exchange(
                "POST / HTTP/1.1\r\n" + head, expecting: interim.utf8.count) == interim)
        let expected = Self.answer("hi")
        #expect(try await client.exchange("hi", expecting: expected.utf8.count) == expected)
        let refused = try await client.lastExchange("POST /early HTTP/1.1\r\n" + head)
        #expect(refused.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
        #expect(refused.contains("Connection: close\r\n"))
        client.end()
    }

    @Test func `after an early answer the content is dropped and the connection stays`()
        async throws
    {
        let client = try await Client()
        let dropped = String(repeating: "x", count: 60_000)
        let received = try await client.exchange(
            Self.post("/early", dropped) + Self.post("/", "next"), expecting: 1 << 20,
            until: "next")
        #expect(received.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
        #expect(!received.contains("Connection: close"))
        #expect(received.hasSuffix(Self.answer("next")))
        client.end()
    }

    @Test func `after an early answer with much content to come the connection ends`() async throws
    {
        let client = try await Client()
        let socket = client.socket
        let received = try await onThread {
            try socket.write("POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n")
            // The client is told although it goes on sending.
            for _ in 0..<30 { try socket.write([UInt8](repeating: 0x78, count: 100_000)) }
            return String(decoding: try socket.readToEnd(), as: UTF8.self)
        }
        #expect(received.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
        #expect(received.hasSuffix("early\n"))
        #expect(received.contains("Connection: close\r\n"))
        client.end()
    }

    @Test func `content over the limit of the service is refused`() async throws {
        let client = try await Client()
        let received = try await client.lastExchange(Self.post("/small", "12345"))
        #expect(received.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
        #expect(received.contains("Connection: close\r\n"))
        let other = try await Client()
        let chunks = "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n123\r\n2\r\n45\r\n0\r\n\r\n"
        #expect(
            try await other.lastExchange("POST /small HTTP/1.1\r\n" + chunks)
                .hasPrefix("HTTP/1.1 413"))
        for client in [client, other] { client.end() }
    }

    @Test func `what is no request is refused and the connection ends`() async throws {
        let client = try await Client()
        let received = try await client.lastExchange("GET / HTTP/1.1\r\nHost : a\r\n\r\n")
        #expect(received.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
        #expect(await client.awaitNote("finished - 400"))
        client.end()
    }

    @Test(arguments: ["", "GET / HT", "GET / HTTP/1.1\r\nHost: a\r\n"])
    func `a head that does not come in time ends the connection`(_ start: String) async throws {
        let client = try await Client { $0.head = 500_000_000 }
        let received = try await client.lastExchange(start)
        #expect(start.isEmpty ? received.isEmpty : received.hasPrefix("HTTP/1.1 408 "))
        client.end()
    }

    @Test func `a head that comes byte by byte has no more time`() async throws {
        let client = try await Client { $0.head = 200_000_000 }
        let socket = client.socket
        let begin = Clock.monotonic
        let received = try await onThread {
            for byte in "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".utf8 {
                do { try socket.write([byte]) } catch { break }
                socket.rest(20)
            }
            return String(decoding: (try? socket.readToEnd()) ?? [], as: UTF8.self)
        }
        #expect(received.hasPrefix("HTTP/1.1 408 "))
        #expect(Clock.monotonic - begin < 2_500_000_000)
        client.end()
    }

    @Test func `content that stops coming is refused`() async throws {
        let client = try await Client { $0.content = 500_000_000 }
        let received = try await client.lastExchange(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf")
        #expect(received.hasPrefix("HTTP/1.1 408 "))
        #expect(received.contains("Connection: close\r\n"))
        client.end()
    }

    @Test func `an idle connection is closed after its time`() async throws {
        let client = try await Client { $0.idle = 500_000_000 }
        #expect(try await client.lastExchange(Self.post("/", "one")) == Self.answer("one"))
        #expect(await client.awaitNote("closed"))
        client.end()
    }

    @Test func `a client that leaves is told to whoever produces the answer`() async throws {
        let client = try await Client()
        try client.socket.write(Self.post("/later", ""))
        await client.awaitPending()
        client.socket.reset()
        #expect(await client.awaitNote("closed"))
        #expect(client.notes.all == ["client left", "finished /later 0", "closed"])
        // Nothing happens when the answer comes too late.
        _ = await client.visit { $0.answerPending("late") }
        #expect(client.notes.all.count == 3)
        client.loop.stop()
    }

    @Test func `when draining, an answer under way is the last`() async throws {
        let client = try await Client()
        try client.socket.write(Self.post("/later", "") + Self.post("/", "next"))
        await client.awaitPending()
        _ = await client.visit { service in
            service.isDraining = true
            service.connection?.drain()
            service.answerPending("last")
        }
        #expect(
            try await client.lastExchange("") == Self.answer("last", "Connection: close\r\n"))
        client.end()
    }

    @Test func `when draining, an idle connection ends after a moment, and serves until then`()
        async throws
    {
        let client = try await Client()
        _ = await client.visit { service in
            service.isDraining = true
            service.connection?.drain()
        }
        let begin = Clock.monotonic
        #expect(
            try await client.lastExchange(Self.post("/", "hi"))
                == Self.answer("hi", "Connection: close\r\n"))
        let other = try await Client()
        _ = await other.visit { service in
            service.isDraining = true
            service.connection?.drain()
        }
        #expect(try await other.lastExchange("").isEmpty)
        #expect(Clock.monotonic - begin < 3_000_000_000)
        for client in [client, other] { client.end() }
    }
}

extension Client {
    /// Writes a text and reads until an answer ends so.
    fileprivate func exchange(
        _ text: String, expecting limit: Int, until end: String
    ) async throws -> String {
        let socket = socket
        return try await onThread {
            try socket.write(text)
            var bytes: [UInt8] = []
            while bytes.count < limit, !bytes.suffix(end.utf8.count).elementsEqual(end.utf8) {
                let more = try socket.readSome()
                if more.isEmpty { break }
                bytes += more
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
