/// Bytes that must not be shown: a key or a credential read from a file.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The bytes.
    package let bytes: [UInt8]
    /// The file that they were read from.
    package let file: String

    /// A secret read from a file.
    package init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
    }

    /// Where the secret is from, never what it is.
    package var description: String { "(secret of \(file))" }
    /// Where the secret is from, never what it is.
    package var debugDescription: String { description }
    /// Nothing, so that a dump of a configuration does not show it either.
    package var customMirror: Mirror { Mirror(self, children: [:] as KeyValuePairs<String, Any>) }
}
