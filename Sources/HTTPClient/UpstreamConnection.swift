package import HTTP
package import Transport

/// Whoever waits for an upstream's answer.
///
/// Every call comes on the loop.
package protocol UpstreamReceiver: AnyObject {
    /// The connection that carries the request, to pause or cancel; the pool sets it.
    var upstream: UpstreamConnection? { get set }
    /// The head of the final answer.
    func upstreamAnswered(_ head: ResponseHead)
    /// Content; the bytes are valid during the call.
    func upstreamSent(_ bytes: UnsafeRawBufferPointer)
    /// What one read brought has been handed over: a good moment to write.
    func upstreamPaused()
    /// The answer is complete; the connection belongs to the pool again.
    func upstreamEnded()
    /// There will be no more; nothing else is called after this.
    func upstreamFailed(_ failure: UpstreamFailure)
}

/// A request as it goes over the wire.
package struct UpstreamRequest {
    /// The method, on which the framing of the answer hangs.
    package var method: HTTP.Method
    /// Request line and fields with the empty line.
    package var head: [UInt8]
    /// The content, exactly as long as the head says.
    package var body: [UInt8]
    /// The monotonic time, in nanoseconds, by which the answer must be complete; `UInt64.max` = none.
    package var deadline: UInt64
    /// Whether the request may be sent again when a kept connection ended before any answer.
    package var isRepeatable: Bool

    /// Puts a request together.
    package init(
        method: HTTP.Method, head: [UInt8], body: [UInt8], deadline: UInt64, isRepeatable: Bool
    ) {
        self.method = method
        self.head = head
        self.body = body
        self.deadline = deadline
        self.isRepeatable = isRepeatable
    }
}

/// One connection to an upstream, carrying one request at a time.
package final class UpstreamConnection {
    private enum State {
        case connecting
        case waiting
        case receiving
        case idle
        case closed
    }

    private static let limits = MessageLimits()
    /// An idle connection older than this, in nanoseconds, is looked at before it is used again.
    private static let unsuspiciousAge: UInt64 = 20_000_000

    package var deadlineTicket = DeadlineTicket()
    package private(set) var deadline: UInt64 = .max

    private let pool: UpstreamPool
    private var socket: StreamSocket?
    private var decoder: ResponseDecoder
    private var state = State.connecting
    private var receiver: (any UpstreamReceiver)?
    private var request: UpstreamRequest?
    private var addresses: [SocketAddress] = []
    private var isReused = false
    private var isPersistent = false
    private var idleSince: UInt64 = 0

    init(pool: UpstreamPool) {
        self.pool = pool
        decoder = ResponseDecoder(limits: Self.limits, requestMethod: .get)
    }

    // MARK: What the receiver may ask for

    /// Stops reading from the upstream: whoever takes the answer is behind.
    package func pause() { socket?.pauseReading() }

    /// Goes on reading.
    package func resume() { socket?.resumeReading() }

    /// Gives the answer up; the connection is closed, which tells the upstream.
    package func cancel() {
        receiver = nil
        close()
    }

    /// Puts the end of the answer at another time; `UInt64.max` = none.
    package func setDeadline(_ time: UInt64) {
        request?.deadline = time
        if state == .receiving { arm(time) }
    }

    // MARK: What the pool asks for

    func begin(_ request: UpstreamRequest, for receiver: any UpstreamReceiver) {
        self.receiver = receiver
        self.request = request
        isReused = state == .idle
        if isReused { transmit() } else { resolve() }
    }

    /// Whether the connection can carry another request at once.
    var isUsable: Bool {
        guard state == .idle, let socket else { return false }
        return pool.context.now - idleSince < Self.unsuspiciousAge || !socket.isStale
    }

    func close() {
        guard state != .closed else { return }
        let wasIdle = state == .idle
        state = .closed
        pool.context.deadlines.remove(self)
        socket?.close()
        socket = nil
        request = nil
        pool.forget(self, wasIdle: wasIdle)
    }

    // MARK: Connecting

    private func resolve() {
        let options = pool.options
        arm(pool.context.now + options.connectTimeout)
        pool.resolver.resolve(options.host, port: options.port) { [self] answer in
            guard state == .connecting else { return }
            switch answer {
            case .success(let found):
                addresses = found.reversed()
                connect(lastCode: 0)
            case .failure(let failure): fail(.unresolved(failure))
            }
        }
    }

    private func connect(lastCode: Int32) {
        guard let address = addresses.popLast() else { return fail(.refused(lastCode)) }
        do {
            let options = pool.options
            socket = try StreamSocket.connect(
                to: address, context: pool.context, owner: self,
                security: options.tls.map { (context: $0, host: options.host) })
        } catch {
            connect(lastCode: error.code)
        }
    }

    // MARK: Sending and receiving

    private func transmit() {
        guard let request, let socket else { return fail(.broken(0)) }
        decoder = ResponseDecoder(limits: Self.limits, requestMethod: request.method)
        state = .waiting
        isPersistent = false
        arm(min(pool.context.now + pool.options.firstByteTimeout, request.deadline))
        socket.resumeReading()
        socket.send(request.head, request.body)
    }

    private func receive(_ bytes: UnsafeRawBufferPointer) {
        guard state != .idle else { return close() }
        var offset = 0
        while state != .closed {
            do {
                switch try unsafe decoder.next(bytes, &offset) {
                case .needMore:
                    receiver?.upstreamPaused()
                    return
                case .head(let head): received(head)
                case .body(let range):
                    unsafe receiver?.upstreamSent(UnsafeRawBufferPointer(rebasing: bytes[range]))
                case .end: return ended(hasSurplus: offset < bytes.count)
                }
            } catch {
                return fail(.malformed(error))
            }
        }
    }

    private func received(_ head: ResponseHead) {
        state = .receiving
        isPersistent = head.persistent
        // It will not be sent again, and a stream may last for hours.
        request?.head = []
        request?.body = []
        arm(request?.deadline ?? .max)
        receiver?.upstreamAnswered(head)
    }

    /// RFC 9112 §9.3: the connection is kept only if both messages were whole and nothing came unasked.
    private func ended(hasSurplus: Bool) {
        let receiver = self.receiver
        self.receiver = nil
        request = nil
        if isPersistent, !hasSurplus, socket?.pendingOutput == 0 {
            state = .idle
            idleSince = pool.context.now
            arm(idleSince + pool.options.idleLifetime)
            socket?.resumeReading()
            pool.keep(self)
        } else {
            close()
        }
        receiver?.upstream = nil
        receiver?.upstreamEnded()
    }

    private func endOfInput() {
        guard state == .waiting || state == .receiving else { return close() }
        if state == .waiting, repeatElsewhere() { return }
        do {
            try decoder.finish()
            isPersistent = false
            ended(hasSurplus: false)
        } catch {
            fail(.truncated)
        }
    }

    /// A kept connection that ends before it answered was closed while our request was under way;
    /// RFC 9110 §9.2.2 lets that be repeated only where repeating does no harm.
    private func repeatElsewhere() -> Bool {
        guard isReused, let request, request.isRepeatable, let receiver else { return false }
        self.receiver = nil
        close()
        pool.sendAnew(request, for: receiver)
        return true
    }

    private func fail(_ failure: UpstreamFailure) {
        let receiver = self.receiver
        self.receiver = nil
        close()
        receiver?.upstream = nil
        receiver?.upstreamFailed(failure)
    }

    private func arm(_ time: UInt64) {
        deadline = time
        pool.context.deadlines.schedule(self)
    }
}

extension UpstreamConnection: StreamSocketOwner {
    package func socketIsReadable() {
        guard let socket else { return }
        socket.read { result in
            switch result {
            case .bytes(let bytes): unsafe receive(bytes)
            case .wouldBlock: break
            case .end: endOfInput()
            case .failed(let code):
                if let reason = socket.securityFailure { return fail(.insecure(reason)) }
                if state != .waiting || !repeatElsewhere() { fail(.broken(code)) }
            }
        }
    }

    package func socketDrained() {}

    package func socketFailed(_ code: Int32) {
        // What TLS does not like at one address is no reason to try another, or again.
        if let reason = socket?.securityFailure { return fail(.insecure(reason)) }
        if state == .connecting { return connect(lastCode: code) }
        if state == .waiting, repeatElsewhere() { return }
        fail(.broken(code))
    }

    package func socketConnected() { transmit() }
}

extension UpstreamConnection: DeadlineHolder {
    package func deadlinePassed(_ now: UInt64) {
        switch state {
        case .connecting: fail(.connectTimeout)
        case .waiting: fail(now < (request?.deadline ?? .max) ? .firstByteTimeout : .callTimeout)
        case .receiving: fail(.callTimeout)
        case .idle, .closed: close()
        }
    }
}
