import Glibc
import Synchronization
import Transport

/// A server on the loopback address that does what a test tells it, on threads of its own.
final class ScriptedServer: Sendable {
    /// The port of the server.
    let port: UInt16

    private let listener: TestSocket
    private let heard = Mutex<[[String]]>([])

    /// Runs `script` for each connection; the connection is closed after it.
    init(_ script: @escaping @Sendable (Peer) throws -> Void) throws {
        listener = try TestSocket.listening()
        port = listener.port
        try startThread(name: "server") { [self] in
            while let socket = try? listener.accepted() {
                let number = heard.withLock { heard in
                    heard.append([])
                    return heard.count - 1
                }
                let peer = Peer(number: number, socket: socket, server: self)
                try? startThread(name: "peer") {
                    try? script(peer)
                    socket.close()
                }
            }
        }
    }

    /// A server that answers every request with the same bytes and keeps its connections.
    convenience init(answering answer: String) throws {
        try self.init { peer in
            while try peer.request() != nil { try peer.socket.write(answer) }
        }
    }

    /// The requests of each connection, in the order of the connections.
    var requests: [[String]] { heard.withLock { $0 } }

    /// Accepts no more.
    func stop() { shutdown(listener.descriptor, Int32(SHUT_RDWR)) }

    /// One connection as the script sees it.
    struct Peer: Sendable {
        /// 0 for the first connection.
        let number: Int
        let socket: TestSocket
        fileprivate let server: ScriptedServer

        /// The requests that have come over this connection.
        var requestCount: Int { server.heard.withLock { $0[number].count } }

        /// The next request with its content, nil at the end of the connection.
        func request() throws -> String? {
            var bytes: [UInt8] = []
            while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
                let byte = try socket.read(1)
                if byte.isEmpty { return nil }
                bytes += byte
            }
            let head = String(decoding: bytes, as: UTF8.self)
            let length = head.split(separator: "\r\n")
                .first { $0.lowercased().hasPrefix("content-length: ") }
                .flatMap { Int($0.dropFirst(16)) }
            let content = try socket.read(length ?? 0)
            let text = head + String(decoding: content, as: UTF8.self)
            server.heard.withLock { $0[number].append(text) }
            return text
        }
    }
}
