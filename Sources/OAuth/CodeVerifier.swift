/// A `code_verifier` (RFC 7636 §4.1): 43 to 128 unreserved characters; describing it never shows
/// them.
package struct CodeVerifier: Sendable, Equatable, CustomStringConvertible {
    let text: String

    package var description: String { "(a code verifier)" }

    /// A verifier, or nil where the text does not follow the grammar.
    package init?(_ text: String) {
        guard (43...128).contains(text.utf8.count),
            text.utf8.allSatisfy({ byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
                default: false
                }
            })
        else { return nil }
        self.text = text
    }
}
