import Cryptography

/// The `code_challenge` of an authorization request, method `S256` (RFC 7636 §4.2): what its
/// `code_verifier` must hash to.
package struct CodeChallenge: Hashable, Sendable {
    /// The one method that is taken: `plain` shows the verifier to whoever reads the request
    /// (RFC 7636 §7.2).
    package static let method = "S256"

    /// The challenge as it came: 43 characters.
    package let text: String
    private let digest: [UInt8]

    /// A challenge; nil unless the text is base64url of 32 bytes in its one spelling.
    package init?(_ text: String) {
        guard text.utf8.count == 43, let digest = Base64URL.decode(text) else { return nil }
        self.text = text
        self.digest = digest
    }

    /// Whether this is the verifier's challenge (RFC 7636 §4.6), compared in constant time.
    package func matches(verifier: CodeVerifier) -> Bool {
        constantTimeEqual(sha256(Array(verifier.text.utf8)).bytes, digest)
    }
}
