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
    /// The redirect URIs that policy allows, as they were registered; empty only for machines.
    package var redirectURIs: [RedirectURI]
    /// How it authenticates at the token endpoint.
    package var authenticationMethod: ClientAuthenticationMethod
    /// Whether it may come without proof although its method needs one, since its document says so.
    package var isAlsoPublic: Bool
    /// What checks its signatures; nil for a client that signs nothing.
    package var keys: ClientKeys?
    /// How much is known about who it is.
    package var verification: Verification
    /// The host of its metadata document; nil for a client that has none.
    package var documentHost: String?
    /// What it says of itself, as a digest: who agreed to one revision has not agreed to another.
    ///
    /// Empty where the id itself says it all.
    package var revision: [UInt8]
    /// What the configuration says of it; nil for a client that is not named there.
    package var entry: ClientEntry?
    /// Whether it gets no token but one that is bound to its key (RFC 9449 §5.2).
    package var bindsTokens: Bool

    /// A client.
    package init(
        id: String, name: String, redirectURIs: [RedirectURI],
        authenticationMethod: ClientAuthenticationMethod, isAlsoPublic: Bool = false,
        keys: ClientKeys? = nil, verification: Verification, documentHost: String? = nil,
        revision: [UInt8] = [], entry: ClientEntry? = nil, bindsTokens: Bool = false
    ) {
        self.id = id
        self.name = name
        self.redirectURIs = redirectURIs
        self.authenticationMethod = authenticationMethod
        self.isAlsoPublic = isAlsoPublic
        self.keys = keys
        self.verification = verification
        self.documentHost = documentHost
        self.revision = revision
        self.entry = entry
        self.bindsTokens = bindsTokens
    }

    /// Whether a redirect URI that a request presents is one of the client's (RFC 6749 §3.1.2.3).
    func redirects(to presented: RedirectURI) -> Bool {
        redirectURIs.contains { $0.matches(presented: presented) }
    }
}
