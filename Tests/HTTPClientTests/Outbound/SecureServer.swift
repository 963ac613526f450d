import Glibc
import Synchronization
import Transport

/// A server that speaks TLS, reads one request a connection, and answers it with the same bytes.
final class SecureServer: Sendable {
    let port: UInt16
    private let loop: EventLoop
    private let heard = Mutex<[String]>([])

    private final class Resident {
        var listener: Listener?
        var visitors: [Visitor] = []
    }

    private final class Visitor: StreamSocketOwner {
        private let answer: [UInt8]
        private let server: SecureServer
        private var socket: StreamSocket?
        private var bytes: [UInt8] = []

        init(
            _ descriptor: Int32, _ context: LoopContext, _ tls: TLSContext, _ answer: [UInt8],
            _ server: SecureServer
        ) {
            self.answer = answer
            self.server = server
            let socket = StreamSocket(descriptor: descriptor, context: context, owner: self)
            self.socket = socket
            socket.accept(tls)
            socket.resumeReading()
        }

        func socketIsReadable() {
            socket?.read { result in
                switch result {
                case .bytes(let read): unsafe bytes.append(contentsOf: read)
                case .wouldBlock: break
                case .end, .failed: socket?.close()
                }
            }
            guard bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) else { return }
            server.heard.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
            bytes = []
            socket?.send(answer)
            if socket?.pendingOutput == 0 { socket?.shutdownWriting() }
        }

        func socketDrained() {
            if socket?.pendingOutput == 0 { socket?.shutdownWriting() }
        }
        func socketFailed(_ code: Int32) {}
        func socketConnected() {}
    }

    init(_ identity: TestCertificates.Identity, answering answer: [UInt8]) throws {
        let tls = try TLSContext.server(
            certificates: identity.certificate, privateKey: identity.key)
        let socket = try TestSocket.listening()
        _ = fcntl(socket.descriptor, F_SETFL, fcntl(socket.descriptor, F_GETFL) | O_NONBLOCK)
        port = socket.port
        loop = try EventLoop(name: "secure")
        try loop.start { [self] context in
            let resident = Resident()
            context.resident = resident
            resident.listener = Listener(descriptor: socket.descriptor, context: context) {
                descriptor, _ in
                resident.visitors.append(Visitor(descriptor, context, tls, answer, self))
            }
        }
    }

    /// The requests that came, decrypted.
    var requests: [String] { heard.withLock { $0 } }

    func stop() { loop.stop() }
}
