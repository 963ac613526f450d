package import OAuth

/// A client that was found and judged against today's policy.
package struct Client: Sendable, Equatable {
    /// How much is known about who the client is.
    package enum Verification: Sendable, Equatable {
        /// It registered itself: its name proves nothing.
        case unverified
        /// Identified by a metadata document of this trusted domain.
        case domain(String)
        /// Named in the configuration, or approved by an administrator.
        case named
    }

    /// The `client_id`.
    package var id: String
    /// The name for people, as the client gave it; "" if it gave none.
    package var name: String
    /// The redirect URIs that policy allows, as they were registered; never empty.
    package var redirectURIs: [RedirectURI]
    /// How it authenticates at the token endpoint.
    package var authenticationMethod: ClientAuthenticationMethod
    /// How much is known about who it is.
    package var verification: Verification

    /// A client.
    package init(
        id: String, name: String, redirectURIs: [RedirectURI],
        authenticationMethod: ClientAuthenticationMethod, verification: Verification
    ) {
        self.id = id
        self.name = name
        self.redirectURIs = redirectURIs
        self.authenticationMethod = authenticationMethod
        self.verification = verification
    }
}
