extension AbsoluteURI {
    /// The URI that a reference means where `base` is read, RFC 3986 §5.2.
    ///
    /// Stricter than the RFC: a path with dot segments, or with another second reading, is refused
    /// where the RFC would remove them; a fragment and user information are refused; a scheme
    /// without `//` is never taken for a relative reference (RFC 3986 §5.2.2, strict).
    ///
    /// - Parameters:
    ///   - reference: an absolute URI, or what stands for one beside `base`; empty for `base` itself.
    ///   - base: where the reference was found.
    /// - Throws: the first deviation.
    package init(
        resolving reference: String, against base: AbsoluteURI
    ) throws(URIViolation) {
        let text: String
        let authority =
            "\(base.scheme.rawValue)://\(base.host)"
            + (base.explicitPort.map { ":\($0)" } ?? "")
        let parts = RequestTarget(reference)
        if Self.hasScheme(reference) {
            text = reference
        } else if reference.hasPrefix("//") {
            text = "\(base.scheme.rawValue):\(reference)"
        } else if reference.utf8.first == .slash {
            text = authority + reference
        } else if parts.path.isEmpty {
            // A query alone replaces that of the base; nothing at all leaves it.
            let query = (parts.query ?? base.query).map { "?\($0)" } ?? ""
            text = authority + base.path + query
        } else {
            text = authority + base.directory + reference
        }
        try self.init(parsing: text)
        guard path.isEmpty || !RequestTarget.isAmbiguous(Array(path.utf8)[...]) else {
            throw .pathAmbiguous
        }
    }

    /// Whether a colon stands before every `/`, `?` and `#`, RFC 3986 §4.2.
    private static func hasScheme(_ reference: String) -> Bool {
        let delimiters: [UInt8] = [.colon, .slash, .questionMark, UInt8(ascii: "#")]
        return reference.utf8.first { delimiters.contains($0) } == .colon
    }

    /// The path up to its last slash, RFC 3986 §5.2.3.
    private var directory: String {
        guard let slash = path.utf8.lastIndex(of: .slash) else { return "/" }
        return String(path[...slash])
    }
}
