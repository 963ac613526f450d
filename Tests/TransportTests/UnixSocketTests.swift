import Foundation
import Glibc
import Testing
import Transport

@Suite struct UnixSocketTests {
    private static func place() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "gatehouse-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appending(path: "control").path
    }

    @Test func `only its owner may connect`() throws {
        let path = try Self.place()
        let descriptor = try UnixSocket.listen(at: path)
        defer { close(descriptor) }
        var status = stat()
        #expect(unsafe stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(status.st_mode & S_IFMT == S_IFSOCK)
    }

    @Test func `a later listener takes the place of an earlier one`() throws {
        let path = try Self.place()
        let first = try UnixSocket.listen(at: path)
        let second = try UnixSocket.listen(at: path)
        defer { close(second) }
        close(first)
        let connection = try UnixSocket.connect(to: path, seconds: 1)
        close(connection)
    }

    @Test func `what is no socket is left alone`() throws {
        let path = try Self.place()
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: TransportFailure.self) { try UnixSocket.listen(at: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("mine".utf8))
    }

    @Test func `a path that does not fit is an error, not another path`() throws {
        let path = try Self.place() + String(repeating: "x", count: 120)
        #expect {
            try UnixSocket.listen(at: path)
        } throws: {
            ($0 as? TransportFailure)?.code == ENAMETOOLONG
        }
    }

    @Test func `nobody listening is told apart`() throws {
        let path = try Self.place()
        #expect {
            try UnixSocket.connect(to: path, seconds: 1)
        } throws: {
            ($0 as? TransportFailure)?.code == ENOENT
        }
        close(try UnixSocket.listen(at: path))
        #expect {
            try UnixSocket.connect(to: path, seconds: 1)
        } throws: {
            ($0 as? TransportFailure)?.code == ECONNREFUSED
        }
    }

    @Test func `a question is answered by whoever listens`() async throws {
        let path = try Self.place()
        let listener = try UnixSocket.listen(at: path)
        defer { close(listener) }
        let loop = try EventLoop(name: "test")
        try loop.start { context in
            context.resident = Listener(descriptor: dup(listener), context: context) { socket, _ in
                let text = Array("hello".utf8)
                _ = unsafe text.withUnsafeBytes { unsafe write(socket, $0.baseAddress, 5) }
                close(socket)
            }
        }
        let answer = try await onThread {
            try BlockingConnection.ask(
                UnixSocket.connect(to: path, seconds: 5), [])
        }
        #expect(answer == Array("hello".utf8))
        loop.stop()
    }
}
