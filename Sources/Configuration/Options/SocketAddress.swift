/// An IP address with a port, where the gateway listens.
package struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address.
    package let ip: IPAddress
    /// The port, above zero.
    package let port: UInt16
    /// The address as written, without brackets.
    package let host: String

    /// The address as it is written in the file: `127.0.0.1:8080`, `[::1]:8080`.
    package var description: String { ip.isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether a socket on one is a socket on the other, however they are written.
    package func isSame(as other: SocketAddress) -> Bool { ip == other.ip && port == other.port }

    /// An address with its port, or nil where the text is not an IPv4 address, or an IPv6 address in brackets, with a port.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let number = ValueText.count(text[text.index(after: colon)...]), number > 0,
            let port = UInt16(exactly: number)
        else { return nil }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let ip = IPAddress(String(host)), ip.isIPv6 == isBracketed else { return nil }
        self.ip = ip
        self.port = port
        self.host = String(host)
    }
}
