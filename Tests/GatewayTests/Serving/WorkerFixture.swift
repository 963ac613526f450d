import AuthorizationServer
import Logging
import ResourceServer
import Storage
import Testing
import Transport

@testable import Gateway

/// A worker on a loop of its own, before an upstream that answers everything and remembers it.
final class WorkerFixture: Sendable {
    let loop: EventLoop
    let upstream: RecordingUpstream
    let client: StubOutboundClient
    let issuing: IssuingState

    private let place: Place

    /// Serves `server`, lines of a server of the configuration; what the gateway itself asks for goes
    /// to `client`.
    init(_ server: String, client: StubOutboundClient) async throws {
        self.client = client
        upstream = try RecordingUpstream()
        let text =
            Place.start + "servers:\n  search:\n    path: /search/mcp\n"
            + "    upstream: http://127.0.0.1:\(upstream.port)/mcp\n"
            + server.split(separator: "\n").map { "    \($0)\n" }.joined()
        place = try Place(text)
        try place.write("secret", "s3cr3t\n")
        let configuration = try place.configuration()
        let pool = try BlockingPool(name: "test-pool", threads: 1, queueLimit: 4)
        let state = try await GatewayState.open(configuration, pool: pool)
        issuing = IssuingState(
            store: state.store, pool: pool,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            atRest: KeysAtRest(masterKey: nil), asking: client)
        let snapshot = try GatewaySnapshot(
            configuration, keys: state.keys, issuing: issuing, labels: ServerLabels())
        let share = WorkerShare(
            accessLog: nil, connections: ConnectionCounts(), workers: [],
            observations: issuing.observations, issuers: issuing.issuers, audit: nil)
        loop = try EventLoop(name: "test")
        try loop.start { context in
            context.resident = Worker(context: context, snapshot: snapshot, share: share)
        }
    }

    /// A connection to the worker.
    func connect() async throws -> TestSocket {
        let (near, far) = try TestSocket.pair()
        await loop.visit { context in
            guard let address = SocketAddress(literal: "127.0.0.1", port: 9) else { return }
            (context.resident as? Worker)?.accept(near, address, address)
        }
        return far
    }

    /// A request with a call as its body, on a connection that it ends.
    static func call(token: String, padding: Int = 0, id: Int = 7, _ lines: String = "") -> String {
        let body =
            #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"find","#
            + #""arguments":{"x":"\#(String(repeating: "x", count: padding))"}}}"#
        return "POST /search/mcp HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Accept: application/json, text/event-stream\r\n\(lines)\r\n\(body)"
    }

    /// What comes of a call.
    func answer(to request: String) async throws -> String {
        let socket = try await connect()
        return try await onThread {
            defer { socket.close() }
            let head = request.replacing(
                "\r\nHost: a\r\n", with: "\r\nHost: a\r\nConnection: close\r\n")
            try socket.write(head)
            return String(decoding: try socket.readToEnd(), as: UTF8.self)
        }
    }

    /// How many requests wait.
    var waitingCount: Int {
        get async {
            await loop.visit { ($0.resident as? Worker)?.waitingQueue.count ?? -1 }
        }
    }

    /// Waits until so many requests wait.
    func awaitWaiting(_ count: Int) async throws -> Bool {
        for _ in 0..<1000 {
            if await waitingCount == count { return true }
            try await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// Ends the worker.
    func end() async {
        await loop.visit { ($0.resident as? Worker)?.end() }
        loop.stop()
        upstream.end()
        await issuing.store.close()
    }
}
