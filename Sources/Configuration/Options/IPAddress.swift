internal import Glibc

/// An IPv4 or IPv6 address.
package struct IPAddress: Sendable, Hashable {
    /// Who can reach a socket that listens on the address.
    package enum Reach: Sendable, Equatable {
        /// Programs of the same machine.
        case loopback
        /// Neighbours: private, shared and link-local networks.
        case neighbours
        /// Whoever reaches any address of the machine: `0.0.0.0`, `::`.
        case everyAddress
        /// Anybody.
        case anybody
    }

    /// The address in network order: 4 or 16 bytes.
    package let bytes: [UInt8]

    /// Whether the address is an IPv6 one.
    package var isIPv6: Bool { bytes.count == 16 }

    /// An address, or nil where the text is none; brackets and zones are no part of it.
    package init?(_ text: String) {
        // inet_pton stops at a NUL, which a quoted YAML text can hold.
        guard !text.utf8.contains(0) else { return nil }
        var four = [UInt8](repeating: 0, count: 4)
        var sixteen = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            bytes = four
        } else if unsafe inet_pton(AF_INET6, text, &sixteen) == 1 {
            bytes = sixteen
        } else {
            return nil
        }
    }

    /// Who can reach a socket that listens on the address.
    ///
    /// Source: RFC 6890 §2.2, RFC 4193 §3, RFC 4291 §2.5.6.
    package var reach: Reach {
        if bytes.allSatisfy({ $0 == 0 }) { return .everyAddress }
        let (first, second) = (bytes[0], bytes[1])
        guard isIPv6 else {
            switch (first, second) {
            case (127, _): return .loopback
            case (10, _), (172, 16...31), (192, 168), (169, 254), (100, 64...127):
                return .neighbours
            case (_, _): return .anybody
            }
        }
        if bytes.dropLast().allSatisfy({ $0 == 0 }), bytes[15] == 1 { return .loopback }
        let isNeighbour = first & 0xFE == 0xFC || first == 0xFE && second & 0xC0 == 0x80
        return isNeighbour ? .neighbours : .anybody
    }
}
