/// A private key that signs tokens of one kind.
package struct SigningKeyRecord: Sendable, Equatable {
    /// The `kid`; unique in the store.
    package let id: String
    /// What the key signs; keys of different purposes never stand in for each other.
    package let purpose: String
    /// The name of its algorithm, such as `ES256`.
    package let algorithm: String
    /// PKCS #8 in DER, or its seal.
    package let privateKey: StoredSecret
    /// When it was made, in Unix seconds.
    package let createdAt: Int64

    /// A row of the given content.
    package init(
        id: String, purpose: String, algorithm: String, privateKey: StoredSecret, createdAt: Int64
    ) {
        self.id = id
        self.purpose = purpose
        self.algorithm = algorithm
        self.privateKey = privateKey
        self.createdAt = createdAt
    }
}
