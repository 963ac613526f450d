/// A client as the store keeps it.
package struct ClientRecord: Sendable, Equatable {
    /// What became of the client.
    package enum Status: String, Sendable, CaseIterable {
        /// It may ask for grants.
        case active
        /// The operator ended it; this wins over what a self-contained id says.
        case revoked
    }

    /// The `client_id`.
    package let id: String
    /// The name for people.
    package let name: String
    /// What became of it.
    package let status: Status
    /// The accepted metadata as bytes that the authorization server understands; empty for the row
    /// of a self-contained client.
    package let metadata: [UInt8]
    /// When the row was written, in Unix seconds.
    package let createdAt: Int64
    /// When the row goes if the client is never used, in Unix seconds; nil once it was used, and for
    /// rows that stay.
    package let expiresAt: Int64?

    /// A row of the given content.
    package init(
        id: String, name: String, status: Status, metadata: [UInt8], createdAt: Int64,
        expiresAt: Int64?
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.metadata = metadata
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// A client in a list for the operator.
package struct ClientSummary: Sendable, Equatable {
    /// The `client_id`.
    package let id: String
    /// The name for people.
    package let name: String
    /// What became of it; nil for a client that has no row.
    package let status: ClientRecord.Status?
    /// Its grants that have not ended.
    package let grantCount: Int
    /// When it was last granted something, or its row was written; Unix seconds.
    package let latestAt: Int64

    /// An entry of the given content.
    package init(
        id: String, name: String, status: ClientRecord.Status?, grantCount: Int, latestAt: Int64
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.grantCount = grantCount
        self.latestAt = latestAt
    }
}
