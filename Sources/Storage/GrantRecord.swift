/// What was granted to one user and client on one server; tokens name it as their `gid`.
package struct GrantRecord: Sendable, Equatable {
    /// The `gid`; unique in the store.
    package let id: String
    /// The name of the server.
    package let server: String
    /// The user.
    package let subject: String
    /// The client's id.
    package let client: String
    /// The scopes with single spaces between them; may be empty.
    package let scope: String
    /// When it was granted, in Unix seconds.
    package let issuedAt: Int64
    /// When the last token by it ends, in Unix seconds.
    package let expiresAt: Int64

    /// A row of the given content.
    package init(
        id: String, server: String, subject: String, client: String, scope: String,
        issuedAt: Int64, expiresAt: Int64
    ) {
        self.id = id
        self.server = server
        self.subject = subject
        self.client = client
        self.scope = scope
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}
