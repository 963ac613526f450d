import Transport

/// Keeps a socket on a loop and notes what it is told.
final class SocketOwner: StreamSocketOwner {
    var socket: StreamSocket?
    var received: [UInt8] = []
    var failures: [Int32] = []
    var drains: [Int] = []
    var whenReadable: (SocketOwner) -> Void = { $0.takeAll() }
    var whenDrained: (SocketOwner) -> Void = { _ in }
    var whenConnected: (SocketOwner) -> Void = { _ in }
    var whenEnded: (SocketOwner, ReadEnd) -> Void = { _, _ in }

    /// How reading ended.
    enum ReadEnd: Equatable {
        case end
        case failed(Int32)
    }

    /// Takes over a descriptor on the loop and begins to read.
    static func adopt(
        _ descriptor: Int32, _ context: LoopContext, _ setUp: (SocketOwner) -> Void = { _ in }
    ) -> SocketOwner {
        let owner = SocketOwner()
        context.resident = owner
        setUp(owner)
        let socket = StreamSocket(descriptor: descriptor, context: context, owner: owner)
        owner.socket = socket
        socket.resumeReading()
        return owner
    }

    /// Reads once and keeps what came.
    func takeAll() {
        var end: ReadEnd?
        socket?.read { result in
            switch result {
            case .bytes(let bytes): unsafe received.append(contentsOf: bytes)
            case .wouldBlock: break
            case .end: end = .end
            case .failed(let code): end = .failed(code)
            }
        }
        guard let end else { return }
        socket?.close()
        whenEnded(self, end)
    }

    func socketIsReadable() { whenReadable(self) }

    func socketDrained() {
        drains.append(socket?.pendingOutput ?? -1)
        whenDrained(self)
    }

    func socketFailed(_ code: Int32) {
        failures.append(code)
        whenEnded(self, .failed(code))
    }

    func socketConnected() { whenConnected(self) }
}

extension EventLoop {
    /// Runs `work` on the loop with the owner that lives there.
    func visitOwner<Value: Sendable>(
        _ work: @escaping @Sendable (SocketOwner) -> Value
    ) async -> Value? {
        await visit { context in (context.resident as? SocketOwner).map(work) }
    }
}
