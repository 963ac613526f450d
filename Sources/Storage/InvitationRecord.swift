/// An initial access token (RFC 7591 §3) as the store keeps it.
package struct InvitationRecord: Sendable, Equatable {
    /// Its id, which is no secret.
    package let id: String
    /// SHA-256 of the token; the token itself is kept nowhere.
    package let digest: [UInt8]
    /// For whom it is, in the administrator's words; "" if they gave none.
    package let name: String
    /// How many clients may register with it.
    package let useLimit: Int64
    /// How many have.
    package let useCount: Int64
    /// When it was made, in Unix seconds.
    package let createdAt: Int64
    /// When it can no longer be used, in Unix seconds.
    package let expiresAt: Int64

    /// A row of the given content.
    package init(
        id: String, digest: [UInt8], name: String, useLimit: Int64, useCount: Int64 = 0,
        createdAt: Int64, expiresAt: Int64
    ) {
        self.id = id
        self.digest = digest
        self.name = name
        self.useLimit = useLimit
        self.useCount = useCount
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}
