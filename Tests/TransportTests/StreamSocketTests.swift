import Glibc
import Testing
import Transport

@Suite(.serialized, .timeLimit(.minutes(1))) struct StreamSocketTests {
    private let loop: EventLoop

    init() throws {
        loop = try EventLoop(name: "test")
        try loop.start { _ in }
    }

    /// Blocks of 1000 bytes that can be told from their neighbours.
    private static func pattern(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in 0...count / 1000 {
            bytes += [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 1000)
        }
        return Array(bytes.prefix(count))
    }

    @Test func `what is read can be sent back, whatever its size`() async throws {
        let (near, far) = try TestSocket.pair()
        let sent = Self.pattern(3 << 20)
        await loop.visit { context in
            _ = SocketOwner.adopt(near, context) { owner in
                owner.whenReadable = { owner in
                    owner.socket?.read { result in
                        guard case .bytes(let bytes) = result else { return }
                        unsafe owner.socket?.send([], bytes)
                    }
                }
            }
        }
        async let written: Void = onThread { try far.write(sent) }
        let received = try await onThread { try far.read(sent.count) }
        try await written
        #expect(received == sent)
        far.close()
        loop.stop()
    }

    @Test func `output that the peer does not take waits, drains and arrives in order`()
        async throws
    {
        let (near, far) = try TestSocket.pair()
        let first = Self.pattern(8 << 20)
        let pieces = (0..<100).map { [UInt8](repeating: UInt8($0), count: 1000) }
        let early = Collected()
        let pending = await loop.visit { context in
            let owner = SocketOwner.adopt(near, context)
            owner.socket?.send(first)
            // The kernel has room again, but what waits comes first.
            early.append((try? far.read(256 << 10)) ?? [])
            for piece in pieces { owner.socket?.send(Array(piece[..<10]), Array(piece[10...])) }
            unsafe pieces[0].withUnsafeBytes { unsafe owner.socket?.send([7, 8], $0) }
            return owner.socket?.pendingOutput ?? 0
        }
        #expect(pending > StreamSocket.highWater)
        let total = first.count + 100_000 + 1002
        let received = try await onThread { try early.all + far.read(total - early.all.count) }
        #expect(received == first + pieces.flatMap { $0 } + [7, 8] + pieces[0])
        let drains = await loop.visitOwner { $0.drains }
        let left = await loop.visitOwner { $0.socket?.pendingOutput ?? -1 }
        #expect(left == 0)
        #expect(drains?.isEmpty == false)
        #expect(drains?.allSatisfy { (0...StreamSocket.lowWater).contains($0) } == true)
        #expect(drains?.last == 0)
        far.close()
        loop.stop()
    }

    @Test func `the owner may send more when it is told of the drain`() async throws {
        let (near, far) = try TestSocket.pair()
        let piece = Self.pattern(1 << 20)
        let first = Self.pattern(8 << 20)
        await loop.visit { context in
            let owner = SocketOwner.adopt(near, context)
            var left = 9
            owner.whenDrained = { owner in
                // What the kernel takes at once is not told of.
                while left > 0, let socket = owner.socket, socket.pendingOutput == 0 {
                    left -= 1
                    socket.send(piece)
                }
            }
            // More than the kernel takes at once.
            owner.socket?.send(first)
        }
        let received = try await onThread { try far.read(first.count + 9 * piece.count) }
        #expect(received.count == first.count + 9 * piece.count)
        #expect(received.suffix(piece.count) == piece[...])
        far.close()
        loop.stop()
    }

    @Test func `a reset while reading is a failure, not an end`() async throws {
        let (near, far) = try TestSocket.pair()
        let end = await withCheckedContinuation { continuation in
            loop.execute { context in
                _ = SocketOwner.adopt(near, context) {
                    $0.whenEnded = { continuation.resume(returning: $1) }
                }
                far.reset()
            }
        }
        #expect(end == .failed(ECONNRESET))
        loop.stop()
    }

    @Test(arguments: [true, false])
    func `a reset while writing closes the socket and is told once`(
        _ inTwoPieces: Bool
    ) async throws {
        let (near, far) = try TestSocket.pair()
        let failures = await withCheckedContinuation { continuation in
            loop.execute { context in
                let owner = SocketOwner.adopt(near, context)
                owner.socket?.pauseReading()
                owner.whenEnded = { owner, _ in
                    let isOpen = owner.socket?.isOpen ?? true
                    owner.socket?.send([1], [2])
                    continuation.resume(returning: isOpen ? [] : owner.failures)
                }
                far.reset()
                // On a busy machine the reset arrives later than the call for it returns.
                while owner.failures.isEmpty, owner.socket?.isOpen == true {
                    owner.socket?.send([1], inTwoPieces ? [2] : [])
                    usleep(500)
                }
            }
        }
        #expect(failures.count == 1)
        #expect(failures.first == ECONNRESET || failures.first == EPIPE)
        let later = await loop.visitOwner { $0.failures }
        #expect(later == failures)
        loop.stop()
    }

    @Test func `a refused connection is told with the system's reason`() async throws {
        let reserved = try TestSocket.reserving()
        let end = try await connect(to: reserved.port) { _ in }
        #expect(end == .failed(ECONNREFUSED))
        reserved.close()
        loop.stop()
    }

    @Test func `what is sent before the connection is up arrives`() async throws {
        let listener = try TestSocket.listening()
        let address = try #require(SocketAddress(literal: "127.0.0.1", port: listener.port))
        async let received = onThread {
            let peer = try listener.accepted()
            defer { peer.close() }
            return try peer.read(11)
        }
        await loop.visit { context in
            let owner = SocketOwner()
            context.resident = owner
            owner.socket = try? StreamSocket.connect(to: address, context: context, owner: owner)
            owner.socket?.send(Array("hello".utf8), Array(" world".utf8))
        }
        #expect(try await received == Array("hello world".utf8))
        listener.close()
        loop.stop()
    }

    /// Begins to connect on the loop and returns how reading or connecting ended.
    private func connect(
        to port: UInt16, connected: @escaping @Sendable (SocketOwner) -> Void
    ) async throws -> SocketOwner.ReadEnd {
        let address = try #require(SocketAddress(literal: "127.0.0.1", port: port))
        return await withCheckedContinuation { continuation in
            loop.execute { context in
                let owner = SocketOwner()
                context.resident = owner
                owner.whenEnded = { continuation.resume(returning: $1) }
                owner.whenConnected = connected
                do throws(TransportFailure) {
                    owner.socket = try StreamSocket.connect(
                        to: address, context: context, owner: owner)
                } catch {
                    continuation.resume(returning: .failed(error.code))
                }
            }
        }
    }

    @Test func `a paused socket tells nothing until it is resumed`() async throws {
        let (near, far) = try TestSocket.pair()
        await loop.visit { context in
            SocketOwner.adopt(near, context).socket?.pauseReading()
        }
        try far.write("early")
        try await Task.sleep(for: .milliseconds(60))
        #expect(await loop.visitOwner { $0.received } == [])
        let end = await withCheckedContinuation { continuation in
            loop.execute { context in
                guard let owner = context.resident as? SocketOwner else { return }
                owner.whenEnded = { continuation.resume(returning: $1) }
                owner.socket?.resumeReading()
                far.close()
            }
        }
        #expect(end == .end)
        #expect(await loop.visitOwner { $0.received } == Array("early".utf8))
        loop.stop()
    }

    @Test func `a quiet connection is not stale, one that ended or spoke is`() async throws {
        let (near, far) = try TestSocket.pair()
        let (other, spoken) = try TestSocket.pair()
        let quiet = await loop.visit { context in
            let owner = SocketOwner.adopt(near, context)
            owner.socket?.pauseReading()
            return owner.socket?.isStale
        }
        #expect(quiet == false)
        far.close()
        #expect(await eventually { await loop.visitOwner { $0.socket?.isStale } == true })
        try spoken.write("x")
        var arrived = pollfd(fd: other, events: Int16(POLLIN), revents: 0)
        #expect(unsafe poll(&arrived, 1, 20_000) == 1)
        let unasked = await loop.visit { context in
            let owner = SocketOwner.adopt(other, context)
            let isStale = owner.socket?.isStale
            owner.takeAll()
            return (isStale, owner.received)
        }
        #expect(unasked.0 == true)
        #expect(unasked.1 == Array("x".utf8))
        spoken.close()
        loop.stop()
    }

    @Test func `after the end of writing the peer can still be heard`() async throws {
        let (near, far) = try TestSocket.pair()
        await loop.visit { context in
            SocketOwner.adopt(near, context).socket?.shutdownWriting()
        }
        #expect(try await onThread { try far.readToEnd() }.isEmpty)
        let end = await withCheckedContinuation { continuation in
            loop.execute { context in
                (context.resident as? SocketOwner)?.whenEnded = {
                    continuation.resume(returning: $1)
                }
                try? far.write("late")
                far.close()
            }
        }
        #expect(end == .end)
        #expect(await loop.visitOwner { $0.received } == Array("late".utf8))
        loop.stop()
    }

    @Test func `closing lets the owner go`() async throws {
        let (near, far) = try TestSocket.pair()
        let isGone = await loop.visit { context in
            weak var owner: SocketOwner?
            owner = SocketOwner.adopt(near, context)
            owner?.socket?.close()
            context.resident = nil
            return owner == nil
        }
        #expect(isGone)
        #expect(try await onThread { try far.readToEnd() }.isEmpty)
        far.close()
        loop.stop()
    }
}
