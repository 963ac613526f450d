/// Who vouches for software in statements that it signs (RFC 7591 §2.3).
package struct SoftwareStatementIssuer: Sendable, Equatable {
    /// `iss` of its statements, byte for byte.
    package let issuer: String
    /// Its keys, or where they are.
    package let keys: ClientKeys

    /// An issuer.
    package init(issuer: String, keys: ClientKeys) {
        self.issuer = issuer
        self.keys = keys
    }
}
