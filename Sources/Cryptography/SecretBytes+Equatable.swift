extension SecretBytes: Equatable {
    /// Whether the bytes are the same, found out in constant time.
    package static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        constantTimeEqual(left.bytes, right.bytes)
    }
}
