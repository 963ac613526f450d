import Glibc
import Synchronization
import Transport

/// An upstream that answers each call with an empty result, one per connection, and remembers what it
/// was sent.
final class RecordingUpstream: Sendable {
    private let listener: TestSocket
    private let received = Mutex<[String]>([])
    private let isEnding = Mutex(false)

    /// Where it listens.
    let port: UInt16

    init() throws {
        listener = try TestSocket.listening()
        port = listener.port
        try startThread(name: "upstream") { [self] in serve() }
    }

    /// The requests that came.
    var requests: [String] { received.withLock { $0 } }

    /// The value of a field in each request, nil where there is none.
    func values(_ name: String) -> [String?] {
        requests.map { request in
            let line = request.split(separator: "\r\n").first {
                $0.lowercased().hasPrefix("\(name.lowercased()): ")
            }
            return line.map { String($0.dropFirst(name.count + 2)) }
        }
    }

    /// Ends it.
    func end() {
        isEnding.withLock { $0 = true }
        shutdown(listener.descriptor, Int32(SHUT_RDWR))
    }

    private func serve() {
        while !isEnding.withLock({ $0 }) {
            guard let socket = try? listener.accepted() else { continue }
            try? answer(socket)
            socket.close()
        }
        listener.close()
    }

    private func answer(_ socket: TestSocket) throws {
        var text = ""
        var length = Int.max
        while text.utf8.count < length {
            let bytes = try socket.readSome()
            guard !bytes.isEmpty else { return }
            text += String(decoding: bytes, as: UTF8.self)
            guard length == .max, let end = text.range(of: "\r\n\r\n") else { continue }
            let head = text[..<end.lowerBound]
            let field = head.split(separator: "\r\n").first {
                $0.lowercased().hasPrefix("content-length: ")
            }
            length =
                head.utf8.count + 4 + (field.flatMap { Int($0.dropFirst(16)) } ?? 0)
        }
        received.withLock { $0.append(text) }
        let body = #"{"jsonrpc":"2.0","id":7,"result":{"content":[]}}"#
        try socket.write(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
}

extension String {
    /// The first place of a text in this one.
    fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
