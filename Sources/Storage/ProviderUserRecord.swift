/// A user of an identity provider, as the provider last told.
package struct ProviderUserRecord: Sendable, Equatable {
    /// The `sub` of our own tokens; unique in the store.
    package let subject: String
    /// The name of the sign-in.
    package let source: String
    /// Who vouches for the user: the provider's issuer.
    package let issuer: String
    /// The `sub` at that issuer.
    package let providerSubject: String
    /// The name for people; may be empty.
    package var name: String
    /// The groups; none has a control character in it.
    package var groups: [String]
    /// Random and new with every row: sessions of an earlier one do not open this one.
    package var mark: String
    /// The provider's refresh token; nil where it gave none.
    package var token: StoredSecret?
    /// When the user signed in last, in Unix seconds.
    package var signedInAt: Int64
    /// When the provider was asked last, in Unix seconds.
    package var checkedAt: Int64
    /// When no session of the user is good any more, in Unix seconds.
    package var sessionsEndAt: Int64
    /// How often the row was written: what a question to the provider began with must still be there
    /// when its answer is kept.
    package var version: Int64

    /// A row of the given content.
    package init(
        subject: String, source: String, issuer: String, providerSubject: String, name: String,
        groups: [String], mark: String, token: StoredSecret?, signedInAt: Int64, checkedAt: Int64,
        sessionsEndAt: Int64, version: Int64 = 0
    ) {
        self.subject = subject
        self.source = source
        self.issuer = issuer
        self.providerSubject = providerSubject
        self.name = name
        self.groups = groups
        self.mark = mark
        self.token = token
        self.signedInAt = signedInAt
        self.checkedAt = checkedAt
        self.sessionsEndAt = sessionsEndAt
        self.version = version
    }
}

/// Whether the provider is to be asked about a user.
package enum ProviderCheck: Sendable, Equatable {
    /// There is no such user, or no longer.
    case unknown
    /// It was asked a moment ago, or cannot be asked.
    case current(ProviderUserRecord)
    /// It is to be asked now, by who called; others are told `busy` meanwhile.
    case due(ProviderUserRecord)
    /// It is being asked, or could not answer a moment ago.
    case busy
}
