/// A web origin, RFC 6454 §4: scheme, host and port.
///
/// `null`, which browsers send for an opaque origin, is none, and equal to nothing.
package struct Origin: Sendable, Hashable {
    /// The scheme in lower case; any, since clients have schemes of their own, as `vscode-webview`.
    package let scheme: String
    /// The host in lower case, IPv6 in brackets.
    package let host: String
    /// The port; for `http` and `https` their own one if none was written.
    package let port: Int?
    /// Whether the host is this machine: `localhost`, 127.0.0.0/8, `[::1]`.
    package let isLoopback: Bool

    init(scheme: String, host: String, port: Int?, isLoopback: Bool) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.isLoopback = isLoopback
    }

    /// Reads the serialization of one origin, RFC 6454 §6.2, as the Origin field carries it.
    ///
    /// - Throws: the first deviation; `schemeUnsupported` for `null`, `notAnOrigin` for a list or a
    ///   path.
    package init(parsing bytes: ArraySlice<UInt8>) throws(URIViolation) {
        guard let colon = bytes.firstIndex(of: .colon), let first = bytes.first, first.isLetter,
            bytes[..<colon].allSatisfy({
                $0.isLetter || $0.isDigit || [0x2B, 0x2D, 0x2E].contains($0)
            })
        else { throw .schemeUnsupported }
        let rest = bytes[(colon + 1)...]
        guard rest.starts(with: [.slash, .slash]) else { throw .authorityMissing }
        let authority = rest.dropFirst(2)
        if authority.contains(where: { [0x2F, 0x3F, 0x23, 0x20, 0x2C].contains($0) }) {
            throw .notAnOrigin
        }
        let (host, port) = try AbsoluteURI.authority(authority)
        let scheme = String(decoding: bytes[..<colon].map(\.asciiLowercased), as: UTF8.self)
        self.init(
            scheme: scheme, host: host.text,
            port: port ?? AbsoluteURI.Scheme(rawValue: scheme)?.defaultPort,
            isLoopback: host.isLoopback)
    }

    /// Reads the serialization of one origin.
    ///
    /// - Throws: the first deviation.
    package init(parsing text: String) throws(URIViolation) {
        try self.init(parsing: Array(text.utf8)[...])
    }
}

extension Origin: CustomStringConvertible {
    /// The serialization, RFC 6454 §6.2: without the scheme's own port.
    package var description: String {
        let defaultPort = AbsoluteURI.Scheme(rawValue: scheme)?.defaultPort
        guard let port, port != defaultPort else { return "\(scheme)://\(host)" }
        return "\(scheme)://\(host):\(port)"
    }
}
