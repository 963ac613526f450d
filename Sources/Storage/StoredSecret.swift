/// A secret as it lies in the store; describing it never shows its bytes.
package struct StoredSecret: Sendable, Equatable, CustomStringConvertible,
    CustomDebugStringConvertible, CustomReflectable
{
    /// The secret, or its seal.
    package let bytes: [UInt8]
    /// Whether `bytes` are sealed with the master key.
    package let isSealed: Bool

    /// A secret to be stored as it is given.
    package init(bytes: [UInt8], isSealed: Bool) {
        self.bytes = bytes
        self.isSealed = isSealed
    }

    package var description: String { "(\(bytes.count) \(isSealed ? "sealed" : "secret") bytes)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
