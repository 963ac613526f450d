import HTTP

/// Where the browser carries the answer of the authorization endpoint: a redirect URI that may be
/// registered at all.
///
/// Shape: absolute, without fragment and user information, at most ``maximumLength`` bytes of
/// visible ASCII, its scheme in lower case: `https`, `http` on this machine (RFC 8252 §7.3), or a
/// private-use scheme (§7.1). No dot segments and no encoded control bytes in the path, which other
/// readers take for another place. Source: RFC 6749 §3.1.2.
package struct RedirectURI: Hashable, Sendable, CustomStringConvertible {
    /// What kind of place it is.
    package enum Kind: Hashable, Sendable {
        /// A web site, with its authority in lower case: no port that is the scheme's own.
        case https(host: String)
        /// A program on this machine that listens: `127.0.0.1`, `[::1]` or `localhost`.
        case loopback(host: String)
        /// A program on this machine that owns a scheme, in lower case.
        case privateUse(scheme: String)
    }

    /// The longest URI that is taken, in bytes.
    package static let maximumLength = 512

    /// The URI as it was given, byte for byte.
    package let text: String
    /// What kind of place it is.
    package let kind: Kind
    /// The URI without the port, and with `/` for an empty path, where the host is this machine.
    private let comparable: String
    /// The port where the host is this machine; nil for none.
    private let loopbackPort: Int?

    package var description: String { text }

    /// A redirect URI, or nil where the text is none that may be registered.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)[...]
        guard bytes.count <= Self.maximumLength, bytes.allSatisfy({ 0x21...0x7E ~= $0 }),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let scheme = URIScheme(bytes[..<colon])
        else { return nil }
        let rest = bytes[(colon + 1)...]
        guard !URIPath.isAmbiguous(rest.prefix { $0 != UInt8(ascii: "?") }) else { return nil }
        self.text = text
        switch scheme.text {
        case "http", "https":
            guard let uri = try? AbsoluteURI(parsing: text), let kind = Self.webKind(uri, text)
            else { return nil }
            self.kind = kind
            comparable = Self.comparable(text, uri, kind)
            loopbackPort = uri.explicitPort
        default:
            guard !scheme.isDangerous, URIPath.isHierarchicalPart(rest) else { return nil }
            kind = .privateUse(scheme: scheme.text)
            comparable = text
            loopbackPort = nil
        }
    }

    /// RFC 8252 §7.3, §8.3 — `http` only where nothing leaves the machine.
    private static func webKind(_ uri: AbsoluteURI, _ text: String) -> Kind? {
        switch uri.scheme {
        case .http:
            let host = uri.host.text
            guard ["127.0.0.1", "[::1]", "localhost"].contains(host),
                text.hasPrefix("http://\(host)")
            else { return nil }
            return .loopback(host: host)
        case .https:
            // `example.com.` is the same place by another name, for which policy has no word.
            guard !uri.host.text.hasSuffix(".") else { return nil }
            return .https(host: uri.authority)
        }
    }

    private static func comparable(_ text: String, _ uri: AbsoluteURI, _ kind: Kind) -> String {
        guard case .loopback(let host) = kind else { return text }
        return "http://\(host)\(uri.requestTarget)"
    }

    /// Whether the URI that a request presents is this one, which was registered.
    ///
    /// Byte for byte (RFC 9700 §2.1); on this machine whatever the port (RFC 8252 §7.3), for the
    /// name `localhost` too, and with or without a `/` for an empty path, for the sake of clients
    /// that register one and send the other.
    package func matches(presented: RedirectURI) -> Bool {
        comparable.utf8.elementsEqual(presented.comparable.utf8)
    }

    /// Whether a program that listens on this machine gets the answer.
    package var isLoopback: Bool {
        if case .loopback = kind { return true }
        return false
    }

    /// What a person is shown of it: the host, or the scheme.
    package var displayHost: String {
        switch kind {
        case .https(let host), .loopback(let host): host
        case .privateUse(let scheme): "\(scheme):"
        }
    }

    /// The source that a content security policy must name for a form whose answer leads here (CSP
    /// Level 3 §6.4.1: some browsers hold `form-action` against redirects too); on this machine with
    /// the port of this URI, so take it of the one that was presented.
    ///
    /// CSP Level 3 §2.3.1 has no IPv6 addresses among its sources: the scheme must do. It opens the
    /// one page to other places of that scheme, which only foreign markup in the page could use.
    package var formActionSource: String {
        switch kind {
        case .https(let host): host.hasPrefix("[") ? "https:" : "https://\(host)"
        case .loopback("[::1]"): "http:"
        case .loopback(let host): "http://\(host)\(loopbackPort.map { ":\($0)" } ?? "")"
        case .privateUse(let scheme): "\(scheme):"
        }
    }

    /// The URI with these parameters behind those that it has (RFC 6749 §3.1.2).
    package func appending(query parameters: [(String, String)]) -> String {
        let added = PercentEncoding.encode(form: parameters)
        guard let mark = text.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            return "\(text)?\(added)"
        }
        // A `?` behind the first one is part of a parameter (RFC 3986 §3.4).
        let query = text.utf8[mark...].dropFirst()
        let isOpen = query.isEmpty || query.last == UInt8(ascii: "&")
        return isOpen ? text + added : "\(text)&\(added)"
    }

    /// Two are equal where they are the same text.
    package static func == (left: Self, right: Self) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
