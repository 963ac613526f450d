import HTTP
import HTTPClient
import Testing
import Transport

@Suite(.serialized, .timeLimit(.minutes(1))) struct OutboundPolicyTests {
    private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    /// An address of the Internet that nobody has.
    private static let nobody = "2a0e:ffff:ffff::1"

    private let server: ScriptedServer

    init() throws { server = try ScriptedServer(answering: Self.answer) }

    @Test(arguments: [
        "127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "[::1]", "[::]",
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]", "[::127.0.0.1]",
        "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost", "LOCALHOST", "localhost.",
    ])
    func `no spelling of this machine is reached`(_ host: String) async throws {
        let client = try LoopOutboundClient()
        for scheme in ["http", "https"] {
            let outcome = try await client.fetch("\(scheme)://\(host):\(server.port)/")
            // A resolver may not know a name with a dot at its end.
            let isUnknown = host.hasSuffix(".") && outcome == .failure(.unreachable)
            #expect(outcome == .failure(.forbidden) || isUnknown)
        }
        #expect(server.requests.isEmpty)
        server.stop()
    }

    @Test(arguments: [
        "2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "127.1", "127.0.1", "0x7f.1",
        "0x7f.0.0.1", "127.0.0.01", "127.0.0.1.", "127.0.0.0x1", "[::1%25lo]", "[::127.1]",
        "127.0.0.1%00.example.com", "[::ffff:127.0.0.1.]", "①②⑦.0.0.1",
    ])
    func `what only some readers take for an address is no URL`(_ host: String) {
        #expect(throws: URIViolation.self) {
            try AbsoluteURI(parsing: "http://\(host):\(server.port)/")
        }
        server.stop()
    }

    @Test func `a name that changes its address between two requests is checked both times`()
        async throws
    {
        let names = Names([[Self.nobody], ["127.0.0.1"]])
        let client = try LoopOutboundClient(names: names)
        let url = "https://rebinding.example:\(server.port)/"
        let first = try await client.fetch(url, timeLimit: 300)
        #expect(first == .failure(.unreachable) || first == .failure(.timeout))
        #expect(names.lookups.count == 1)
        #expect(try await client.fetch(url) == .failure(.forbidden))
        #expect(names.lookups.count == 2)
        #expect(server.requests.isEmpty)
        server.stop()
    }

    @Test(arguments: [
        [nobody, "127.0.0.1"], ["127.0.0.1", nobody], [nobody, "::ffff:127.0.0.1"],
        ["8.8.8.8", "8.8.4.4", "169.254.169.254"], ["127.0.0.1", "10.0.0.1"],
    ])
    func `a name with one address that may not be reached is not reached at any`(
        _ addresses: [String]
    ) async throws {
        let client = try LoopOutboundClient(
            allowing: addresses.contains("10.0.0.1") ? ["127.0.0.0/8"] : [],
            names: Names([addresses]))
        let outcome = try await client.fetch("https://mixed.example:\(server.port)/")
        #expect(outcome == .failure(.forbidden))
        #expect(server.requests.isEmpty)
        server.stop()
    }

    @Test func `one request looks up once and goes where the answer said`() async throws {
        let names = Names([["127.0.0.1"], ["127.0.0.2"]])
        let client = try LoopOutboundClient(allowing: ["127.0.0.1/32"], names: names)
        let url = "http://inside.example:\(server.port)/a?b"
        #expect(try await client.fetch(url) == .answer(200, "ok"))
        #expect(names.lookups == ["inside.example"])
        let request = server.requests[0][0]
        #expect(request.hasPrefix("GET /a?b HTTP/1.1\r\nHost: inside.example:\(server.port)\r\n"))
        #expect(request.contains("\r\nConnection: close\r\n"))
        #expect(try await client.fetch(url) == .failure(.forbidden))
        server.stop()
    }

    @Test func `every request has a connection of its own`() async throws {
        let client = try LoopOutboundClient(allowing: ["127.0.0.0/8"])
        for _ in 0..<3 {
            #expect(try await client.fetch(url("")) == .answer(200, "ok"))
        }
        #expect(server.requests.map(\.count) == [1, 1, 1])
        server.stop()
    }

    @Test func `an address of the Internet is not reached without TLS`() async throws {
        let client = try LoopOutboundClient(allowing: ["127.0.0.0/8"])
        #expect(try await client.fetch("http://8.8.8.8/") == .failure(.forbidden))
        let named = try LoopOutboundClient(names: Names([["8.8.8.8"]]))
        #expect(try await named.fetch("http://public.example/") == .failure(.forbidden))
        server.stop()
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `a redirect is an answer and is not followed`(_ status: Int) async throws {
        let location = url("/secret")
        let redirecting = try ScriptedServer(
            answering:
                "HTTP/1.1 \(status) Moved\r\nLocation: \(location)\r\nContent-Length: 0\r\n\r\n")
        let client = try LoopOutboundClient(allowing: ["127.0.0.0/8"])
        let outcome = try await client.fetch("http://127.0.0.1:\(redirecting.port)/")
        #expect(outcome == .answer(status, ""))
        #expect(server.requests.isEmpty)
        server.stop()
        redirecting.stop()
    }

    private func url(_ path: String) -> String { "http://127.0.0.1:\(server.port)\(path)" }
}
