import Glibc

/// The socket of the system's log, which takes one datagram for each message.
enum SyslogSocket {
    /// RFC 5424 §6.2.1 — facility 10 (`authpriv`), severity 6 (informational).
    private static let priority = 10 * 8 + 6
    /// How long a log that does not read is waited for, in seconds.
    private static let patience = 1

    /// Connects to the log at `path`.
    static func connect(to path: String) throws(AuditSinkFailure) -> OwnedDescriptor {
        let attempt = "connect to the system's log at \(path)"
        let number = socket(
            AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw AuditSinkFailure(attempt, code: errno) }
        let descriptor = OwnedDescriptor(number)
        var time = timeval(tv_sec: patience, tv_usec: 0)
        unsafe setsockopt(
            number, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else {
            throw AuditSinkFailure(attempt, code: ENAMETOOLONG)
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw AuditSinkFailure(attempt, code: errno) }
        return descriptor
    }

    /// Sends one line, which has no line feed, as one message.
    static func send(_ line: ArraySlice<UInt8>, to descriptor: Int32) throws(AuditSinkFailure) {
        let message = header() + line
        while true {
            let result = unsafe message.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if result == message.count { return }
            let code = errno
            if result < 0, code == EINTR { continue }
            throw AuditSinkFailure(
                "send to the system's log", code: result < 0 ? code : EMSGSIZE)
        }
    }

    /// What the C library's `syslog` puts before a message: priority, local time, name and process.
    private static func header() -> [UInt8] {
        var now = time(nil)
        var parts = unsafe tm()
        var text = [CChar](repeating: 0, count: 32)
        _ = unsafe localtime_r(&now, &parts)
        let count = unsafe strftime(&text, text.count, "%b %e %T", &parts)
        let time = String(
            decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return Array("<\(priority)>\(time) gatehouse[\(getpid())]: ".utf8)
    }
}
