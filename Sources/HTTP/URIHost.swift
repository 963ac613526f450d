/// The host of a URI, RFC 3986 §3.2.2, in the one spelling that is compared: lower case, IPv6 in brackets.
package struct URIHost: Hashable, Sendable, CustomStringConvertible {
    /// What kind of host it is.
    package enum Kind: Hashable, Sendable {
        /// A name that must be resolved.
        case name
        /// A dotted decimal address.
        case ipv4
        /// An address in brackets.
        case ipv6
    }

    /// The host in lower case; brackets are part of an IPv6 address.
    package let text: String
    /// What kind of host it is.
    package let kind: Kind

    /// Reads a host; stricter than RFC 3986: letters, digits, `-`, `.`, `_`, `~`, nothing percent-encoded.
    ///
    /// A name that ends in a number is refused unless it is an IPv4 address in its usual spelling, since other
    /// readers take `0x7f.1` and `2130706433` for one.
    package init?(_ bytes: ArraySlice<UInt8>) {
        guard let kind = Self.kind(bytes) else { return nil }
        self.kind = kind
        self.text = String(decoding: bytes.map(\.asciiLowercased), as: UTF8.self)
    }

    /// The host as it stands in a URI.
    package var description: String { text }

    /// Whether this host is this machine: `localhost`, 127.0.0.0/8, `[::1]`.
    package var isLoopback: Bool {
        switch kind {
        case .name: text == "localhost"
        case .ipv4: text.hasPrefix("127.")
        case .ipv6: text == "[::1]"
        }
    }

    /// The kind of a well-formed host, or nil.
    static func kind(_ bytes: ArraySlice<UInt8>) -> Kind? {
        guard let first = bytes.first, bytes.count <= 255 else { return nil }
        if first == UInt8(ascii: "[") {
            guard bytes.last == UInt8(ascii: "]"), bytes.count > 2 else { return nil }
            return isIPv6(bytes.dropFirst().dropLast()) ? .ipv6 : nil
        }
        guard bytes.allSatisfy(\.isUnreserved) else { return nil }
        var labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        // A final dot only says that the name is absolute, RFC 3986 §3.2.2.
        if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
        guard let last = labels.last, labels.allSatisfy({ !$0.isEmpty && $0.count <= 63 }) else {
            return nil
        }
        if isNumber(last) { return isIPv4(bytes) ? .ipv4 : nil }
        return .name
    }

    private static func isNumber(_ label: ArraySlice<UInt8>) -> Bool {
        if label.allSatisfy(\.isDigit) { return true }
        return label.prefix(2).map(\.asciiLowercased) == Array("0x".utf8)
            && label.dropFirst(2).allSatisfy { $0.hexDigitValue != nil }
    }

    private static func isIPv4(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard 1...3 ~= part.count, part.allSatisfy(\.isDigit) else { return false }
                if part.count > 1, part.first == UInt8(ascii: "0") { return false }
                return part.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
            }
    }

    // RFC 3986 §3.2.2, IPv6address; zone identifiers are not part of it.
    private static func isIPv6(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split(separator: .colon, omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return false }
        var groups = 0
        var gaps = 0
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            if part.isEmpty {
                // `::` leaves an empty part inside, or two of them at an end.
                let atStart = index == 0 && parts[1].isEmpty
                let atEnd = isLast && parts[index - 1].isEmpty
                if atStart || atEnd { continue }
                if index == 0 || isLast { return false }
                gaps += 1
            } else if isLast, part.contains(UInt8(ascii: ".")) {
                guard isIPv4(part) else { return false }
                groups += 2
            } else {
                guard part.count <= 4, part.allSatisfy({ $0.hexDigitValue != nil }) else {
                    return false
                }
                groups += 1
            }
        }
        return gaps == 0 ? groups == 8 : gaps == 1 && groups <= 7
    }
}
