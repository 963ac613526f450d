/// Bytes that must not reach a log: a key or a secret; describing it never shows them.
package struct SecretBytes: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The secret itself; use it at the place where it is needed and do not keep it.
    package let bytes: [UInt8]

    /// Takes the secret; its copy elsewhere should be given up.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var description: String { "(\(bytes.count) secret bytes)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
