import HTTP
import Proxy
import Synchronization
import Transport

@testable import Gateway

/// A service that does what the path of a request says.
final class PathService: Service {
    /// What is told of the connection, readable from every thread.
    final class Notes: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    var isDraining = false
    var connection: ServerConnection?
    let notes: Notes
    /// Whether a request waits for its answer.
    var hasPending: Bool { !pending.isEmpty }
    private var pending: [Exchange] = []

    init(_ notes: Notes) { self.notes = notes }

    func receivedHead(_ exchange: Exchange) -> Intake {
        switch exchange.head?.path {
        case "/early": .answer(.text(403, "early"))
        case "/small": .collect(limit: 4)
        default: .collect(limit: 1 << 20)
        }
    }

    func receivedAll(_ exchange: Exchange) {
        switch exchange.head?.path {
        case "/open": open(exchange)
        case "/big":
            exchange.answer(
                LocalAnswer(status: 200, body: [UInt8](repeating: 0x78, count: 8 << 20)))
        case "/later":
            exchange.producer = Producer(notes)
            pending.append(exchange)
        case "/cut":
            exchange.begin(AnswerHead(status: 200, fieldLines: [], length: .bytes(9)))
            exchange.send(Array("half".utf8))
            exchange.abort()
        case "/none": exchange.answer(LocalAnswer(status: 204))
        default: exchange.answer(LocalAnswer(status: 200, body: exchange.body))
        }
    }

    /// Answers in two pieces whose length nobody knew before.
    private func open(_ exchange: Exchange) {
        exchange.begin(
            AnswerHead(status: 200, fieldLines: Array("X-Kind: open\r\n".utf8), length: .open))
        exchange.send(Array("first".utf8))
        exchange.flush()
        exchange.send(Array("second piece".utf8))
        exchange.end()
    }

    /// Answers what waits.
    func answerPending(_ text: String) {
        let waiting = pending
        pending = []
        for exchange in waiting {
            exchange.answer(LocalAnswer(status: 200, body: Array(text.utf8)))
        }
    }

    func finished(_ exchange: Exchange) {
        notes.add("finished \(exchange.head?.path ?? "-") \(exchange.status)")
    }

    func refused(_ refusal: RequestRefusal, from peerHost: String) -> LocalAnswer {
        .text(refusal.status, refusal.text)
    }

    func closed(_ connection: ServerConnection) {
        notes.add("closed")
        self.connection = nil
    }
}

private final class Producer: AnswerProducer {
    private let notes: PathService.Notes

    init(_ notes: PathService.Notes) { self.notes = notes }

    func clientLeft() { notes.add("client left") }

    func clientCaughtUp() { notes.add("caught up") }
}
