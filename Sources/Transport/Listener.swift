import CLibevent
import Glibc

/// Accepts connections from one listening descriptor on one loop.
@safe package final class Listener {
    /// Connections taken before other events of the loop get their turn.
    private static let batchLimit = 64
    /// Pause after the process has run out of descriptors, in nanoseconds.
    private static let exhaustionPause: UInt64 = 100_000_000

    private let context: LoopContext
    private var descriptor: Int32
    private var accepted: ((Int32, SocketAddress) -> Void)?
    private var readEvent: UnsafeMutablePointer<event>?
    private var pause: LoopTimer?

    /// Accepts from a descriptor that listens; each connection is handed to `accepted`, non-blocking.
    package init(
        descriptor: Int32, context: LoopContext, accepted: @escaping (Int32, SocketAddress) -> Void
    ) {
        self.descriptor = descriptor
        self.context = context
        self.accepted = accepted
        unsafe readEvent = unsafe event_new(
            context.base, descriptor, Int16(EV_READ | EV_PERSIST),
            { _, _, argument in
                guard let argument = unsafe argument else { return }
                unsafe Unmanaged<Listener>.fromOpaque(argument).takeUnretainedValue().accept()
            }, Unmanaged.passUnretained(self).toOpaque())
        if let readEvent = unsafe readEvent { unsafe event_add(readEvent, nil) }
    }

    deinit { close() }

    /// Takes everything that waits in the queue, then closes: a listener that is closed with a
    /// queue resets what is in it.
    package func drainAndClose() {
        while descriptor >= 0, accept() {}
        close()
    }

    /// Accepts a batch; whether the batch was full.
    @discardableResult
    private func accept() -> Bool {
        context.refreshNow()
        for _ in 0..<Self.batchLimit {
            guard descriptor >= 0 else { return false }
            var address = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let connection = unsafe withUnsafeMutablePointer(to: &address) { address in
                unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe gh_accept(descriptor, $0, &length)
                }
            }
            if connection >= 0 {
                let peer = unsafe SocketAddress(copying: &address, length: length)
                accepted?(connection, peer)
                continue
            }
            switch errno {
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                wait()
                return false
            case ECONNABORTED, EINTR, EPROTO: continue
            default: return false
            }
        }
        return true
    }

    /// Leaves the queue alone for a moment: without a free descriptor the loop would spin.
    private func wait() {
        guard let readEvent = unsafe readEvent else { return }
        unsafe event_del(readEvent)
        pause = LoopTimer(context, after: Self.exhaustionPause) { [weak self] in
            guard let self, let readEvent = unsafe self.readEvent else { return }
            unsafe event_add(readEvent, nil)
        }
    }

    private func close() {
        guard descriptor >= 0 else { return }
        if let readEvent = unsafe readEvent { unsafe event_free(readEvent) }
        unsafe readEvent = nil
        pause = nil
        accepted = nil
        Glibc.close(descriptor)
        descriptor = -1
    }
}

/// The listening descriptors of one address: bound here, or adopted from whoever started the process.
package struct ListeningSockets: Sendable {
    /// Connections that wait to be accepted, per socket.
    private static let backlog: Int32 = 4096

    /// The address that all of them listen on.
    package let address: SocketAddress
    /// One per loop, or a single one that was adopted.
    package let descriptors: [Int32]

    /// Binds `count` sockets to the address, each with `SO_REUSEPORT`, so that the kernel spreads
    /// connections over the loops and a successor may bind before this process has drained.
    package init(binding address: SocketAddress, count: Int) throws(TransportFailure) {
        var descriptors: [Int32] = []
        do {
            for _ in 0..<count { descriptors.append(try Self.bind(address)) }
        } catch {
            for descriptor in descriptors { Glibc.close(descriptor) }
            throw error
        }
        self.address = address
        self.descriptors = descriptors
    }

    private init(address: SocketAddress, descriptors: [Int32]) {
        self.address = address
        self.descriptors = descriptors
    }

    /// The sockets that the service manager passed (`LISTEN_FDS`, `LISTEN_PID`), by address.
    ///
    /// `environment` looks an environment variable up.
    package static func inherited(environment: (String) -> String?) -> [ListeningSockets] {
        guard let count = environment("LISTEN_FDS").flatMap({ Int32($0) }), count > 0, count <= 256,
            environment("LISTEN_PID").flatMap({ Int32($0) }) == getpid()
        else { return [] }
        var found: [SocketAddress: [Int32]] = [:]
        for descriptor in 3..<(3 + count) {
            guard let address = Self.localAddress(of: descriptor) else { continue }
            prepare(descriptor)
            found[address, default: []].append(descriptor)
        }
        return found.map { ListeningSockets(address: $0.key, descriptors: $0.value) }
    }

    private static func bind(_ address: SocketAddress) throws(TransportFailure) -> Int32 {
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue) | socketFlags, 0)
        guard descriptor >= 0 else {
            throw TransportFailure(attempt: "open a socket for \(address)", code: errno)
        }
        var one: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &one, 4)
        if address.family == AF_INET6 {
            unsafe setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &one, 4)
        }
        let bound = unsafe address.withSockaddr { unsafe Glibc.bind(descriptor, $0, $1) }
        guard bound == 0, listen(descriptor, backlog) == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw TransportFailure(attempt: "listen on \(address)", code: code)
        }
        return descriptor
    }

    private static func localAddress(of descriptor: Int32) -> SocketAddress? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        let family = Int32(address.ss_family)
        guard status == 0, family == AF_INET || family == AF_INET6 else { return nil }
        return unsafe SocketAddress(copying: &address, length: length)
    }

    private static func prepare(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
}
