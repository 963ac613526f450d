/// The host of a URI, RFC 3986 §3.2.2, in the one spelling that is compared: lower case, IPv6 in
/// brackets.
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

    /// Reads a host; stricter than RFC 3986: letters, digits, `-`, `.`, `_`, `~`, nothing
    /// percent-encoded.
    ///
    /// A name that ends in a number is refused unless it is an IPv4 address in its usual spelling,
    /// since other readers take `0x7f.1` and `2130706433` for one.
    package init?(_ bytes: ArraySlice<UInt8>) {
        guard let kind = Self.kind(bytes) else { return nil }
        self.kind = kind
        self.text = String(decoding: bytes.map(\.asciiLowercased), as: UTF8.self)
    }

    /// The host as it stands in a URI.
    package var description: String { text }

    /// The host as resolvers and certificates have it: an IPv6 address without its brackets.
    package var unbracketed: String {
        kind == .ipv6 ? String(text.dropFirst().dropLast()) : text
    }

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
        let span = bytes.span
        // A final dot only says that the name is absolute, RFC 3986 §3.2.2.
        let end = span.count > 1 && span[span.count - 1] == .dot ? span.count - 1 : span.count
        var labelStart = 0
        for index in 0..<end {
            let byte = span[index]
            if byte == .dot {
                guard 1...63 ~= index - labelStart else { return nil }
                labelStart = index + 1
            } else if !byte.isUnreserved {
                return nil
            }
        }
        guard 1...63 ~= end - labelStart else { return nil }
        if isNumber(span.extracting(labelStart..<end)) { return isIPv4(span) ? .ipv4 : nil }
        return .name
    }

    /// Whether these bytes are the value of a Host field: uri-host [ ":" port ], RFC 9110 §7.2.
    static func isHostField(_ bytes: ArraySlice<UInt8>) -> Bool {
        var end = bytes.endIndex
        if let colon = bytes.lastIndex(of: .colon), bytes.last != UInt8(ascii: "]") {
            guard AbsoluteURI.port(bytes[(colon + 1)...]) != nil else { return false }
            end = colon
        }
        return kind(bytes[..<end]) != nil
    }

    private static func isNumber(_ label: Span<UInt8>) -> Bool {
        var index = 0
        while index < label.count, label[index].isDigit { index += 1 }
        if index == label.count { return true }
        guard label.count >= 2, label[0] == UInt8(ascii: "0"), label[1].asciiLowercased == 0x78
        else { return false }
        for index in 2..<label.count where label[index].hexDigitValue == nil { return false }
        return true
    }

    private static func isIPv4(_ bytes: Span<UInt8>) -> Bool {
        var parts = 1
        var digits = 0
        var number = 0
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == .dot {
                guard digits > 0 else { return false }
                (parts, digits, number) = (parts + 1, 0, 0)
                continue
            }
            // No leading zeros, which some readers take for octal.
            guard byte.isDigit, digits == 0 || number > 0 else { return false }
            digits += 1
            number = number * 10 + Int(byte &- 0x30)
            guard number <= 255 else { return false }
        }
        return parts == 4 && digits > 0
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
                guard isIPv4(part.span) else { return false }
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
