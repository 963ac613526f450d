import CLibevent
import Glibc

/// Whoever a connected socket works for.
package protocol StreamSocketOwner: AnyObject {
    /// Bytes, an end or a failure may be read.
    func socketIsReadable()
    /// The output that waited has been written down to ``StreamSocket/lowWater``.
    func socketDrained()
    /// Writing failed; the socket is closed already.
    func socketFailed(_ code: Int32)
    /// A connect begun with ``StreamSocket/connect(_:_:)`` has ended well.
    func socketConnected()
}

/// What one read gave.
@safe package enum ReadResult {
    /// Bytes, valid until the closure that received them returns.
    case bytes(UnsafeRawBufferPointer)
    case wouldBlock
    case end
    case failed(Int32)
}

/// A connected, non-blocking stream socket on a loop.
///
/// One persistent read event; plain `read` and `writev`; a write event only after the kernel took
/// less than was offered. What it did not take is kept here, and ``pendingOutput`` tells how much.
/// TLS, where there is any, works on the same descriptor.
@safe package final class StreamSocket {
    /// Waiting output, in bytes, above which whoever feeds this socket should stop reading.
    package static let highWater = 256 << 10
    /// Waiting output, in bytes, at which feeding goes on.
    package static let lowWater = 64 << 10

    /// Whom the socket tells; let go when it closes, which ends the circle of the two.
    private(set) var owner: (any StreamSocketOwner)?
    /// The loop that the socket belongs to.
    package let context: LoopContext
    /// Bytes that wait for the kernel to take them.
    package private(set) var pendingOutput = 0
    /// Bytes of waiting output that the kernel has taken since the beginning: tells a slow peer from one that is gone.
    package private(set) var drainedCount: UInt64 = 0

    /// Why TLS failed, once it has: the certificate of the peer, as a rule.
    package internal(set) var securityFailure: String?

    private(set) var descriptor: Int32
    private(set) var readEvent: UnsafeMutablePointer<event>?
    private var writeEvent: UnsafeMutablePointer<event>?
    /// TLS; nil for a connection in the clear.
    var tls: TLSSession?
    /// Whether we open the connection, and its handshake is not over.
    var isOpening = false
    private var isReading = false
    private var isWriting = false
    private(set) var isConnecting = false
    private var queue: [OutputChunk] = []
    private var queueHead = 0

    private struct OutputChunk {
        let bytes: [UInt8]
        var start: Int
    }

    /// Takes over a descriptor; reading begins with ``resumeReading()``.
    package init(descriptor: Int32, context: LoopContext, owner: any StreamSocketOwner) {
        self.descriptor = descriptor
        self.context = context
        self.owner = owner
        var one: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        unsafe readEvent = unsafe event_new(
            context.base, descriptor, Int16(EV_READ | EV_PERSIST),
            { _, _, argument in
                guard let argument = unsafe argument else { return }
                let socket = unsafe Unmanaged<StreamSocket>.fromOpaque(argument)
                    .takeUnretainedValue()
                guard let owner = socket.owner else { return }
                socket.context.refreshNow()
                if let tls = socket.tls { return socket.readable(tls) }
                owner.socketIsReadable()
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { close() }

    /// Begins a connection to the address; ``StreamSocketOwner/socketConnected()`` or
    /// ``StreamSocketOwner/socketFailed(_:)`` tells how it ended, the handshake of TLS included.
    ///
    /// `security` is TLS and the name or address that the peer's certificate must have; nil for a
    /// connection in the clear.
    package static func connect(
        to address: SocketAddress, context: LoopContext, owner: any StreamSocketOwner,
        security: (context: TLSContext, host: String)? = nil
    ) throws(TransportFailure) -> StreamSocket {
        let descriptor = socket(
            address.family, Int32(SOCK_STREAM.rawValue) | socketFlags, 0)
        guard descriptor >= 0 else {
            throw TransportFailure(attempt: "open a socket", code: errno)
        }
        let socket = StreamSocket(descriptor: descriptor, context: context, owner: owner)
        if let security {
            let session = TLSSession(
                security.context, descriptor: descriptor, host: security.host)
            guard let session else {
                socket.close()
                throw TransportFailure(attempt: "begin TLS with \(security.host)", code: 0)
            }
            socket.tls = session
            socket.isOpening = true
        }
        let status = unsafe address.withSockaddr { unsafe Glibc.connect(descriptor, $0, $1) }
        guard status == 0 || errno == EINPROGRESS else {
            let code = errno
            socket.close()
            throw TransportFailure(attempt: "connect to \(address)", code: code)
        }
        socket.isConnecting = true
        socket.waitForWriting()
        return socket
    }

    /// Whether the socket is open.
    package var isOpen: Bool { descriptor >= 0 }

    /// Tells the owner when there is something to read.
    package func resumeReading() {
        if let tls { return resumeReading(tls) }
        addReadEvent()
    }

    /// Stops telling; what arrives stays with the kernel, which then slows the peer.
    package func pauseReading() {
        if let tls { return pauseReading(tls) }
        removeReadEvent()
    }

    func addReadEvent() {
        guard !isReading, isOpen, let readEvent = unsafe readEvent else { return }
        isReading = true
        unsafe event_add(readEvent, nil)
    }

    func removeReadEvent() {
        guard isReading, let readEvent = unsafe readEvent else { return }
        isReading = false
        unsafe event_del(readEvent)
    }

    /// Reads once into the loop's shared buffer, at most ``LoopContext/readBufferSize`` bytes, and lets `body` see it.
    package func read<Result>(_ body: (ReadResult) -> Result) -> Result {
        guard isOpen else { return body(.end) }
        precondition(
            !context.isReadBufferInUse, "the read buffer of a loop has one reader at a time")
        if let tls { return read(tls, body) }
        let buffer = unsafe context.readBuffer
        let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 {
            context.isReadBufferInUse = true
            defer { context.isReadBufferInUse = false }
            return unsafe body(.bytes(UnsafeRawBufferPointer(rebasing: buffer[..<count])))
        }
        if count == 0 { return body(.end) }
        let code = errno
        if code == EAGAIN || code == EINTR { return body(.wouldBlock) }
        return body(.failed(code))
    }

    /// Whether the peer has ended or said something unasked, without taking it: for connections that waited idle.
    package var isStale: Bool {
        var byte: UInt8 = 0
        let count = unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return count >= 0 || (errno != EAGAIN && errno != EINTR)
    }

    // MARK: Writing

    /// Writes a head and a body with one system call; what the kernel does not take waits here.
    package func send(_ head: borrowing [UInt8], _ body: [UInt8]) {
        guard isOpen else { return }
        if let tls {
            let head = copy head
            return unsafe body.withUnsafeBytes { unsafe send(tls, head, $0) }
        }
        guard pendingOutput == 0, !isConnecting else {
            enqueue(copy head, from: 0)
            enqueue(body, from: 0)
            return
        }
        let taken = unsafe head.withUnsafeBytes { head in
            unsafe body.withUnsafeBytes { body in unsafe write(head, body) }
        }
        guard taken >= 0 else { return }
        if taken < head.count { enqueue(copy head, from: taken) }
        if taken < head.count + body.count { enqueue(body, from: max(0, taken - head.count)) }
        if pendingOutput > 0 { waitForWriting() }
    }

    /// Writes a head and borrowed bytes with one system call; what the kernel does not take is copied.
    package func send(_ head: borrowing [UInt8], _ bytes: UnsafeRawBufferPointer) {
        guard isOpen else { return }
        if let tls { return unsafe send(tls, copy head, bytes) }
        guard pendingOutput == 0, !isConnecting else {
            enqueue(copy head, from: 0)
            unsafe enqueue(Array(bytes), from: 0)
            return
        }
        let taken = unsafe head.withUnsafeBytes { unsafe write($0, bytes) }
        guard taken >= 0 else { return }
        if taken < head.count { enqueue(copy head, from: taken) }
        if taken < head.count + bytes.count {
            let rest = unsafe bytes[max(0, taken - head.count)...]
            unsafe enqueue(Array(rest), from: 0)
        }
        if pendingOutput > 0 { waitForWriting() }
    }

    /// Writes bytes; what the kernel does not take waits here.
    package func send(_ bytes: [UInt8]) { send(bytes, []) }

    /// Offers both pieces to the kernel; the count it took, or -1 after a failure that the owner has been told.
    private func write(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int {
        var taken: Int
        if unsafe second.isEmpty {
            taken = unsafe Glibc.send(
                descriptor, first.baseAddress, first.count, Int32(MSG_NOSIGNAL))
        } else if first.count + second.count <= LoopContext.joinBufferSize {
            let buffer = unsafe context.joinBuffer
            unsafe buffer.copyMemory(from: first)
            unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[first.count...])
                .copyMemory(from: second)
            taken = unsafe Glibc.send(
                descriptor, buffer.baseAddress, first.count + second.count, Int32(MSG_NOSIGNAL))
        } else {
            var pieces = unsafe (
                iovec(iov_base: .init(mutating: first.baseAddress), iov_len: first.count),
                iovec(iov_base: .init(mutating: second.baseAddress), iov_len: second.count)
            )
            taken = unsafe withUnsafePointer(to: &pieces) { pieces in
                unsafe pieces.withMemoryRebound(to: iovec.self, capacity: 2) {
                    unsafe writev(descriptor, $0, 2)
                }
            }
        }
        if taken >= 0 { return taken }
        let code = errno
        if code == EAGAIN || code == EINTR { return 0 }
        fail(code)
        return -1
    }

    func enqueue(_ bytes: [UInt8], from start: Int) {
        guard start < bytes.count else { return }
        queue.append(OutputChunk(bytes: bytes, start: start))
        pendingOutput += bytes.count - start
    }

    func waitForWriting() {
        guard !isWriting, isOpen else { return }
        if unsafe writeEvent == nil {
            unsafe writeEvent = unsafe event_new(
                context.base, descriptor, Int16(EV_WRITE | EV_PERSIST),
                { _, _, argument in
                    guard let argument = unsafe argument else { return }
                    unsafe Unmanaged<StreamSocket>.fromOpaque(argument).takeUnretainedValue()
                        .writable()
                }, Unmanaged.passUnretained(self).toOpaque())
        }
        guard let writeEvent = unsafe writeEvent else { return fail(ENOMEM) }
        isWriting = true
        unsafe event_add(writeEvent, nil)
    }

    private func writable() {
        context.refreshNow()
        if isConnecting { return connectEnded() }
        if let tls {
            if tls.isHandshaking { return shakeHands(tls) }
            if tls.readNeedsWrite {
                tls.readNeedsWrite = false
                readable(tls)
                guard isOpen else { return }
            }
        }
        let before = pendingOutput
        while queueHead < queue.count {
            let chunk = queue[queueHead]
            let taken = unsafe chunk.bytes.withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[chunk.start...])
                if let tls { return unsafe write(tls, rest) }
                return unsafe write(rest, .init(start: nil, count: 0))
            }
            guard taken >= 0 else { return }
            pendingOutput -= taken
            drainedCount &+= UInt64(taken)
            guard chunk.start + taken == chunk.bytes.count else {
                queue[queueHead].start += taken
                break
            }
            queueHead += 1
        }
        if pendingOutput == 0 {
            if tls?.readNeedsWrite != true { stopWriting() }
            queue = []
            queueHead = 0
        } else if queueHead > 32 {
            queue.removeFirst(queueHead)
            queueHead = 0
        }
        if pendingOutput == 0 || (before > Self.lowWater && pendingOutput <= Self.lowWater) {
            owner?.socketDrained()
        }
    }

    func stopWriting() {
        guard isWriting, let writeEvent = unsafe writeEvent else { return }
        isWriting = false
        unsafe event_del(writeEvent)
    }

    private func connectEnded() {
        var code: Int32 = 0
        var size = socklen_t(4)
        unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        guard code == 0 else { return fail(code) }
        isConnecting = false
        stopWriting()
        if let tls { return shakeHands(tls) }
        owner?.socketConnected()
        if pendingOutput > 0, isOpen { waitForWriting() }
    }

    func fail(_ code: Int32) {
        let owner = self.owner
        close()
        owner?.socketFailed(code)
    }

    // MARK: Ending

    /// Says that nothing more will be written; reading goes on.
    package func shutdownWriting() {
        guard isOpen else { return }
        tls?.sendEnd()
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Closes the socket; waiting output is lost.
    package func close() {
        guard descriptor >= 0 else { return }
        if let readEvent = unsafe readEvent { unsafe event_free(readEvent) }
        if let writeEvent = unsafe writeEvent { unsafe event_free(writeEvent) }
        unsafe readEvent = nil
        unsafe writeEvent = nil
        tls?.sendEnd()
        tls = nil
        Glibc.close(descriptor)
        descriptor = -1
        owner = nil
        queue = []
        pendingOutput = 0
    }
}

/// Flags of every socket that we open: non-blocking, closed on exec.
let socketFlags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
