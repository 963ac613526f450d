import Glibc

/// A blocking connection that says little and hears little.
package enum BlockingConnection {
    /// The most that is read, in bytes.
    private static let readLimit = 64 << 10

    /// Connects to an address of the Internet family; reads and writes block for at most `seconds`.
    ///
    /// - Throws: ``TransportFailure``.
    package static func connect(
        to address: SocketAddress, seconds: Int
    ) throws(TransportFailure) -> Int32 {
        let attempt = "connect to \(address)"
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, flags, 0)
        guard descriptor >= 0 else { throw TransportFailure(attempt: attempt, code: errno) }
        UnixSocket.limit(descriptor, seconds: seconds)
        guard unsafe address.withSockaddr({ unsafe Glibc.connect(descriptor, $0, $1) }) == 0 else {
            let code = errno
            close(descriptor)
            throw TransportFailure(attempt: attempt, code: code)
        }
        return descriptor
    }

    /// Sends a message, reads until the other side closes, and closes.
    ///
    /// - Returns: what came, cut at 64 KiB.
    /// - Throws: ``TransportFailure``, also when nothing came in time.
    package static func ask(
        _ descriptor: Int32, _ message: [UInt8]
    ) throws(TransportFailure) -> [UInt8] {
        defer { close(descriptor) }
        var rest = message[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw TransportFailure(attempt: "send", code: errno) }
            rest = rest.dropFirst(count)
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while answer.count < readLimit {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw TransportFailure(attempt: "receive", code: errno) }
            if count == 0 { break }
            answer += buffer[..<count]
        }
        return answer
    }
}
