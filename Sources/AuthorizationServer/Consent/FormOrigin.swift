import HTTP

/// Tells forms that were sent from our own pages from those of other sites.
struct FormOrigin: Sendable {
    /// The origin of our pages; nil where the issuer has none, which refuses every origin.
    private let own: Origin?

    /// The origin of the issuer's pages.
    init(issuer: String) { own = try? Origin(parsing: issuer) }

    /// Whether a request may be from a page of ours: its origin is ours or not told, and what the
    /// browser says about where it came from (Fetch Metadata §2.1) does not speak against it.
    ///
    /// `none` is a person's own doing, such as loading a page again. `same-site` is another origin.
    func admits(_ head: RequestHead) -> Bool {
        for value in head.fields.values(of: FieldName(.origin)) {
            guard let own, (try? Origin(parsing: value)) == own else { return false }
        }
        return head.fields.values(of: FieldName(.secFetchSite)).allSatisfy {
            $0 == "same-origin" || $0 == "none"
        }
    }
}
