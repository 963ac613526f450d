import OAuth

/// What was accepted when a client registered itself.
struct AcceptedRegistration: Sendable, Equatable {
    /// The name for people; "" if it gave none.
    let name: String
    /// The redirect URIs, in the client's order.
    let redirectURIs: [RedirectURI]
    /// How it authenticates at the token endpoint.
    let method: ClientAuthenticationMethod
    /// What checks its signatures; nil for a client that signs nothing.
    let keys: RegisteredKeys?
    /// Whether it registered with an initial access token.
    let isInvited: Bool
    /// When it registered, in Unix seconds.
    let issuedAt: Int64
    /// When the registration ends, in Unix seconds.
    let expiresAt: Int64
    /// Whether it wants no token but one that is bound to its key (RFC 9449 §5.2).
    let bindsTokens: Bool

    /// A registration of the given content.
    init(
        name: String, redirectURIs: [RedirectURI], method: ClientAuthenticationMethod,
        keys: RegisteredKeys? = nil, isInvited: Bool = false, issuedAt: Int64, expiresAt: Int64,
        bindsTokens: Bool = false
    ) {
        self.name = name
        self.redirectURIs = redirectURIs
        self.method = method
        self.keys = keys
        self.isInvited = isInvited
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.bindsTokens = bindsTokens
    }

    /// What it says of the client, as a digest.
    var revision: [UInt8] {
        ClientRevision.digest(
            name: name, redirectURIs: redirectURIs, method: method, keys: keys?.keys)
    }
}
