import Glibc
import Transport

/// A call of the system that failed in a test.
struct SystemFailure: Error {
    let call: String
    let code: Int32
}

/// A blocking socket on the loopback address; whoever waits gives up after five seconds.
struct TestSocket: Sendable {
    let descriptor: Int32

    /// A listening socket on a free port.
    static func listening(backlog: Int32 = 128) throws -> TestSocket {
        let socket = try opened()
        try socket.bind()
        guard listen(socket.descriptor, backlog) == 0 else {
            throw SystemFailure(call: "listen", code: errno)
        }
        return socket
    }

    /// A socket that holds a free port and does not listen: connections to it are refused.
    static func reserving() throws -> TestSocket {
        let socket = try opened()
        try socket.bind()
        return socket
    }

    /// A connection to a port of the loopback address.
    static func connected(to port: UInt16) throws -> TestSocket {
        let socket = try opened()
        var address = loopback(port)
        let status = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(
                    socket.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw SystemFailure(call: "connect", code: errno) }
        return socket
    }

    /// Two ends of a connection; the near one is a bare descriptor that does not block.
    static func pair() throws -> (near: Int32, far: TestSocket) {
        let listener = try listening()
        defer { listener.close() }
        let far = try connected(to: listener.port)
        let near = try listener.accepted().descriptor
        _ = fcntl(near, F_SETFL, fcntl(near, F_GETFL) | O_NONBLOCK)
        return (near, far)
    }

    private static func opened() throws -> TestSocket {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw SystemFailure(call: "socket", code: errno) }
        let socket = TestSocket(descriptor: descriptor)
        socket.limitWaiting()
        return socket
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        return address
    }

    private func limitWaiting() {
        var time = timeval(tv_sec: 30, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
    }

    private func bind() throws {
        var address = Self.loopback(0)
        let status = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw SystemFailure(call: "bind", code: errno) }
    }

    /// The port on this side.
    var port: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// The next connection that a listening socket has.
    func accepted() throws -> TestSocket {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { throw SystemFailure(call: "accept", code: errno) }
        let socket = TestSocket(descriptor: connection)
        socket.limitWaiting()
        return socket
    }

    /// Writes all of it.
    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw SystemFailure(call: "send", code: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// Writes a text.
    func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// Up to `count` bytes that are there, empty at the end of the stream.
    func readSome(_ count: Int = 64 << 10) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let taken = unsafe buffer.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        guard taken >= 0 else { throw SystemFailure(call: "recv", code: errno) }
        return Array(buffer.prefix(taken))
    }

    /// Exactly `count` bytes, fewer when the stream ends before.
    func read(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try readSome(count - bytes.count)
            if more.isEmpty { break }
            bytes += more
        }
        return bytes
    }

    /// Everything up to the end of the stream.
    func readToEnd() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let more = try readSome()
            if more.isEmpty { return bytes }
            bytes += more
        }
    }

    /// Says that nothing more comes.
    func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes.
    func close() { Glibc.close(descriptor) }

    /// Closes with a reset.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Lets time pass, in milliseconds; only on threads of a test's own.
    func rest(_ milliseconds: UInt32) { usleep(milliseconds * 1000) }

    /// Reads until the peer ends the connection, which at the latest it has after five seconds.
    func waitForEnd() { _ = try? readToEnd() }
}
