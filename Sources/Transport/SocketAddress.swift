import Glibc

/// An IPv4 or IPv6 address with a port.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address as a `sockaddr`, in the system's layout.
    private var storage = Storage()
    private var length: socklen_t = 0

    private struct Storage: Hashable, Sendable {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        var fourth: UInt64 = 0
    }

    /// Reads a literal address: `127.0.0.1` or `::1`, without brackets, and a port.
    package init?(literal host: String, port: UInt16) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if unsafe inet_pton(AF_INET, host, &v4) == 1 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr = v4
            unsafe self.init(copying: &address, length: socklen_t(MemoryLayout<sockaddr_in>.size))
        } else if unsafe inet_pton(AF_INET6, host, &v6) == 1 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = v6
            unsafe self.init(copying: &address, length: socklen_t(MemoryLayout<sockaddr_in6>.size))
        } else {
            return nil
        }
    }

    /// Copies a `sockaddr_in` or `sockaddr_in6` of the given length.
    init(copying address: UnsafeRawPointer, length: socklen_t) {
        let count = min(Int(length), MemoryLayout<Storage>.size)
        self.length = socklen_t(count)
        unsafe withUnsafeMutableBytes(of: &storage) { target in
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(start: address, count: count))
        }
    }

    /// Lets `body` see the address as the system wants it.
    func withSockaddr<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        unsafe withUnsafeBytes(of: storage) { bytes in
            unsafe bytes.withMemoryRebound(to: sockaddr.self) { addresses in
                guard let first = addresses.baseAddress else { preconditionFailure("never empty") }
                return unsafe body(first, length)
            }
        }
    }

    /// `AF_INET` or `AF_INET6`; the first two bytes of every `sockaddr`.
    var family: Int32 {
        unsafe withUnsafeBytes(of: storage) { bytes in
            unsafe Int32(bytes.load(as: sa_family_t.self))
        }
    }

    /// The port.
    package var port: UInt16 {
        unsafe withUnsafeBytes(of: storage) { bytes in
            unsafe UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
        }
    }

    /// The address with another port.
    package func with(port: UInt16) -> SocketAddress {
        var copy = self
        unsafe withUnsafeMutableBytes(of: &copy.storage) { bytes in
            unsafe bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
        }
        return copy
    }

    /// The address without its port, as `127.0.0.1` or `::1`.
    package var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let offset = family == AF_INET6 ? 8 : 4
        let known = unsafe withUnsafeBytes(of: storage) { bytes in
            guard let start = bytes.baseAddress else { return false }
            return unsafe inet_ntop(family, start + offset, &text, socklen_t(text.count)) != nil
        }
        guard known else { return "unknown" }
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The address without its port, in network order: 4 or 16 bytes.
    package var bytes: [UInt8] {
        let range = family == AF_INET6 ? 8..<24 : 4..<8
        return unsafe withUnsafeBytes(of: storage) { unsafe Array($0[range]) }
    }

    /// Whether the address is of this machine alone: 127.0.0.0/8 or ::1.
    package var isLoopback: Bool {
        family == AF_INET6 ? host == "::1" : host.hasPrefix("127.")
    }

    package var description: String {
        family == AF_INET6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
