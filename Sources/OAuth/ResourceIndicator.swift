/// The identifier of a protected resource in the one spelling in which two are compared.
///
/// Shape: an absolute http or https URL without fragment and userinfo; scheme and host in lower
/// case, the scheme's default port and one trailing slash dropped. Source: RFC 8707 §2, RFC 9728
/// §1.2, RFC 3986 §6.2.3.
package struct ResourceIndicator: Hashable, Sendable, CustomStringConvertible {
    /// The longest identifier that is taken, in bytes.
    package static let maximumLength = 2048

    /// The canonical URL.
    package let text: String

    /// The canonical URL.
    package var description: String { text }

    /// The canonical spelling of the URL, or nil where it does not identify a protected resource.
    package init?(_ url: String) {
        guard url.utf8.count <= Self.maximumLength,
            url.utf8.allSatisfy(Self.isURLByte),
            let colon = url.utf8.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        let scheme = url[..<colon].lowercased()
        guard scheme == "https" || scheme == "http" else { return nil }
        let rest = url[url.utf8.index(after: colon)...]
        guard rest.hasPrefix("//") else { return nil }
        let afterSlashes = rest.dropFirst(2)
        let end = afterSlashes.firstIndex { $0 == "/" || $0 == "?" } ?? afterSlashes.endIndex
        guard let authority = Self.authority(afterSlashes[..<end], scheme: scheme) else {
            return nil
        }
        var path = afterSlashes[end...]
        if path.hasSuffix("/"), !path.contains("?") { path = path.dropLast() }
        text = "\(scheme)://\(authority)\(path)"
    }

    /// Host and port in their canonical spelling, or nil where they are not that.
    private static func authority(_ text: Substring, scheme: String) -> String? {
        guard !text.contains("@") else { return nil }
        let hostEnd: Substring.Index
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            hostEnd = text.index(after: bracket)
        } else {
            hostEnd = text.firstIndex(of: ":") ?? text.endIndex
        }
        let host = text[..<hostEnd].lowercased()
        guard !host.isEmpty, host != "[]" else { return nil }
        let portText = text[hostEnd...]
        guard !portText.isEmpty else { return host }
        guard portText.first == ":" else { return nil }
        let digits = portText.dropFirst()
        guard digits.utf8.count <= 5, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        // RFC 3986 §6.2.3 — an empty port is the default port.
        guard !digits.isEmpty else { return host }
        guard let port = Int(digits), (1...65535).contains(port) else { return nil }
        let isDefault = port == (scheme == "https" ? 443 : 80)
        return isDefault ? host : "\(host):\(port)"
    }

    /// Whether a byte may stand in a URL without fragment (RFC 3986 §2).
    private static func isURLByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x24...0x3B, 0x3D, 0x3F...0x5B, 0x5D, 0x5F, 0x61...0x7A, 0x7E: true
        default: false
        }
    }
}
