/// A root key of the ring that seals what leaves the gateway and comes back.
package struct SealKeyRecord: Sendable, Equatable {
    /// The name that every seal of this key begins with; unique in the store.
    package let id: String
    /// The root key, or its seal.
    package let secret: StoredSecret
    /// When it was made, in Unix seconds.
    package let createdAt: Int64

    /// A row of the given content.
    package init(id: String, secret: StoredSecret, createdAt: Int64) {
        self.id = id
        self.secret = secret
        self.createdAt = createdAt
    }
}
