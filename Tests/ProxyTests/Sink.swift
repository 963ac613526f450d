import Proxy
import Synchronization
import Transport

/// What the client's side was given.
struct Answered: Sendable, Equatable {
    var status: Int?
    var fields = ""
    /// The pieces in which content came.
    var pieces: [String] = []
    var isAborted = false
    var failure: String?
    var upstreamStatus: Int?

    var body: String { pieces.joined() }
}

/// Takes an answer down; the end is told once.
final class Sink: AnswerSink {
    var answered = Answered()
    var relay: ResponseRelay?
    var isBehind = false
    var length: AnswerLength?
    var whenSent: (Sink) -> Void = { _ in }
    private let completion: (Answered) -> Void
    private var isOver = false

    init(_ completion: @escaping (Answered) -> Void) { self.completion = completion }

    func begin(_ head: AnswerHead) {
        precondition(!isOver && answered.status == nil, "there is one head")
        answered.status = head.status
        answered.fields = String(decoding: head.fieldLines, as: UTF8.self)
        length = head.length
    }

    func send(_ bytes: UnsafeRawBufferPointer) {
        precondition(!isOver && answered.status != nil, "content stands between head and end")
        answered.pieces.append(unsafe String(decoding: bytes, as: UTF8.self))
        whenSent(self)
    }

    func send(_ bytes: [UInt8]) { unsafe bytes.withUnsafeBytes { unsafe send($0) } }

    func flush() {}

    func end() { finish() }

    func abort() {
        answered.isAborted = true
        finish()
    }

    func note(upstreamStatus: Int) { answered.upstreamStatus = upstreamStatus }

    func note(_ failure: ForwardingFailure) { answered.failure = "\(failure.kind)" }

    private func finish() {
        precondition(!isOver, "there is one end")
        isOver = true
        completion(answered)
    }
}
