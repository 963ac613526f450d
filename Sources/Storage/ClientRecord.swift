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
    /// The digest of what an administrator approved; nil for a client that waits or needs none.
    package let approval: [UInt8]?
    /// When the client changed its metadata, in Unix seconds; nil if it never did.
    package let changedAt: Int64?
    /// When the row goes although the client is used, since its registration ends, in Unix seconds;
    /// nil for rows that stay.
    package let endsAt: Int64?

    /// A row of the given content.
    package init(
        id: String, name: String, status: Status, metadata: [UInt8], createdAt: Int64,
        expiresAt: Int64?, approval: [UInt8]? = nil, changedAt: Int64? = nil,
        endsAt: Int64? = nil
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.metadata = metadata
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.approval = approval
        self.changedAt = changedAt
        self.endsAt = endsAt
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
    /// Whether an administrator approved it.
    package let isApproved: Bool
    /// Its grants that have not ended.
    package let grantCount: Int
    /// When it was last granted something, or its row was written; Unix seconds.
    package let latestAt: Int64

    /// An entry of the given content.
    package init(
        id: String, name: String, status: ClientRecord.Status?, isApproved: Bool = false,
        grantCount: Int, latestAt: Int64
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.isApproved = isApproved
        self.grantCount = grantCount
        self.latestAt = latestAt
    }
}
