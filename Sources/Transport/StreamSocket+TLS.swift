import CLibevent
import Glibc

/// TLS above the same descriptor and events: the handshake takes the place of the connect, and
/// `SSL_read` and `SSL_write` that of `recv` and `send`.
extension StreamSocket {
    /// Speaks TLS on a connection that was accepted; before anything is read or written.
    ///
    /// Without memory for it the socket is closed.
    package func accept(_ context: TLSContext) {
        guard let session = TLSSession(context, descriptor: descriptor, host: nil) else {
            return close()
        }
        tls = session
        addReadEvent()
    }

    /// Goes on with the handshake, and tells the owner of a connection that we opened when it is done.
    func shakeHands(_ session: TLSSession) {
        switch session.handshake() {
        case .done:
            stopWriting()
            if !session.ownerReads { removeReadEvent() }
            let isClient = isOpening
            isOpening = false
            if isClient { owner?.socketConnected() }
            if pendingOutput > 0 { waitForWriting() }
            if session.ownerReads, isOpen { readAgain(session) }
        case .wantsRead:
            stopWriting()
            addReadEvent()
        case .wantsWrite: waitForWriting()
        case .ended: failSecurely("the peer ended the handshake")
        case .broken(let code): fail(code)
        case .failed(let reason): failSecurely(reason)
        }
    }

    /// What the read event tells, TLS or not.
    func readable(_ session: TLSSession) {
        if session.isHandshaking { return shakeHands(session) }
        if session.ownerReads { owner?.socketIsReadable() }
    }

    /// As ``resumeReading()``, where bytes that are decrypted already cause no event of the kernel.
    func resumeReading(_ session: TLSSession) {
        guard !session.ownerReads, isOpen else { return }
        session.ownerReads = true
        addReadEvent()
        if !session.isHandshaking { readAgain(session) }
    }

    /// As ``pauseReading()``.
    func pauseReading(_ session: TLSSession) {
        session.ownerReads = false
        if !session.isHandshaking { removeReadEvent() }
    }

    /// As ``read(_:)``.
    func read<Result>(_ session: TLSSession, _ body: (ReadResult) -> Result) -> Result {
        guard !session.isHandshaking else { return body(.wouldBlock) }
        let buffer = unsafe context.readBuffer
        switch unsafe session.read(into: buffer) {
        case .done(let count):
            if count == buffer.count || session.hasEnded { readAgain(session) }
            context.isReadBufferInUse = true
            defer { context.isReadBufferInUse = false }
            return unsafe body(.bytes(UnsafeRawBufferPointer(rebasing: buffer[..<count])))
        case .wantsRead: return body(.wouldBlock)
        case .wantsWrite:
            session.readNeedsWrite = true
            waitForWriting()
            return body(.wouldBlock)
        case .ended: return body(.end)
        case .broken(let code): return body(.failed(code))
        case .failed(let reason):
            securityFailure = reason
            return body(.failed(EPROTO))
        }
    }

    /// Bytes that TLS has taken from the kernel make no event: this one comes after the sockets and
    /// timers that are due.
    private func readAgain(_ session: TLSSession) {
        guard session.hasPending, let readEvent = unsafe readEvent else { return }
        unsafe event_active(readEvent, Int32(EV_READ), 0)
        unsafe event_base_loopcontinue(context.base)
    }

    /// Sends pieces one by one unless they are short: what TLS began to send must be offered again
    /// as it was.
    func send(_ session: TLSSession, _ first: [UInt8], _ second: UnsafeRawBufferPointer) {
        guard unsafe !second.isEmpty else { return send(session, first) }
        if first.count + second.count <= LoopContext.joinBufferSize {
            return unsafe send(session, first + second)
        }
        send(session, first)
        if isOpen { unsafe send(session, Array(second)) }
    }

    private func send(_ session: TLSSession, _ bytes: [UInt8]) {
        guard pendingOutput == 0, !isConnecting, !session.isHandshaking else {
            return enqueue(bytes, from: 0)
        }
        let taken = unsafe bytes.withUnsafeBytes { unsafe write(session, $0) }
        guard taken >= 0 else { return }
        enqueue(bytes, from: taken)
        if pendingOutput > 0 { waitForWriting() }
    }

    /// The count that was taken, or -1 after a failure that the owner has been told.
    func write(_ session: TLSSession, _ bytes: UnsafeRawBufferPointer) -> Int {
        switch unsafe session.write(bytes) {
        case .done(let count): return count
        case .broken(let code): fail(code)
        // Writing never waits for reading: there is no renegotiation.
        case .wantsRead, .wantsWrite, .ended: failSecurely("the session is in disorder")
        case .failed(let reason): failSecurely(reason)
        }
        return -1
    }

    private func failSecurely(_ reason: String) {
        securityFailure = reason
        fail(EPROTO)
    }
}
