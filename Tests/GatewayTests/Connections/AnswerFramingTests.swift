import Testing
import Transport

@testable import Gateway

@Suite(.serialized, .timeLimit(.minutes(1))) struct AnswerFramingTests {
    @Test func `content of unknown length comes in chunks`() async throws {
        let client = try await Client()
        let expected =
            "HTTP/1.1 200 OK\r\nX-Kind: open\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5\r\nfirst\r\nc\r\nsecond piece\r\n0\r\n\r\n"
        for _ in 0..<2 {
            #expect(
                try await client.exchange(
                    "GET /open HTTP/1.1\r\nHost: a\r\n\r\n", expecting: expected.utf8.count)
                    == expected)
        }
        client.end()
    }

    @Test(arguments: ["", "Connection: keep-alive\r\n"])
    func `for a client of HTTP/1.0 the end of the connection ends the content`(
        _ line: String
    ) async throws {
        let client = try await Client()
        #expect(
            try await client.lastExchange("GET /open HTTP/1.0\r\nHost: a\r\n\(line)\r\n")
                == "HTTP/1.1 200 OK\r\nX-Kind: open\r\nConnection: close\r\n\r\nfirstsecond piece")
        client.end()
    }

    @Test func `a client of HTTP/1.0 keeps its connection only when it asks`() async throws {
        let client = try await Client()
        let kept = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"
        #expect(
            try await client.exchange(
                "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n",
                expecting: kept.utf8.count) == kept)
        #expect(
            try await client.lastExchange("GET / HTTP/1.0\r\nHost: a\r\n\r\n")
                == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        client.end()
    }

    @Test func `a client that will close is answered and closed`() async throws {
        let client = try await Client()
        #expect(
            try await client.lastExchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        client.end()
    }

    @Test(arguments: [
        ("/open", "HTTP/1.1 200 OK\r\nX-Kind: open\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("/big", "HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n"),
    ])
    func `the answer to HEAD has the fields and no content`(
        _ path: String, _ expected: String
    ) async throws {
        let client = try await Client()
        let next = "HTTP/1.1 204 No Content\r\n\r\n"
        let received = try await client.exchange(
            "HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\n\r\n",
            expecting: expected.utf8.count + next.utf8.count)
        #expect(received == expected + next)
        client.end()
    }

    @Test func `an answer that cannot be completed cuts the connection`() async throws {
        let client = try await Client()
        let received = try await client.lastExchange("GET /cut HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(received == "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        #expect(await client.awaitNote("closed"))
        client.end()
    }

    @Test func `a slow reader gets all of a large answer, and the next one`() async throws {
        let client = try await Client { $0.idle = 500_000_000 }
        let socket = client.socket
        let size = 8 << 20
        let count = try await onThread {
            try socket.write("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
            var count = 0
            // Longer than the idle time in all: whoever still reads is not idle.
            for _ in 0..<8 {
                socket.rest(100)
                count += try socket.read(1 << 20).count
            }
            return try count + socket.read(44).count
        }
        #expect(count == size + 44)
        #expect(await client.awaitNote("finished /big 200"))
        client.end()
    }

    @Test func `a client that takes nothing of what waits for it is cut`() async throws {
        let client = try await Client { $0.idle = 200_000_000 }
        let socket = client.socket
        try await onThread { try socket.write("GET /big HTTP/1.1\r\nHost: a\r\n\r\n") }
        #expect(await client.awaitNote("closed"))
        client.end()
    }

    @Test func `a last answer comes whole although the client goes on sending`() async throws {
        let client = try await Client()
        let socket = client.socket
        let size = 8 << 20
        let received = try await onThread {
            try socket.write("GET /big HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            for _ in 0..<20 { try socket.write([UInt8](repeating: 0x78, count: 50_000)) }
            return try socket.readToEnd()
        }
        #expect(received.count == size + 63)
        client.end()
    }

    @Test func `whoever does not close after the last answer is cut`() async throws {
        let client = try await Client()
        let begin = Clock.monotonic
        _ = try await client.lastExchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        #expect(await client.awaitNote("closed"))
        let passed = Clock.monotonic - begin
        #expect(passed >= ConnectionTimes.linger)
        #expect(passed < ConnectionTimes.linger + 4_000_000_000)
        client.end()
    }
}
