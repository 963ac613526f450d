import HTTP

/// Where the browser carries the answer of the authorization endpoint: a redirect URI that may be
/// registered at all.
///
/// Shape: absolute, without fragment and user information, at most ``maximumLength`` bytes of visible
/// ASCII: `https`, `http` on this machine (RFC 8252 §7.3), or a private-use scheme (§7.1). Source:
/// RFC 6749 §3.1.2.
package struct RedirectURI: Hashable, Sendable, CustomStringConvertible {
    /// What kind of place it is.
    package enum Kind: Hashable, Sendable {
        /// A web site, with its authority.
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

    package var description: String { text }

    /// A redirect URI, or nil where the text is none that may be registered.
    package init?(_ text: String) {
        guard (1...Self.maximumLength).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !Self.forbidden.contains($0) }),
            let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        let scheme = text[..<colon].lowercased()
        switch scheme {
        case "http", "https":
            guard let uri = try? AbsoluteURI(parsing: text), let kind = Self.webKind(uri) else {
                return nil
            }
            self.kind = kind
            comparable = Self.comparable(text, uri, kind)
        default:
            guard Self.isPrivateUse(scheme, rest: text[text.index(after: colon)...]) else {
                return nil
            }
            kind = .privateUse(scheme: scheme)
            comparable = text
        }
        self.text = text
    }

    /// Bytes that no part of a URI holds (RFC 3986 §2), or that begin a fragment.
    private static let forbidden = Set("#\\\"<>^`{|}".utf8)

    /// Schemes that programs other than the client act upon, or that name no place to answer to.
    private static let dangerous: Set<String> = [
        "javascript", "data", "vbscript", "file", "filesystem", "blob", "about", "view-source",
        "ws", "wss", "ftp", "ftps", "sftp", "mailto", "tel", "sms", "urn", "jar", "intent",
        "chrome", "chrome-extension", "moz-extension", "ms-settings", "search-ms", "res", "mhtml",
        "wyciwyg", "livescript", "mocha", "feed", "ssh", "git", "gopher", "ldap", "dict", "smb",
    ]

    /// RFC 8252 §7.3, §8.3 — `http` only where nothing leaves the machine.
    private static func webKind(_ uri: AbsoluteURI) -> Kind? {
        if ["127.0.0.1", "[::1]", "localhost"].contains(uri.host.text) {
            // `https` there is a server on this machine, whose port is part of what it is.
            return uri.scheme == .http
                ? .loopback(host: uri.host.text) : .https(host: uri.authority)
        }
        guard uri.scheme == .https else { return nil }
        return .https(host: uri.authority)
    }

    /// RFC 8252 §7.1 — a scheme of the client's own; `scheme ":" hier-part` of RFC 3986 §3.
    private static func isPrivateUse(_ scheme: String, rest: Substring) -> Bool {
        let bytes = Array(scheme.utf8)
        guard let first = bytes.first, (0x61...0x7A).contains(first), bytes.count <= 64,
            bytes.allSatisfy({
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
                    || [0x2B, 0x2D, 0x2E].contains($0)
            }),
            !dangerous.contains(scheme), !rest.isEmpty
        else { return false }
        let authority =
            rest.hasPrefix("//") ? rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" } : ""
        return !authority.contains("@")
            && PercentEncoding.decode(Array(rest.utf8)[...], plusIsSpace: false) != nil
    }

    private static func comparable(_ text: String, _ uri: AbsoluteURI, _ kind: Kind) -> String {
        guard case .loopback(let host) = kind else { return text }
        let query = uri.query.map { "?\($0)" } ?? ""
        return "http://\(host)\(uri.path.isEmpty ? "/" : uri.path)\(query)"
    }

    /// Whether the URI that a request presents is this one, which was registered.
    ///
    /// Byte for byte (RFC 9700 §2.1); on this machine whatever the port (RFC 8252 §7.3), for the name
    /// `localhost` too, and with or without a `/` for an empty path, for the sake of clients that
    /// register one and send the other.
    package func matches(presented: RedirectURI) -> Bool {
        kind == presented.kind && comparable.utf8.elementsEqual(presented.comparable.utf8)
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
    /// Level 3 §6.4.2 `form-action` is held against redirects too).
    package var formActionSource: String {
        switch kind {
        case .https(let host): "https://\(host)"
        case .loopback(let host):
            // CSP Level 3 §2.3.1 has no IPv6 addresses among its sources, so the scheme must do.
            host == "[::1]" ? "http:" : "http://\(host):*"
        case .privateUse(let scheme): "\(scheme):"
        }
    }

    /// The URI with these parameters behind those that it has (RFC 6749 §3.1.2).
    package func appending(query parameters: [(String, String)]) -> String {
        let added = parameters.map { name, value in
            "\(PercentEncoding.encode(name))=\(PercentEncoding.encode(value))"
        }.joined(separator: "&")
        guard text.utf8.contains(UInt8(ascii: "?")) else { return "\(text)?\(added)" }
        return text.hasSuffix("?") || text.hasSuffix("&") ? text + added : "\(text)&\(added)"
    }
}
