import JSON

/// The JSON of an OAuth error, as an answer's body or as the `data` of a JSON-RPC error.
///
/// Source: RFC 6749 §5.2, which bearer-token clients also read from 401 and 403 answers.
package struct OAuthErrorBody: Sendable, Equatable {
    /// `error`, a registered code.
    package var error: String
    /// `error_description`, one plain sentence; left out when empty.
    package var errorDescription: String
    /// `scope`, what to ask for; left out when empty.
    package var scope: ScopeSet

    /// An error.
    package init(error: String, errorDescription: String = "", scope: ScopeSet = ScopeSet()) {
        self.error = error
        self.errorDescription = errorDescription
        self.scope = scope
    }

    /// The object's bytes.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("error")
        writer.string(error)
        if !errorDescription.isEmpty {
            writer.name("error_description")
            writer.string(errorDescription)
        }
        if !scope.isEmpty {
            writer.name("scope")
            writer.string(scope.text)
        }
        writer.endObject()
        return writer.bytes
    }
}
