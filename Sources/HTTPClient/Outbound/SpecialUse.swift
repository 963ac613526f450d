/// Addresses that are not those of a host on the Internet.
///
/// Source: RFC 6890 and the IANA registries of special-purpose addresses for IPv4 and IPv6, of
/// multicast, and of IPv6 address space, as of 2026.
enum SpecialUse {
    /// A registered block and what it is for.
    typealias Entry = (block: AddressBlock, use: String)

    /// Why an address of 4 or 16 bytes is special; nil for one of the Internet.
    static func reason(_ address: [UInt8]) -> String? {
        guard address.count == 16 else { return use(of: address, in: ipv4) }
        // RFC 6052 §3.1: whoever translates sends it to the IPv4 address at its end.
        if translated.contains(address) {
            return use(of: Array(address[12...]), in: ipv4).map { "translated: \($0)" }
        }
        // Only this much is given out for hosts; the rest is reserved or local (RFC 4291 §2.4).
        guard global.contains(address) else {
            return use(of: address, in: ipv6) ?? "not a global unicast address"
        }
        return use(of: address, in: ipv6)
    }

    private static func use(of address: [UInt8], in entries: [Entry]) -> String? {
        entries.first { $0.block.contains(address) }?.use
    }

    private static let ipv4 = table([
        ("0.0.0.0/8", "this network, RFC 791 §3.2"),
        ("10.0.0.0/8", "private, RFC 1918"),
        ("100.64.0.0/10", "shared, RFC 6598"),
        ("127.0.0.0/8", "loopback, RFC 1122 §3.2.1.3"),
        ("168.63.129.16/32", "the platform's own services in Azure"),
        ("169.254.0.0/16", "link-local, RFC 3927"),
        ("172.16.0.0/12", "private, RFC 1918"),
        ("192.0.0.0/24", "IETF protocol assignments, RFC 6890 §2.1"),
        ("192.0.2.0/24", "documentation, RFC 5737"),
        ("192.31.196.0/24", "AS112, RFC 7535"),
        ("192.52.193.0/24", "AMT, RFC 7450"),
        ("192.88.99.0/24", "6to4 relays, RFC 7526"),
        ("192.168.0.0/16", "private, RFC 1918"),
        ("192.175.48.0/24", "AS112, RFC 7534"),
        ("198.18.0.0/15", "benchmarking, RFC 2544"),
        ("198.51.100.0/24", "documentation, RFC 5737"),
        ("203.0.113.0/24", "documentation, RFC 5737"),
        ("224.0.0.0/4", "multicast, RFC 5771"),
        ("255.255.255.255/32", "broadcast, RFC 919 §7"),
        ("240.0.0.0/4", "reserved, RFC 1112 §4"),
    ])

    private static let ipv6 = table([
        ("::/128", "unspecified, RFC 4291 §2.5.2"),
        ("::1/128", "loopback, RFC 4291 §2.5.3"),
        ("::ffff:0:0/96", "IPv4-mapped, RFC 4291 §2.5.5.2"),
        ("::/96", "IPv4-compatible, RFC 4291 §2.5.5.1"),
        ("::ffff:0:0:0/96", "IPv4-translated, RFC 2765 §2.1"),
        ("64:ff9b:1::/48", "local translation, RFC 8215"),
        ("100::/64", "discard only, RFC 6666"),
        ("100:0:0:1::/64", "dummy prefix, RFC 9780"),
        ("2001::/32", "Teredo, RFC 4380"),
        ("2001:2::/48", "benchmarking, RFC 5180"),
        ("2001:10::/28", "ORCHID, RFC 4843"),
        ("2001:20::/28", "ORCHIDv2, RFC 7343"),
        ("2001:30::/28", "drone remote identification, RFC 9374"),
        ("2001::/23", "IETF protocol assignments, RFC 2928"),
        ("2001:db8::/32", "documentation, RFC 3849"),
        ("2002::/16", "6to4, RFC 3056"),
        ("2620:4f:8000::/48", "AS112, RFC 7534"),
        ("3ffe::/16", "the 6bone, returned by RFC 3701"),
        ("3fff::/20", "documentation, RFC 9637"),
        ("5f00::/16", "segment routing, RFC 9602"),
        ("fc00::/7", "unique local, RFC 4193"),
        ("fe80::/10", "link-local, RFC 4291 §2.5.6"),
        ("fec0::/10", "site-local, RFC 3879"),
        ("ff00::/8", "multicast, RFC 4291 §2.7"),
    ])

    private static let global = block("2000::/3")
    private static let translated = block("64:ff9b::/96")

    private static func table(_ rows: [(String, String)]) -> [Entry] {
        rows.map { (block($0.0), $0.1) }
    }

    private static func block(_ text: String) -> AddressBlock {
        guard let block = AddressBlock(text) else {
            preconditionFailure("the table holds blocks only: \(text)")
        }
        return block
    }
}
