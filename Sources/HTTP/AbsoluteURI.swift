/// An absolute `http` or `https` URI, RFC 9110 §4.2, without user information and fragment.
package struct AbsoluteURI: Sendable, Hashable {
    /// The scheme of a URI that the gateway can reach.
    package enum Scheme: String, Sendable, Hashable {
        case http, https

        /// The port that a URI without one means, RFC 9110 §4.2.
        package var defaultPort: Int { self == .https ? 443 : 80 }
    }

    /// The scheme.
    package let scheme: Scheme
    /// The host in lower case.
    package let host: URIHost
    /// The port as it was written; nil without one.
    package let explicitPort: Int?
    /// The path as it was written: empty, or beginning with `/`.
    package let path: String
    /// What follows the first `?`; nil without a `?`.
    package let query: String?

    /// Reads a URI by the grammar of RFC 3986; nothing is trimmed, decoded or normalised but the
    /// case of the host.
    ///
    /// - Throws: the first deviation.
    package init(parsing text: String) throws(URIViolation) {
        let bytes = Array(text.utf8)[...]
        var rest: ArraySlice<UInt8>
        (self.scheme, rest) = try Self.scheme(bytes)
        let end = rest.firstIndex { [0x2F, 0x3F, 0x23].contains($0) } ?? rest.endIndex
        (self.host, self.explicitPort) = try Self.authority(rest[..<end])
        rest = rest[end...]
        try Self.checkPathAndQuery(rest)
        let target = RequestTarget(String(ascii: rest))
        self.path = target.path
        self.query = target.query
    }

    /// The port, the scheme's own if none was written.
    package var port: Int { explicitPort ?? scheme.defaultPort }

    /// Host and port as the Host field carries them, RFC 9110 §7.2: no port that is the scheme's
    /// own.
    package var authority: String {
        port == scheme.defaultPort ? host.text : "\(host):\(port)"
    }

    /// The target of a request for this URI in origin-form, RFC 9112 §3.2.1.
    package var requestTarget: String {
        (path.isEmpty ? "/" : path) + (query.map { "?\($0)" } ?? "")
    }

    /// The origin of this URI, RFC 6454 §4.
    package var origin: Origin {
        Origin(scheme: scheme.rawValue, host: host.text, port: port, isLoopback: host.isLoopback)
    }

    private static func scheme(
        _ bytes: ArraySlice<UInt8>
    ) throws(URIViolation) -> (Scheme, ArraySlice<UInt8>) {
        guard let colon = bytes.firstIndex(of: .colon),
            let scheme = Scheme(
                rawValue: String(decoding: bytes[..<colon], as: UTF8.self).lowercased())
        else { throw .schemeUnsupported }
        let rest = bytes[(colon + 1)...]
        guard rest.starts(with: [.slash, .slash]), rest.count > 2 else { throw .authorityMissing }
        return (scheme, rest.dropFirst(2))
    }

    static func authority(
        _ bytes: ArraySlice<UInt8>
    ) throws(URIViolation) -> (URIHost, Int?) {
        if bytes.contains(UInt8(ascii: "@")) { throw .userInformation }
        if bytes.isEmpty { throw .authorityMissing }
        let afterHost: ArraySlice<UInt8>.Index
        if bytes.first == UInt8(ascii: "[") {
            guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")) else { throw .hostInvalid }
            afterHost = bracket + 1
        } else {
            afterHost = bytes.firstIndex(of: .colon) ?? bytes.endIndex
        }
        guard let host = URIHost(bytes[..<afterHost]) else { throw .hostInvalid }
        if afterHost == bytes.endIndex { return (host, nil) }
        guard bytes[afterHost] == .colon else { throw .hostInvalid }
        guard let port = port(bytes[(afterHost + 1)...]) else { throw .portInvalid }
        return (host, port)
    }

    /// A port from 1 to 65535 without leading zeros.
    static func port(_ digits: ArraySlice<UInt8>) -> Int? {
        let digits = digits.span
        guard 1...5 ~= digits.count, digits[0] != UInt8(ascii: "0") else { return nil }
        var number = 0
        for index in digits.indices {
            guard digits[index].isDigit else { return nil }
            number = number * 10 + Int(digits[index] &- 0x30)
        }
        return number <= 65_535 ? number : nil
    }

    private static func checkPathAndQuery(_ bytes: ArraySlice<UInt8>) throws(URIViolation) {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "#") { throw .fragment }
            if byte == .percent {
                guard index + 2 < bytes.endIndex, bytes[index + 1].hexDigitValue != nil,
                    bytes[index + 2].hexDigitValue != nil
                else { throw .percentEncoding }
            } else if !byte.isPathOrQueryByte {
                throw .invalidByte
            }
            index += 1
        }
    }
}

extension AbsoluteURI {
    /// Whether the gateway may entrust secrets to it: https, or this machine.
    package var isTrustworthy: Bool { scheme == .https || host.isLoopback }
}

extension AbsoluteURI: CustomStringConvertible {
    /// The URI as it was written, scheme and host in lower case.
    package var description: String {
        let port = explicitPort.map { ":\($0)" } ?? ""
        return "\(scheme.rawValue)://\(host)\(port)\(path)\(query.map { "?\($0)" } ?? "")"
    }
}
