import HTTP
import Proxy
import ResourceServer
import Transport

/// One request and its answer on a client's connection.
final class Exchange {
    /// Fields that the service adds to every answer of this exchange, as CORS; each line with its CRLF.
    var extraFieldLines: [UInt8] = []
    /// The content, collected while ``isDropping`` is false.
    var body: [UInt8] = []
    /// Set when the request was answered before its content came.
    var isDropping = false
    /// What the service keeps with the exchange.
    var notes: ExchangeNotes
    /// Whoever produces the answer, told when the client leaves or has caught up.
    var producer: (any AnswerProducer)?

    /// The head; nil where none could be read.
    let head: RequestHead?
    /// When the head had come; the monotonic clock in nanoseconds.
    let startedAt: UInt64
    /// Whether the head of the answer has been given.
    private(set) var hasBegun = false
    /// The status of the answer; 0 before it has begun.
    private(set) var status = 0
    /// Content of the request in bytes.
    var receivedBytes = 0
    /// Content of the answer in bytes.
    private(set) var sentBytes = 0

    private var connection: ServerConnection?
    private var held: [UInt8] = []
    private var isChunked = false
    private var hasContent = true
    private var isLast = false
    private var isOver = false

    init(head: RequestHead?, connection: ServerConnection) {
        self.head = head
        self.connection = connection
        peerHost = connection.peerHost
        startedAt = connection.context.now
        notes = ExchangeNotes()
    }

    /// The address of the client, without its port.
    let peerHost: String

    /// Whether the client is still there to be answered.
    var isConnected: Bool { connection != nil }

    /// Answers with a whole message.
    func answer(_ answer: LocalAnswer) {
        notes.reason = notes.reason ?? answer.reason
        let length: AnswerLength =
            answer.status == 204 || answer.status == 304 ? .none : .bytes(answer.body.count)
        begin(AnswerHead(status: answer.status, fieldLines: answer.fieldLines, length: length))
        send(answer.body)
        end()
    }

    /// Says what to do with a request after ``Intake/wait``.
    func proceed(with intake: Intake) { connection?.proceed(self, with: intake) }

    /// The connection was cut; nothing can be answered any more.
    func clientLeft() {
        connection = nil
        let producer = self.producer
        self.producer = nil
        producer?.clientLeft()
    }

    /// What waited for the client has been written.
    func clientCaughtUp() { producer?.clientCaughtUp() }
}

/// Whoever produces an answer over time.
protocol AnswerProducer: AnyObject {
    /// The client is gone.
    func clientLeft()
    /// What waited for the client has been written.
    func clientCaughtUp()
}

extension ResponseRelay: AnswerProducer {}

extension Exchange: AnswerSink {
    func begin(_ head: AnswerHead) {
        guard !hasBegun, let connection else { return }
        hasBegun = true
        status = head.status
        held.reserveCapacity(512 + head.fieldLines.count)
        held.appendStatusLine(head.status)
        held.append(contentsOf: head.fieldLines)
        held.append(contentsOf: extraFieldLines)
        frame(head.length)
        isLast = isLast || connection.isLast
        if isLast {
            held.appendField("Connection", "close")
        } else if self.head?.version == .http10 {
            held.appendField("Connection", "keep-alive")
        }
        held.appendEndOfFields()
    }

    /// RFC 9112 §6: an HTTP/1.0 client knows no chunks, so the close of the connection ends the content.
    private func frame(_ length: AnswerLength) {
        hasContent = head?.method != .head
        switch length {
        case .none: hasContent = false
        case .bytes(let count): held.appendField("Content-Length", count)
        case .open:
            if head?.version == .http10 {
                isLast = true
            } else {
                held.appendField("Transfer-Encoding", "chunked")
                isChunked = hasContent
            }
        }
    }

    func send(_ bytes: UnsafeRawBufferPointer) {
        guard hasContent, unsafe !bytes.isEmpty, let connection else { return }
        sentBytes += bytes.count
        if isChunked {
            held.appendChunkHeader(bytes.count)
            unsafe held.append(contentsOf: bytes)
            held.appendChunkEnd()
            if held.count >= Self.flushSize { flush() }
        } else {
            unsafe connection.send(held, bytes)
            held.removeAll(keepingCapacity: true)
        }
    }

    func send(_ bytes: [UInt8]) {
        guard hasContent, !bytes.isEmpty, let connection else { return }
        guard !isChunked else { return unsafe bytes.withUnsafeBytes { unsafe send($0) } }
        sentBytes += bytes.count
        connection.send(held, bytes)
        held.removeAll(keepingCapacity: true)
    }

    /// Bytes held back to be written together, at the most.
    private static let flushSize = 64 << 10

    func flush() {
        guard !held.isEmpty, let connection else { return }
        connection.send(held, [])
        held = []
    }

    func end() {
        guard !isOver, let connection else { return }
        isOver = true
        producer = nil
        if isChunked { held.appendLastChunk() }
        flush()
        connection.answered(self, wasLast: isLast)
    }

    func abort() {
        guard !isOver else { return }
        isOver = true
        producer = nil
        connection?.close()
    }

    func note(upstreamStatus: Int) { notes.upstreamStatus = upstreamStatus }

    func note(_ failure: ForwardingFailure) {
        notes.failure = failure
        notes.reason = failure.reason
    }

    var isBehind: Bool { connection?.isBehind ?? false }
}
