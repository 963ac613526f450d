/// An authorization code as the store keeps it (RFC 6749 §4.1.2): what was agreed, and for whom.
package struct CodeRecord: Sendable, Equatable {
    /// SHA-256 of the code; the code itself is kept nowhere.
    package let digest: [UInt8]
    /// The request of the user that it answers, which has at most one code.
    package let requestID: String
    /// When that request can no longer be answered, in Unix seconds; until then the row stays.
    package let requestExpiresAt: Int64
    /// When the code can no longer be redeemed, in Unix seconds.
    package let expiresAt: Int64
    /// The client that it was issued to.
    package let clientID: String
    /// What the client said of itself, as a digest; empty where its id says it all.
    package let clientRevision: [UInt8]
    /// The client's name for people.
    package let clientName: String
    /// The redirect URI of the request, byte for byte; empty if the request had none.
    package let redirectURI: String
    /// The `code_challenge` (RFC 7636 §4.2, S256).
    package let codeChallenge: String
    /// The name of the server that the grant is for.
    package let server: String
    /// The user.
    package let subject: String
    /// The source of the user's identity: the name of the sign-in.
    package let source: String
    /// The user's name at that source.
    package let userName: String
    /// The scopes that the user agreed to, with single spaces between them.
    package let scope: String
    /// The scopes that the user was asked for and did not agree to.
    package let declinedScope: String
    /// The grant that came of it; nil before it was redeemed.
    package let grantID: String?
    /// The key that the code is bound to: the `dpop_jkt` of the request (RFC 9449 §10); nil for none.
    package let keyThumbprint: String?

    /// A row of the given content.
    package init(
        digest: [UInt8], requestID: String, requestExpiresAt: Int64, expiresAt: Int64,
        clientID: String, clientRevision: [UInt8] = [], clientName: String, redirectURI: String,
        codeChallenge: String, server: String, subject: String, source: String, userName: String,
        scope: String, declinedScope: String, grantID: String?, keyThumbprint: String? = nil
    ) {
        self.digest = digest
        self.requestID = requestID
        self.requestExpiresAt = requestExpiresAt
        self.expiresAt = expiresAt
        self.clientID = clientID
        self.clientRevision = clientRevision
        self.clientName = clientName
        self.redirectURI = redirectURI
        self.codeChallenge = codeChallenge
        self.server = server
        self.subject = subject
        self.source = source
        self.userName = userName
        self.scope = scope
        self.declinedScope = declinedScope
        self.grantID = grantID
        self.keyThumbprint = keyThumbprint
    }
}

/// What became of a code that was presented.
package enum CodeRedemption: Sendable, Equatable {
    /// This call redeemed it; the grant is written.
    case redeemed
    /// It was redeemed before: the grant that came of it, which has ended now.
    case replayed(grantID: String)
    /// There is no such code, it has expired, or its client was revoked.
    case unknown
}
