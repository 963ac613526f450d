/// One scope name.
///
/// Shape: `1*( %x21 / %x23-5B / %x5D-7E )`, at most `maximumLength` bytes. Source: RFC 6749 §3.3.
package struct ScopeToken: Hashable, Sendable, CustomStringConvertible {
    /// The longest scope name that is taken, in bytes.
    package static let maximumLength = 256

    /// The name by which clients ask for refresh tokens where they know OpenID Connect (its Core
    /// §11); it is no scope of a server.
    package static let offlineAccess = "offline_access"

    /// The name as it travels.
    package let text: String

    /// The name in a description is the name itself.
    package var description: String { text }

    /// A scope name, or nil where the text is not one scope token.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= Self.maximumLength,
            text.utf8.allSatisfy(Self.isScopeByte)
        else { return nil }
        self.text = text
    }

    /// Whether a byte may stand in a scope token: printable ASCII without space, `"` and `\`.
    static func isScopeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x5B, 0x5D...0x7E: true
        default: false
        }
    }
}
