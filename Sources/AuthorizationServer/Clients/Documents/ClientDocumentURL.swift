import HTTP

/// A `client_id` that is the URL of the client's metadata document.
///
/// Shape: `https`, host in lower case, a path of more than `/` that has one reading; a query is
/// taken, fragment and user information are not. Source:
/// draft-ietf-oauth-client-id-metadata-document §3.
struct ClientDocumentURL: Sendable, Hashable {
    /// The longest one, in bytes.
    static let lengthLimit = 512

    /// The `client_id`, byte for byte.
    let text: String
    /// The same as a URL.
    let url: AbsoluteURI

    /// The URL that the id is; nil for every other id.
    init?(_ id: String) {
        guard id.utf8.count <= Self.lengthLimit, id.hasPrefix("https://"),
            let url = try? AbsoluteURI(parsing: id), url.path != "/", !url.path.isEmpty,
            !url.host.text.hasSuffix("."),
            // No segment `.` or `..`, and nothing that another reader takes for one.
            !RequestTarget.isAmbiguous(Array(url.path.utf8)[...]),
            // One document has one id.
            url.description.utf8.elementsEqual(id.utf8)
        else { return nil }
        text = id
        self.url = url
    }

    /// The host as people see it, with the port where it is not that of https.
    var host: String { url.authority }

    static func == (left: Self, right: Self) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
