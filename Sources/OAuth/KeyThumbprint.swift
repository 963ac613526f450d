package import Cryptography
import JOSE
package import JSON

/// The name of a client's key: its SHA-256 thumbprint (RFC 7638), as in `cnf.jkt` and `dpop_jkt`
/// (RFC 9449 §6.1, §10).
///
/// Shape: base64url of 32 bytes in its one spelling, 43 letters.
package struct KeyThumbprint: Hashable, Sendable, CustomStringConvertible {
    /// The thumbprint as it travels.
    package let text: String

    /// The thumbprint as it travels.
    package var description: String { text }

    /// The thumbprint of a key.
    package init(of key: PublicKeyComponents) { text = key.thumbprint }

    /// A thumbprint that was sent; nil for any other text.
    package init?(_ text: String) {
        guard text.utf8.count == 43, Base64URL.decode(text) != nil else { return nil }
        self.text = text
    }

    /// Adds `cnf`, by which a token is bound to the key (RFC 7800 §3.1, RFC 9449 §6.1).
    package func appendConfirmation(to writer: inout JSONWriter) {
        writer.name("cnf")
        writer.beginObject()
        writer.name("jkt")
        writer.string(text)
        writer.endObject()
    }
}
