import HTTP
import HTTPClient
import Testing
import Transport

@Suite(.serialized, .timeLimit(.minutes(2))) struct OutboundTLSTests {
    private static let ok = "HTTP/1.1 200 OK\r\n"
    private let certificates: TestCertificates

    init() throws { certificates = try TestCertificates() }

    private func outcome(
        _ identity: TestCertificates.Identity, host: String = "good.example",
        trust: TLSTrust? = nil, answer: String = ok + "Content-Length: 2\r\n\r\nok"
    ) async throws -> (Fetched, [String]) {
        let server = try SecureServer(identity, answering: Array(answer.utf8))
        let client = try LoopOutboundClient(
            allowing: ["127.0.0.0/8"], names: Names([["127.0.0.1"]]),
            trust: trust ?? .authorities(certificates.authority))
        let outcome = try await client.fetch("https://\(host):\(server.port)/")
        server.stop()
        return (outcome, server.requests)
    }

    @Test(arguments: [
        ("DNS:good.example", "good.example"), ("DNS:GOOD.example", "good.example"),
        ("DNS:good.example", "good.example."), ("DNS:a.example,DNS:good.example", "good.example"),
        ("DNS:*.team.example", "good.team.example"), ("IP:127.0.0.1", "127.0.0.1"),
    ])
    func `a certificate with the name of the URL is accepted`(
        _ names: String, _ host: String
    ) async throws {
        let (outcome, requests) = try await outcome(
            try certificates.identity(names), host: host)
        #expect(outcome == .answer(200, "ok"))
        #expect(requests.first?.contains("\r\nHost: \(host):") == true)
        certificates.remove()
    }

    @Test(arguments: [
        ("DNS:other.example", "good.example"), ("DNS:example", "good.example"),
        ("DNS:very.good.example", "good.example"), ("DNS:*.good.example", "good.example"),
        ("DNS:*.example", "very.good.example"), ("DNS:g*.example", "good.example"),
        ("IP:127.0.0.1", "good.example"), ("DNS:127.0.0.1", "127.0.0.1"),
        ("IP:127.0.0.2", "127.0.0.1"),
    ])
    func `a certificate with other names is refused, and nothing is said to its server`(
        _ names: String, _ host: String
    ) async throws {
        let (outcome, requests) = try await outcome(
            try certificates.identity(names), host: host)
        #expect(outcome == .failure(.unreachable))
        #expect(requests == [])
        certificates.remove()
    }

    @Test func `a certificate that is over, of itself, or by somebody else is refused`()
        async throws
    {
        let names = "DNS:good.example"
        for identity in [
            try certificates.identity(names, days: -1), try certificates.selfSigned(names),
            try certificates.identity(names, by: "other"),
        ] {
            let (outcome, requests) = try await outcome(identity)
            #expect(outcome == .failure(.unreachable))
            #expect(requests == [])
        }
        certificates.remove()
    }

    @Test func `only the authorities of the file are believed`() async throws {
        let identity = try certificates.identity("DNS:good.example")
        let byOther = try certificates.identity("DNS:good.example", by: "other")
        let both = TLSTrust.authorities(certificates.authority + certificates.otherAuthority)
        let other = TLSTrust.authorities(certificates.otherAuthority)
        #expect(try await outcome(identity, trust: .system).0 == .failure(.unreachable))
        #expect(try await outcome(identity, trust: other).0 == .failure(.unreachable))
        #expect(try await outcome(byOther, trust: other).0 == .answer(200, "ok"))
        #expect(try await outcome(identity, trust: both).0 == .answer(200, "ok"))
        #expect(try await outcome(byOther, trust: both).0 == .answer(200, "ok"))
        certificates.remove()
    }

    @Test func `a self-signed certificate in the file is believed for its own names`() async throws
    {
        let identity = try certificates.selfSigned("DNS:good.example")
        let trust = TLSTrust.authorities(identity.certificate)
        #expect(try await outcome(identity, trust: trust).0 == .answer(200, "ok"))
        let other = try await outcome(identity, host: "other.example", trust: trust).0
        #expect(other == .failure(.unreachable))
        certificates.remove()
    }

    @Test func `an answer of many records comes whole`() async throws {
        let content = String(repeating: "0123456789abcdef", count: 64 << 10)
        let (outcome, _) = try await outcome(
            try certificates.identity("DNS:good.example"),
            answer: Self.ok + "Content-Length: \(content.utf8.count)\r\n\r\n" + content)
        #expect(outcome == .answer(200, content))
        certificates.remove()
    }

    @Test func `a server without TLS gets no request`() async throws {
        let server = try ScriptedServer { peer in
            _ = try peer.socket.readSome()
            try peer.socket.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        }
        let client = try LoopOutboundClient(allowing: ["127.0.0.0/8"])
        let outcome = try await client.fetch("https://127.0.0.1:\(server.port)/")
        #expect(outcome == .failure(.unreachable))
        server.stop()
        certificates.remove()
    }

    @Test func `a handshake that stands still is given up`() async throws {
        let server = try ScriptedServer { peer in peer.socket.waitForEnd() }
        let client = try LoopOutboundClient(allowing: ["127.0.0.0/8"])
        let outcome = try await client.fetch(
            "https://127.0.0.1:\(server.port)/", timeLimit: 300)
        #expect(outcome == .failure(.timeout))
        server.stop()
        certificates.remove()
    }
}
