import Glibc
import HTTP
import Transport

@testable import Gateway

/// A client's end of a connection whose other end serves by paths on a loop.
final class Client: Sendable {
    let socket: TestSocket
    let loop: EventLoop
    let notes = PathService.Notes()

    init(_ change: @escaping @Sendable (inout ConnectionTimes) -> Void = { _ in }) async throws {
        loop = try EventLoop(name: "test")
        try loop.start { _ in }
        let (near, far) = try TestSocket.pair()
        socket = far
        await loop.visit { [notes] context in
            var times = ConnectionTimes()
            change(&times)
            let service = PathService(notes)
            context.resident = service
            service.connection = ServerConnection(
                descriptor: near, peerHost: "127.0.0.1", context: context, service: service,
                limits: MessageLimits(), times: times)
        }
    }

    /// Writes a text and reads so many bytes.
    func exchange(_ text: String, expecting count: Int) async throws -> String {
        let socket = socket
        return try await onThread {
            try socket.write(text)
            return String(decoding: try socket.read(count), as: UTF8.self)
        }
    }

    /// Writes a text and reads until the connection ends.
    func lastExchange(_ text: String) async throws -> String {
        let socket = socket
        return try await onThread {
            try socket.write(text)
            return String(decoding: try socket.readToEnd(), as: UTF8.self)
        }
    }

    /// Runs `work` on the loop with the service.
    func visit<Value: Sendable>(
        _ work: @escaping @Sendable (PathService) -> Value
    ) async -> Value? {
        await loop.visit { context in (context.resident as? PathService).map(work) }
    }

    /// Waits until a line is noted, for three seconds at the most.
    func awaitNote(_ line: String) async -> Bool {
        for _ in 0..<300 {
            if notes.all.contains(line) { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    /// Waits until the loop has done what it was at.
    func settle() async { _ = await visit { _ in } }

    /// Waits until a request waits for its answer, for three seconds at the most.
    func awaitPending() async {
        for _ in 0..<300 {
            if await visit({ $0.hasPending }) == true { return }
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Closes and ends the loop.
    func end() {
        socket.close()
        loop.stop()
    }
}
