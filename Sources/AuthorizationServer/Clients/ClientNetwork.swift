import Glibc

/// The part of a client's address that limits count as one: all of IPv4, the first 64 bits of IPv6.
///
/// An IPv4 address in IPv6 (RFC 4291 §2.5.5.2) is that IPv4 address; all texts that are no address
/// are one network.
package struct ClientNetwork: Hashable, Sendable {
    private enum Family: UInt8 { case unknown, ipv4, ipv6 }

    private let family: Family
    private let bits: UInt64

    /// The network of an address without a port, `192.0.2.1` or `2001:db8::1`; a zone (`%eth0`) is
    /// not looked at.
    package init(ofAddress address: String) {
        let address = String(address.prefix { $0 != "%" })
        var v4 = in_addr()
        var v6 = in6_addr()
        if unsafe inet_pton(AF_INET, address, &v4) == 1 {
            self.init(v4: UInt32(bigEndian: v4.s_addr))
        } else if unsafe inet_pton(AF_INET6, address, &v6) == 1 {
            let bytes = unsafe withUnsafeBytes(of: v6) { unsafe [UInt8]($0) }
            let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
            if bytes.starts(with: mapped) {
                self.init(v4: bytes[12...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
            } else {
                let prefix = bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                self.init(.ipv6, prefix)
            }
        } else {
            self.init(.unknown, 0)
        }
    }

    private init(v4: UInt32) {
        self.init(.ipv4, UInt64(v4))
    }

    private init(_ family: Family, _ bits: UInt64) {
        self.family = family
        self.bits = bits
    }
}
