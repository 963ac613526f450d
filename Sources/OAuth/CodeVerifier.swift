/// A `code_verifier` (RFC 7636 §4.1): 43 to 128 unreserved characters; describing it never shows
/// them.
package struct CodeVerifier: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    let text: String

    package var description: String { "(a code verifier)" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// A verifier, or nil where the text does not follow the grammar.
    package init?(_ text: String) {
        guard 43...128 ~= text.utf8.count, text.utf8.allSatisfy(\.isUnreserved) else { return nil }
        self.text = text
    }
}
