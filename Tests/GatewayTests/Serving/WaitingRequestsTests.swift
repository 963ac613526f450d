import HTTP
import HTTPClient
import Synchronization
import Testing

@testable import Gateway

/// Keeps whoever comes until it is opened.
private final class Turnstile: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

@Suite(.serialized, .timeLimit(.minutes(2))) struct WaitingRequestsTests {
    private static let issuer = "https://as.example"
    private static let metadata = "https://as.example/.well-known/oauth-authorization-server"
    private static let keys = "https://as.example/keys"
    private static let audience = "http://127.0.0.1:8080/search/mcp"
    private static let lines = "authorization_server: { issuer: \"\(issuer)\" }"
    private static let introspecting = """
        authorization_server:
          issuer: \(issuer)
          introspection: { endpoint: \(issuer)/i, client_id: gateway, client_secret_file: secret }
        """

    private let client = StubOutboundClient()
    private let turnstile = Turnstile()

    private func token(keyID: String = "k1", claims: String = #""jti":"j1""#) throws -> String {
        try SigningIssuer.shared.token(
            issuer: Self.issuer, audience: Self.audience, scope: "search", keyID: keyID,
            claims: claims)
    }

    /// Publishes metadata and keys, the latter once the turnstile is open.
    private func publish() {
        client.follow { [turnstile] request in
            switch "\(request.url)" {
            case Self.metadata:
                return .answer(#"{"issuer":"\#(Self.issuer)","jwks_uri":"\#(Self.keys)"}"#)
            case Self.keys:
                await turnstile.pass()
                return .answer(SigningIssuer.shared.keySet)
            default: return .answer("", status: 404)
            }
        }
    }

    @Test func `a request waits for the keys and is forwarded then`() async throws {
        publish()
        let fixture = try await WorkerFixture(Self.lines, client: client)
        async let answer = fixture.answer(to: WorkerFixture.call(token: try token()))
        #expect(try await fixture.awaitWaiting(1))
        #expect(fixture.upstream.requests.isEmpty)
        turnstile.open()
        #expect(try await answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(fixture.upstream.requests.count == 1)
        #expect(fixture.upstream.values("X-Gatehouse-Subject") == ["lee"])
        // The next one needs nothing.
        _ = try await fixture.answer(to: WorkerFixture.call(token: try token()))
        #expect(client.count(Self.keys) == 1)
        #expect(fixture.upstream.requests.count == 2)
        await fixture.end()
    }

    @Test func `a request that is larger than what is kept waits in the kernel`() async throws {
        publish()
        let fixture = try await WorkerFixture(Self.lines, client: client)
        let request = WorkerFixture.call(token: try token(), padding: 3 << 20)
        async let answer = fixture.answer(to: request)
        #expect(try await fixture.awaitWaiting(1))
        turnstile.open()
        #expect(try await answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(fixture.upstream.requests.first.map { $0.utf8.count > 3 << 20 } == true)
        await fixture.end()
    }

    @Test func `nobody is told to go on before his token is known to be good`() async throws {
        publish()
        let fixture = try await WorkerFixture(Self.lines, client: client)
        let request = WorkerFixture.call(token: try token(keyID: "k2"), "Expect: 100-continue\r\n")
        async let answer = fixture.answer(to: request)
        #expect(try await fixture.awaitWaiting(1))
        turnstile.open()
        #expect(try await answer.hasPrefix("HTTP/1.1 401 Unauthorized\r\n"))
        await fixture.end()
    }

    @Test func `many tokens with unknown key ids are one fetch and are all refused`() async throws {
        publish()
        turnstile.open()
        let fixture = try await WorkerFixture(Self.lines, client: client)
        let socket = try await fixture.connect()
        let good = try token()
        let requests = try (0..<200).map { number in
            WorkerFixture.call(
                token: try token(keyID: "k\(number + 2)"),
                number == 199 ? "Connection: close\r\n" : "")
        }
        let text = try await onThread {
            defer { socket.close() }
            for request in requests { try socket.write(request) }
            return String(decoding: try socket.readToEnd(), as: UTF8.self)
        }
        #expect(text.split(separator: "HTTP/1.1 401 Unauthorized").count == 200)
        #expect(!text.contains("HTTP/1.1 200"))
        #expect(client.count(Self.keys) == 1)
        #expect(
            try await fixture.answer(to: WorkerFixture.call(token: good))
                .hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(client.count(Self.keys) == 1)
        await fixture.end()
    }

    @Test func `without the keys the client comes again, and nothing is forwarded`() async throws {
        let fixture = try await WorkerFixture(Self.lines, client: client)
        let answer = try await fixture.answer(to: WorkerFixture.call(token: try token()))
        #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(answer.contains("\r\nRetry-After: "))
        #expect(answer.contains(#""code":1503"#))
        #expect(fixture.upstream.requests.isEmpty)
        await fixture.end()
    }

    @Test func `a client that leaves no longer waits`() async throws {
        publish()
        let fixture = try await WorkerFixture(Self.lines, client: client)
        let socket = try await fixture.connect()
        try socket.write(WorkerFixture.call(token: try token()))
        #expect(try await fixture.awaitWaiting(1))
        socket.close()
        #expect(try await fixture.awaitWaiting(0))
        turnstile.open()
        // Another one is served, and nothing came of the first.
        _ = try await fixture.answer(to: WorkerFixture.call(token: try token()))
        #expect(fixture.upstream.requests.count == 1)
        await fixture.end()
    }

    @Test func `a token is introspected once and then believed`() async throws {
        client.follow { request in
            guard (try? request.parameter("token")) == "opaque-1" else {
                return .answer(#"{"active":false}"#)
            }
            return .answer(
                #"{"active":true,"aud":"\#(Self.audience)","sub":"lee","client_id":"cli","#
                    + #""scope":"search","exp":9999999999}"#)
        }
        let fixture = try await WorkerFixture(Self.introspecting, client: client)
        for _ in 0..<3 {
            let answer = try await fixture.answer(to: WorkerFixture.call(token: "opaque-1"))
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
        #expect(client.count("\(Self.issuer)/i") == 1)
        let request = try #require(client.requests.first)
        #expect(request.method == .post)
        #expect(request.values("Authorization") == ["Basic Z2F0ZXdheTpzM2NyM3Q="])
        #expect(try request.parameter("token_type_hint") == "access_token")
        let refused = try await fixture.answer(to: WorkerFixture.call(token: "opaque-2"))
        #expect(refused.hasPrefix("HTTP/1.1 401 Unauthorized\r\n"))
        #expect(fixture.upstream.requests.count == 3)
        #expect(fixture.upstream.requests.allSatisfy { !$0.contains("opaque") })
        await fixture.end()
    }

    @Test(arguments: [
        OutboundResponse.answer("{\"active\":true}", status: 401),
        .answer("{\"active\":true}", status: 302), .answer("active"),
        .answer("{\"active\":true}", type: "application/token-introspection+jwt"),
        .answer("{\"active\":true}", type: "text/html"),
    ])
    func `what is no answer about a token opens nothing`(
        _ response: OutboundResponse
    ) async throws {
        client.follow { _ in response }
        let fixture = try await WorkerFixture(Self.introspecting, client: client)
        let answer = try await fixture.answer(to: WorkerFixture.call(token: "opaque-1"))
        #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(fixture.upstream.requests.isEmpty)
        await fixture.end()
    }

    @Test func `more requests than may wait are told to come again`() async throws {
        let client = try await Client()
        let refused = await client.visit { service -> [Bool] in
            guard let connection = service.connection else { return [] }
            let queue = WaitingQueue()
            let exchange = { Exchange(head: nil, connection: connection) }
            var results = (0..<WaitingQueue.limit).map { _ in
                queue.park(exchange(), .content([])) != nil
            }
            results.append(queue.park(exchange(), .content([])) == nil)
            let full = WaitingQueue()
            let body = [UInt8](repeating: 0, count: WaitingQueue.sizeLimit - 1)
            results.append(full.park(exchange(), .content(body)) != nil)
            results.append(full.park(exchange(), .head) == nil)
            results.append(full.park(exchange(), .content([1])) != nil)
            results.append(full.park(exchange(), .content([1])) == nil)
            // One request does not wait for ever.
            let turns = WaitingQueue()
            let one = exchange()
            for _ in 0..<WaitingQueue.turnLimit {
                let ticket = turns.park(one, .head)
                results.append(ticket.flatMap { turns.take($0) } != nil)
            }
            results.append(turns.park(one, .head) == nil)
            return results
        }
        #expect(refused?.count == WaitingQueue.limit + 11)
        #expect(refused?.contains(false) == false)
        client.end()
    }
}
