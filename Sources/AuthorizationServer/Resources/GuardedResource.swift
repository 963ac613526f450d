package import OAuth

/// One server for which this authorization server issues tokens.
package struct GuardedResource: Sendable, Equatable {
    /// The operator's name for the server; grants name it.
    package var name: String
    /// The name for people.
    package var title: String
    /// The canonical URL: the `aud` of its tokens.
    package var resource: ResourceIndicator
    /// What may be granted, in the operator's order; never empty.
    package var scopes: [GuardedScope]
    /// Whether its tokens are bound to keys.
    package var dpop: DPoPUse

    /// A server.
    package init(
        name: String, title: String, resource: ResourceIndicator, scopes: [GuardedScope],
        dpop: DPoPUse = .off
    ) {
        self.name = name
        self.title = title
        self.resource = resource
        self.scopes = scopes
        self.dpop = dpop
    }
}

/// One scope of a server as the authorization server sees it.
package struct GuardedScope: Sendable, Equatable {
    /// Which clients may be granted the scope.
    package enum Clients: Sendable, Equatable {
        /// Every client.
        case any
        /// Clients that are pre-registered, approved, or identified by a metadata document of a
        /// trusted domain.
        case verified
        /// Only the named ones: `domain:…`, `client:…`.
        case listed([String])
    }

    /// The name.
    package var name: ScopeToken
    /// What it means, in the words of the consent page; may be empty.
    package var description: String
    /// The names of the scopes that it includes directly.
    package var includes: [ScopeToken]
    /// Whether it is asked for when a client names no scope.
    package var isInitial: Bool
    /// Who may be granted it: `<sign-in name>/user:…`, `/group:…`, `client:…`; nil for every user.
    package var grantedTo: [String]?
    /// Which clients may be granted it.
    package var clients: Clients

    /// A scope.
    package init(
        name: ScopeToken, description: String = "", includes: [ScopeToken] = [],
        isInitial: Bool = true, grantedTo: [String]? = nil, clients: Clients = .any
    ) {
        self.name = name
        self.description = description
        self.includes = includes
        self.isInitial = isInitial
        self.grantedTo = grantedTo
        self.clients = clients
    }
}
