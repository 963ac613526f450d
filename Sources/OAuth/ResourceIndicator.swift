import HTTP

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
        guard url.utf8.count <= Self.maximumLength, let uri = try? AbsoluteURI(parsing: url) else {
            return nil
        }
        var rest = uri.path
        if let query = uri.query {
            rest += "?\(query)"
        } else if rest.hasSuffix("/") {
            rest.removeLast()
        }
        text = "\(uri.scheme.rawValue)://\(uri.authority)\(rest)"
    }
}
