import OAuth

/// What was accepted when a client registered itself.
struct AcceptedRegistration: Sendable, Equatable {
    /// The name for people; "" if it gave none.
    let name: String
    /// The redirect URIs, in the client's order.
    let redirectURIs: [RedirectURI]
    /// How it authenticates at the token endpoint.
    let method: ClientAuthenticationMethod
    /// When it registered, in Unix seconds.
    let issuedAt: Int64
    /// When the registration ends, in Unix seconds.
    let expiresAt: Int64
}
