/// What was granted to one user and client on one server; tokens name it as their `gid`.
package struct GrantRecord: Sendable, Equatable {
    /// The refresh tokens of a grant: a family of which one is current (RFC 9700 §4.14.2).
    package struct RefreshFamily: Sendable, Equatable {
        /// The number of the current token, from 0.
        package let generation: Int64
        /// SHA-256 of the current token.
        package let currentDigest: [UInt8]
        /// SHA-256 of the token before it; nil while the first one is current.
        package let previousDigest: [UInt8]?
        /// When the current token took its place, in Unix seconds with fraction of milliseconds.
        package let rotatedAtMilliseconds: Int64
        /// When the family ends whatever happens, in Unix seconds.
        package let expiresAt: Int64

        /// A family of the given content.
        package init(
            generation: Int64, currentDigest: [UInt8], previousDigest: [UInt8]?,
            rotatedAtMilliseconds: Int64, expiresAt: Int64
        ) {
            self.generation = generation
            self.currentDigest = currentDigest
            self.previousDigest = previousDigest
            self.rotatedAtMilliseconds = rotatedAtMilliseconds
            self.expiresAt = expiresAt
        }
    }

    /// The `gid`; unique in the store.
    package let id: String
    /// The name of the server.
    package let server: String
    /// The user.
    package let subject: String
    /// The source of the user's identity: the name of the sign-in.
    package let source: String
    /// The user's name at that source.
    package let userName: String
    /// The client's id.
    package let client: String
    /// What the client said of itself when the user agreed, as a digest; empty where its id says it
    /// all.
    package let clientRevision: [UInt8]
    /// The client's name for people.
    package let clientName: String
    /// How the client authenticated when the grant was made; empty where that does not bind it.
    package let clientMethod: String
    /// The scopes with single spaces between them; may be empty.
    package let scope: String
    /// The scopes that the user was asked for and did not agree to.
    package let declinedScope: String
    /// When it was granted, in Unix seconds.
    package let issuedAt: Int64
    /// When the last access token by it ends, in Unix seconds.
    package let expiresAt: Int64
    /// Its refresh tokens; nil for a grant without.
    package let refresh: RefreshFamily?
    /// When it was ended, in Unix seconds; nil while it holds.
    package let endedAt: Int64?
    /// The key that its refresh tokens are bound to (RFC 9449 §5), as `cnf.jkt` has it; nil for none.
    package let keyThumbprint: String?

    /// A row of the given content.
    package init(
        id: String, server: String, subject: String, source: String, userName: String,
        client: String, clientRevision: [UInt8] = [], clientName: String,
        clientMethod: String = "", scope: String,
        declinedScope: String = "",
        issuedAt: Int64, expiresAt: Int64, refresh: RefreshFamily? = nil, endedAt: Int64? = nil,
        keyThumbprint: String? = nil
    ) {
        self.id = id
        self.server = server
        self.subject = subject
        self.source = source
        self.userName = userName
        self.client = client
        self.clientRevision = clientRevision
        self.clientName = clientName
        self.clientMethod = clientMethod
        self.scope = scope
        self.declinedScope = declinedScope
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.refresh = refresh
        self.endedAt = endedAt
        self.keyThumbprint = keyThumbprint
    }
}

/// A grant that was ended before its access tokens were.
package struct EndedGrant: Sendable, Equatable {
    /// The `gid`.
    package let id: String
    /// When its last access token ends, in Unix seconds.
    package let expiresAt: Int64

    /// A grant.
    package init(id: String, expiresAt: Int64) {
        self.id = id
        self.expiresAt = expiresAt
    }
}
