import CLibevent
import Glibc

/// Sockets that are files, for talking to a process on the same machine.
package enum UnixSocket {
    /// Connections that wait to be accepted.
    private static let backlog: Int32 = 16

    /// Listens at `path` with mode 0600; what was there before, if it is a socket, is replaced at once.
    ///
    /// Whoever was listening there goes on with the connections that it has and gets no new ones.
    ///
    /// - Returns: a descriptor that listens, non-blocking.
    /// - Throws: ``TransportFailure``.
    package static func listen(at path: String) throws(TransportFailure) -> Int32 {
        let attempt = "listen at \(path)"
        var status = stat()
        if unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFSOCK {
            throw TransportFailure(attempt: attempt, code: EEXIST)
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | socketFlags, 0)
        guard descriptor >= 0 else { throw TransportFailure(attempt: attempt, code: errno) }
        // Bound under a name of its own first, so that at no time nothing is there, and made
        // reachable for others of this user only once its mode is set.
        let own = "\(path).\(getpid())"
        unsafe unlink(own)
        let isBound = unsafe withAddress(own) { unsafe bind(descriptor, $0, $1) == 0 } ?? false
        guard isBound, unsafe chmod(own, 0o600) == 0, Glibc.listen(descriptor, backlog) == 0,
            unsafe rename(own, path) == 0
        else {
            let code = errno
            unsafe unlink(own)
            close(descriptor)
            throw TransportFailure(attempt: attempt, code: code)
        }
        return descriptor
    }

    /// Connects to whoever listens at `path`; reads and writes block for at most `seconds`.
    ///
    /// - Throws: ``TransportFailure``; `ENOENT` and `ECONNREFUSED` when nobody listens.
    package static func connect(to path: String, seconds: Int) throws(TransportFailure) -> Int32 {
        let attempt = "connect to \(path)"
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | closeOnExec, 0)
        guard descriptor >= 0 else { throw TransportFailure(attempt: attempt, code: errno) }
        limit(descriptor, seconds: seconds)
        let isConnected =
            unsafe withAddress(path) { unsafe Glibc.connect(descriptor, $0, $1) == 0 } ?? false
        guard isConnected else {
            let code = errno
            close(descriptor)
            throw TransportFailure(attempt: attempt, code: code)
        }
        return descriptor
    }

    /// Lets reads and writes of a blocking descriptor fail after `seconds`.
    static func limit(_ descriptor: Int32, seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, size)
    }

    private static let closeOnExec = Int32(SOCK_CLOEXEC.rawValue)

    /// The address of a path; nil, with `ENAMETOOLONG`, where it does not fit.
    private static func withAddress<Result>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < room, !bytes.contains(0) else {
            errno = ENAMETOOLONG
            return nil
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
