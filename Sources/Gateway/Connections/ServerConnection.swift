import HTTP
import Transport

/// The times of a client's connection, in nanoseconds.
struct ConnectionTimes: Sendable, Equatable {
    /// For a whole head.
    var head: UInt64 = 10_000_000_000
    /// Between two reads of content.
    var content: UInt64 = 30_000_000_000
    /// Between two requests.
    var idle: UInt64 = 60_000_000_000
    /// For the client to close after us.
    static let linger: UInt64 = 2_000_000_000
    /// For an idle connection when the gateway drains.
    static let drainGrace: UInt64 = 500_000_000
}

/// What a connection does with a request whose head has come.
enum Intake {
    /// Answer now; content that follows is dropped.
    case answer(LocalAnswer)
    /// Collect at most that many bytes of content, then call ``Service/receivedAll(_:)``.
    case collect(limit: Int)
    /// Read no content until ``Exchange/proceed(with:)`` says what to do with it.
    case wait
}

/// Who answers the requests of a connection.
protocol Service: AnyObject {
    /// Looks at a head. Nothing of the content has been read.
    func receivedHead(_ exchange: Exchange) -> Intake
    /// The request is whole; the service answers now or later, through the exchange.
    func receivedAll(_ exchange: Exchange)
    /// The exchange is over, for log and metrics.
    func finished(_ exchange: Exchange)
    /// What cannot be read as a request.
    func refused(_ refusal: RequestRefusal, from peerHost: String) -> LocalAnswer
    /// The connection is gone.
    func closed(_ connection: ServerConnection)
    /// Whether connections should end after the answer under way.
    var isDraining: Bool { get }
}

/// A client's connection: requests in, one after the other, answers out in the same order.
final class ServerConnection {
    private enum Phase {
        /// Between two requests, or before the first.
        case idle
        /// Within a head.
        case head
        /// The head has come, and the service has not said yet what to do with the content.
        case judging
        /// Within content that an exchange collects or drops.
        case content
        /// A whole request is being answered.
        case answering
        /// We have said all; the client has not closed yet.
        case lingering
        case closed
    }

    /// Content dropped to keep a connection whose request was answered early, in bytes.
    private static let dropLimit = 64 << 10
    /// Bytes kept of what comes while a request is being answered, or its head is being judged.
    static let pipelineLimit = 64 << 10

    /// The address of the client, without its port.
    let peerHost: String
    let context: LoopContext
    var deadlineTicket = DeadlineTicket()
    private(set) var deadline: UInt64 = .max

    private let service: any Service
    private let times: ConnectionTimes
    private var socket: StreamSocket?
    private var decoder: RequestDecoder
    private var phase = Phase.idle
    private var exchange: Exchange?
    private var waiting: [UInt8] = []
    private var dropped = 0
    private var isFeeding = false
    private var mustClose = false
    /// What the client had taken of waiting output when it was last looked at.
    private var drainedCount: UInt64 = 0

    init(
        descriptor: Int32, peerHost: String, context: LoopContext, service: any Service,
        limits: MessageLimits, times: ConnectionTimes, tls: TLSContext? = nil
    ) {
        self.peerHost = peerHost
        self.context = context
        self.service = service
        self.times = times
        decoder = RequestDecoder(limits: limits)
        let socket = StreamSocket(descriptor: descriptor, context: context, owner: self)
        self.socket = socket
        // The handshake has the time of a head.
        arm(context.now + times.head)
        if let tls { socket.accept(tls) }
        socket.resumeReading()
    }

    /// The request that is under way.
    var currentExchange: Exchange? { exchange }

    /// Whether no request is under way.
    var isIdle: Bool { phase == .idle }

    /// Whether so much waits for the client that feeding should stop.
    var isBehind: Bool { (socket?.pendingOutput ?? 0) > StreamSocket.highWater }

    // MARK: Reading

    private func received(_ bytes: UnsafeRawBufferPointer) {
        switch phase {
        case .lingering, .closed: return
        case .answering, .judging: unsafe keep(bytes)
        case .idle, .head, .content: unsafe feed(bytes)
        }
    }

    /// Requests and content that come early wait; beyond the limit the kernel keeps them.
    private func keep(_ bytes: UnsafeRawBufferPointer) {
        guard unsafe !bytes.isEmpty else { return }
        unsafe waiting.append(contentsOf: bytes)
        if waiting.count > Self.pipelineLimit { socket?.pauseReading() }
    }

    private func feed(_ bytes: UnsafeRawBufferPointer) {
        isFeeding = true
        defer { isFeeding = false }
        var offset = 0
        while true {
            switch phase {
            case .idle where offset < bytes.count: expectHead()
            case .head, .content: break
            case .answering, .judging:
                return unsafe keep(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
            case .idle, .lingering, .closed: return
            }
            do {
                switch try unsafe decoder.next(bytes, &offset) {
                case .needMore: return wait()
                case .head(let head): began(head)
                case .body(let range):
                    unsafe collect(UnsafeRawBufferPointer(rebasing: bytes[range]))
                case .end: requestEnded()
                }
            } catch {
                return refuse(.violation(error))
            }
        }
    }

    private func expectHead() {
        phase = .head
        arm(context.now + times.head)
    }

    private func wait() {
        if phase == .content { arm(context.now + times.content) }
    }

    private func began(_ head: RequestHead) {
        let exchange = Exchange(head: head, connection: self)
        self.exchange = exchange
        phase = .content
        mustClose = !head.persistent
        take(exchange, head, service.receivedHead(exchange))
    }

    /// Does with a request what the service says.
    private func take(_ exchange: Exchange, _ head: RequestHead, _ intake: Intake) {
        switch intake {
        case .wait:
            phase = .judging
            arm(.max)
        case .collect(let limit):
            decoder.bodyLimit = limit
            if case .length(let length) = head.framing {
                guard length <= limit else { return refuse(.violation(.bodyTooLarge)) }
                exchange.body.reserveCapacity(length)
            }
            if head.expectsContinue { socket?.send(Self.continueAnswer) }
        case .answer(let answer):
            dropped = 0
            exchange.isDropping = true
            if head.expectsContinue { mustClose = true }
            if case .length(let length) = head.framing, length > Self.dropLimit {
                mustClose = true
            }
            exchange.answer(answer)
        }
    }

    /// Goes on with a request whose head the service wanted to think about.
    func proceed(_ exchange: Exchange, with intake: Intake) {
        guard exchange === self.exchange, phase == .judging, let head = exchange.head else {
            return
        }
        phase = .content
        take(exchange, head, intake)
        guard phase != .judging else { return }
        let bytes = waiting
        waiting = []
        // Also without any: a request may have no content to wait for.
        unsafe bytes.withUnsafeBytes { unsafe feed($0) }
        if waiting.count <= Self.pipelineLimit { socket?.resumeReading() }
    }

    /// RFC 9110 §10.1.1.
    private static let continueAnswer = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    private func collect(_ bytes: UnsafeRawBufferPointer) {
        guard let exchange else { return }
        exchange.receivedBytes += bytes.count
        guard exchange.isDropping else {
            return unsafe exchange.body.append(contentsOf: bytes)
        }
        dropped += bytes.count
        if dropped > Self.dropLimit { linger() }
    }

    private func requestEnded() {
        guard let exchange else { return }
        if exchange.isDropping {
            finishExchange()
        } else {
            phase = .answering
            arm(.max)
            service.receivedAll(exchange)
        }
    }

    private func refuse(_ refusal: RequestRefusal) {
        mustClose = true
        let refused = exchange ?? Exchange(head: nil, connection: self)
        guard !refused.hasBegun else { return close() }
        exchange = refused
        refused.isDropping = true
        refused.answer(service.refused(refusal, from: peerHost))
    }

    // MARK: Writing, for the exchange

    /// Whether the next answer is the last of this connection, RFC 9112 §9.6.
    var isLast: Bool { mustClose || service.isDraining }

    func send(_ head: [UInt8], _ bytes: UnsafeRawBufferPointer) {
        unsafe socket?.send(head, bytes)
        watchReader()
    }

    func send(_ head: [UInt8], _ body: [UInt8]) {
        socket?.send(head, body)
        watchReader()
    }

    /// A client that takes nothing of what waits for it is gone, or as good as gone.
    private func watchReader() {
        guard phase == .answering, deadline == .max, let socket, socket.pendingOutput > 0 else {
            return
        }
        drainedCount = socket.drainedCount
        arm(context.now + times.idle)
    }

    /// Whether the client has taken some of what waits since this was last asked.
    private func isReading() -> Bool {
        guard let socket, socket.pendingOutput > 0 else { return false }
        defer { drainedCount = socket.drainedCount }
        return socket.drainedCount != drainedCount
    }

    /// The answer is complete.
    func answered(_ exchange: Exchange, wasLast: Bool) {
        guard exchange === self.exchange, phase != .closed else { return }
        if wasLast { mustClose = true }
        service.finished(exchange)
        switch phase {
        case .answering: finishExchange()
        case .content, .judging, .head, .idle: if mustClose { linger() }
        case .lingering, .closed: break
        }
    }

    /// Ready for the next request, which may be here already.
    private func finishExchange() {
        exchange = nil
        if mustClose { return linger() }
        phase = .idle
        let wait = service.isDraining ? ConnectionTimes.drainGrace : times.idle
        arm(context.now + wait)
        guard !isFeeding else { return }
        resumeWaiting()
    }

    private func resumeWaiting() {
        while phase == .idle, !waiting.isEmpty {
            let bytes = waiting
            waiting = []
            unsafe bytes.withUnsafeBytes { unsafe feed($0) }
        }
        socket?.resumeReading()
    }

    // MARK: Ending

    /// Closes without a reset: what the client still sends is read and dropped until it closes or time is up.
    private func linger() {
        guard phase != .closed, phase != .lingering else { return }
        phase = .lingering
        exchange = nil
        waiting = []
        drainedCount = socket?.drainedCount ?? 0
        arm(context.now + times.idle)
        socket?.resumeReading()
        if socket?.pendingOutput == 0 { finishWriting() }
    }

    private func finishWriting() {
        socket?.shutdownWriting()
        arm(context.now + ConnectionTimes.linger)
    }

    /// Cuts the connection.
    func close() {
        guard phase != .closed else { return }
        phase = .closed
        context.deadlines.remove(self)
        socket?.close()
        socket = nil
        let exchange = self.exchange
        self.exchange = nil
        if let exchange {
            exchange.clientLeft()
            service.finished(exchange)
        }
        service.closed(self)
    }

    /// Ends the connection soon if nothing is under way, else after the answer.
    ///
    /// A request may be on its way already, so an idle connection is given a moment.
    func drain() {
        guard phase == .idle else { return }
        arm(min(deadline, context.now + ConnectionTimes.drainGrace))
    }

    private func arm(_ time: UInt64) {
        deadline = time
        context.deadlines.schedule(self)
    }
}

extension ServerConnection: StreamSocketOwner {
    func socketIsReadable() {
        guard let socket else { return }
        socket.read { result in
            switch result {
            case .bytes(let bytes): unsafe received(bytes)
            case .wouldBlock: break
            case .end, .failed: close()
            }
        }
        if phase == .idle, !waiting.isEmpty { resumeWaiting() }
    }

    func socketDrained() {
        if socket?.pendingOutput == 0 {
            if phase == .lingering { finishWriting() }
            if phase == .answering { arm(.max) }
        }
        exchange?.clientCaughtUp()
    }

    func socketFailed(_ code: Int32) { close() }

    func socketConnected() {}
}

extension ServerConnection: DeadlineHolder {
    func deadlinePassed(_ now: UInt64) {
        switch phase {
        case .idle, .judging, .answering, .lingering:
            // A slow reader is not idle.
            if isReading() { arm(now + times.idle) } else { close() }
        case .closed: break
        case .head, .content:
            if exchange?.hasBegun == true { close() } else { refuse(.timeout) }
        }
    }
}
