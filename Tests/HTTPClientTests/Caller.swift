import HTTP
import HTTPClient
import Synchronization
import Transport

/// What a receiver was told of one answer.
struct Outcome: Sendable, Equatable {
    var status: Int?
    var body = ""
    var failure: String?

    static func answer(_ status: Int, _ body: String) -> Outcome {
        Outcome(status: status, body: body)
    }

    static func failed(_ failure: String) -> Outcome { Outcome(failure: failure) }
}

/// Notes what it is told; the end is told once.
final class Receiver: UpstreamReceiver {
    var upstream: UpstreamConnection?
    var outcome = Outcome()
    var count = 0
    var whenAnswered: (Receiver) -> Void = { _ in }
    var whenSent: (Receiver) -> Void = { _ in }
    private let completion: (Outcome) -> Void
    private var isOver = false

    init(_ completion: @escaping (Outcome) -> Void) { self.completion = completion }

    func upstreamAnswered(_ head: ResponseHead) {
        precondition(!isOver && outcome.status == nil, "there is one head")
        outcome.status = head.status
        whenAnswered(self)
    }

    func upstreamSent(_ bytes: UnsafeRawBufferPointer) {
        precondition(!isOver, "content belongs before the end")
        count += bytes.count
        if count < 4096 { outcome.body += unsafe String(decoding: bytes, as: UTF8.self) }
        whenSent(self)
    }

    func upstreamPaused() {}

    func upstreamEnded() { end() }

    func upstreamFailed(_ failure: UpstreamFailure) {
        outcome.failure = failure.name
        end()
    }

    private func end() {
        precondition(!isOver, "there is one end")
        isOver = true
        completion(outcome)
    }
}

/// A loop with one pool on it.
final class Caller: Sendable {
    let loop: EventLoop

    private final class Resident {
        let pool: UpstreamPool
        var receivers: [Receiver] = []

        init(_ pool: UpstreamPool) { self.pool = pool }
    }

    init(
        port: UInt16, host: String = "127.0.0.1",
        _ change: @escaping @Sendable (inout UpstreamOptions) -> Void = { _ in }
    ) throws {
        loop = try EventLoop(name: "test")
        try loop.start { context in
            var options = UpstreamOptions(host: host, port: port)
            change(&options)
            context.resident = Resident(
                UpstreamPool(
                    options: options, context: context, resolver: HostResolver(context)))
        }
    }

    /// Sends a request and returns how it ended.
    func call(
        _ method: HTTP.Method = .post, _ body: String = "{}", repeatable: Bool = false,
        within time: UInt64 = 5_000_000_000,
        _ setUp: @escaping @Sendable (Receiver) -> Void = { _ in }
    ) async -> Outcome {
        await withCheckedContinuation { continuation in
            begin(method, body, repeatable: repeatable, within: time, setUp) {
                continuation.resume(returning: $0)
            }
        }
    }

    /// Sends a request; `completion` is called on the loop.
    func begin(
        _ method: HTTP.Method = .post, _ body: String = "{}", repeatable: Bool = false,
        within time: UInt64 = 5_000_000_000,
        _ setUp: @escaping @Sendable (Receiver) -> Void = { _ in },
        completion: @escaping @Sendable (Outcome) -> Void
    ) {
        loop.execute { context in
            guard let resident = context.resident as? Resident else { return }
            let receiver = Receiver(completion)
            resident.receivers.append(receiver)
            setUp(receiver)
            let head =
                "\(method.name) /mcp HTTP/1.1\r\nHost: upstream\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n"
            resident.pool.send(
                UpstreamRequest(
                    method: method, head: Array(head.utf8), body: Array(body.utf8),
                    deadline: Clock.monotonic + time, isRepeatable: repeatable),
                for: receiver)
        }
    }

    /// Runs `work` on the loop with the pool.
    func visit<Value: Sendable>(
        _ work: @escaping @Sendable (UpstreamPool) -> Value
    ) async -> Value? {
        await loop.visit { context in (context.resident as? Resident).map { work($0.pool) } }
    }

    /// Runs `work` on the loop with the receiver of the last request.
    func visitReceiver<Value: Sendable>(
        _ work: @escaping @Sendable (Receiver) -> Value
    ) async -> Value? {
        await loop.visit { context in
            (context.resident as? Resident)?.receivers.last.map(work)
        }
    }

    /// How many connections are open, and how many of these are idle.
    func counts() async -> [Int] { await visit { [$0.openCount, $0.idleCount] } ?? [] }

    /// Whether the counts come to be those; it waits for them no longer than a busy machine needs.
    func comes(to counts: [Int]) async -> Bool {
        await eventually { await self.counts() == counts }
    }
}
