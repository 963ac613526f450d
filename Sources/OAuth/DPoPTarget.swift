/// The URL that a proof is for, in the one spelling in which two are compared (RFC 9449 §4.3).
///
/// Shape: scheme and host in lower case; the scheme's default port, one trailing slash, query and
/// fragment dropped (RFC 3986 §6.2.2.1, §6.2.3). Percent-encodings and dot segments stay as they
/// are: no path of ours has any.
package struct DPoPTarget: Hashable, Sendable, CustomStringConvertible {
    /// The canonical URL.
    package let text: String

    /// The canonical URL.
    package var description: String { text }

    /// The canonical spelling of a URL; nil for what is none, or is longer than 2048 bytes.
    package init?(_ url: String) {
        let bytes = url.utf8
        let end =
            bytes.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
            ?? bytes.endIndex
        guard let resource = ResourceIndicator(String(decoding: bytes[..<end], as: UTF8.self))
        else { return nil }
        text = resource.text
    }
}
