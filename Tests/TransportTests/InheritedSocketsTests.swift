import Glibc
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct InheritedSocketsTests {
    /// What a service manager may say that does not make descriptors ours.
    @Test(arguments: [
        [:], ["LISTEN_FDS": "1"], ["LISTEN_PID": "self"],
        ["LISTEN_FDS": "0", "LISTEN_PID": "self"], ["LISTEN_FDS": "-1", "LISTEN_PID": "self"],
        ["LISTEN_FDS": "257", "LISTEN_PID": "self"], ["LISTEN_FDS": "x", "LISTEN_PID": "self"],
        ["LISTEN_FDS": "4 ", "LISTEN_PID": "self"], ["LISTEN_FDS": "100", "LISTEN_PID": "1"],
    ])
    func `descriptors that were not passed to this process are left alone`(
        _ variables: [String: String]
    ) throws {
        let found = ListeningSockets.inherited { name in
            variables[name].map { $0 == "self" ? "\(getpid())" : $0 }
        }
        #expect(found.isEmpty)
    }

    @Test func `passed sockets are found by address and made ready`() async {
        await #expect(processExitsWith: .success) {
            let sockets = try (0..<2).map { _ in try TestSocket.listening() }
            let count = (sockets.map(\.descriptor).max() ?? 3) - 2
            let found = ListeningSockets.inherited { name in
                name == "LISTEN_FDS" ? "\(count)" : name == "LISTEN_PID" ? "\(getpid())" : nil
            }
            for socket in sockets {
                let address = try #require(
                    SocketAddress(literal: "127.0.0.1", port: socket.port))
                let adopted = found.first { $0.address == address }
                precondition(adopted?.descriptors == [socket.descriptor], "it was not found")
                precondition(fcntl(socket.descriptor, F_GETFL) & O_NONBLOCK != 0, "it blocks")
                precondition(
                    fcntl(socket.descriptor, F_GETFD) & FD_CLOEXEC != 0, "it would be passed on")
            }
        }
    }
}
