import Glibc
import Testing
import Transport

/// What a listener has handed over, on its loop.
private final class Accepted {
    var listener: Listener?
    var connections: [Int32] = []
    var peers: [SocketAddress] = []
    var whenGrown: (Accepted) -> Void = { _ in }

    static func listen(
        _ descriptor: Int32, _ context: LoopContext,
        _ whenGrown: @escaping (Accepted) -> Void = { _ in }
    ) -> Accepted {
        let accepted = Accepted()
        accepted.whenGrown = whenGrown
        context.resident = accepted
        accepted.listener = Listener(descriptor: descriptor, context: context) {
            [unowned accepted] connection, peer in
            accepted.connections.append(connection)
            accepted.peers.append(peer)
            accepted.whenGrown(accepted)
        }
        return accepted
    }

    func closeAll() {
        for connection in connections { close(connection) }
        connections = []
    }
}

/// The time that the process has run, in its own code and in the kernel's.
private func busyMicroseconds() -> Int {
    var usage = rusage()
    unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1_000_000
        + Int(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
}

@Suite(.serialized, .timeLimit(.minutes(1))) struct ListenerTests {
    private static func anyPort() throws -> SocketAddress {
        try #require(SocketAddress(literal: "127.0.0.1", port: 0))
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        TestSocket(descriptor: descriptor).port
    }

    @Test func `every connection of a crowd is handed over, with its peer`() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start { _ in }
        let sockets = try ListeningSockets(binding: try Self.anyPort(), count: 1)
        let port = Self.port(of: sockets.descriptors[0])
        // More than one batch waits in the queue before the listener is there.
        let clients = try (0..<150).map { _ in try TestSocket.connected(to: port) }
        let accepted = await withCheckedContinuation { continuation in
            loop.execute { context in
                _ = Accepted.listen(sockets.descriptors[0], context) { accepted in
                    guard accepted.connections.count == clients.count else { return }
                    let flags = accepted.connections.map { fcntl($0, F_GETFL) & O_NONBLOCK }
                    continuation.resume(returning: (accepted.peers, flags))
                }
            }
        }
        #expect(Set(accepted.0.map(\.port)) == Set(clients.map(\.port)))
        #expect(accepted.0.allSatisfy { $0.host == "127.0.0.1" })
        #expect(accepted.1.allSatisfy { $0 != 0 })
        await loop.visit { context in (context.resident as? Accepted)?.closeAll() }
        for client in clients { client.close() }
        loop.stop()
    }

    @Test func `draining takes the whole queue before it closes`() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start { _ in }
        let sockets = try ListeningSockets(binding: try Self.anyPort(), count: 1)
        let port = Self.port(of: sockets.descriptors[0])
        let clients = try (0..<150).map { _ in try TestSocket.connected(to: port) }
        let count = await loop.visit { context in
            let accepted = Accepted.listen(sockets.descriptors[0], context)
            accepted.listener?.drainAndClose()
            for connection in accepted.connections { _ = unsafe send(connection, "x", 1, 0) }
            return accepted.connections.count
        }
        #expect(count == clients.count)
        let answered = try await onThread { try clients.map { try $0.read(1) } }
        #expect(answered.allSatisfy { $0 == Array("x".utf8) })
        #expect(throws: SystemFailure.self) { try TestSocket.connected(to: port) }
        await loop.visit { context in (context.resident as? Accepted)?.closeAll() }
        for client in clients { client.close() }
        loop.stop()
    }

    @Test func `two sets of sockets may listen on one address at once`() async throws {
        let first = try ListeningSockets(binding: try Self.anyPort(), count: 1)
        let port = Self.port(of: first.descriptors[0])
        let address = try #require(SocketAddress(literal: "127.0.0.1", port: port))
        let second = try ListeningSockets(binding: address, count: 3)
        #expect(second.descriptors.map { Self.port(of: $0) } == [port, port, port])
        for descriptor in first.descriptors + second.descriptors { close(descriptor) }
    }

    @Test func `an address that cannot be bound is told with what was attempted`() throws {
        let taken = try TestSocket.listening()
        let address = try #require(SocketAddress(literal: "127.0.0.1", port: taken.port))
        let failure = #expect(throws: TransportFailure.self) {
            try ListeningSockets(binding: address, count: 1)
        }
        #expect(failure?.code == EADDRINUSE)
        #expect(failure?.attempt == "listen on \(address)")
        taken.close()
    }

    @Test func `without a free descriptor the listener rests and goes on later`() async {
        await #expect(processExitsWith: .success) {
            let loop = try EventLoop(name: "test")
            try loop.start { _ in }
            let address = try #require(SocketAddress(literal: "127.0.0.1", port: 0))
            let sockets = try ListeningSockets(binding: address, count: 1)
            let client = try TestSocket.connected(
                to: TestSocket(descriptor: sockets.descriptors[0]).port)
            var limit = rlimit()
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
            unsafe getrlimit(resource, &limit)
            let usual = limit.rlim_cur
            limit.rlim_cur = 3
            unsafe setrlimit(resource, &limit)
            let before = busyMicroseconds()
            await loop.visit { context in _ = Accepted.listen(sockets.descriptors[0], context) }
            _ = try await onThread { usleep(400_000) }
            let early = await loop.visit { ($0.resident as? Accepted)?.connections.count }
            let used = busyMicroseconds() - before
            limit.rlim_cur = usual
            unsafe setrlimit(resource, &limit)
            _ = try await onThread { usleep(400_000) }
            let late = await loop.visit { ($0.resident as? Accepted)?.connections.count }
            client.close()
            precondition(early == 0, "no descriptor was free")
            precondition(used < 60_000, "the loop span")
            precondition(late == 1, "the connection was not accepted later")
        }
    }
}
