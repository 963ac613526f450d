package import Cryptography
package import OAuth

/// A client that the operator named in the configuration: an entry of `clients:`.
///
/// It wins over everything that is registered.
package struct ClientEntry: Sendable, Equatable {
    /// What the client proves itself by.
    package enum Credential: Sendable, Equatable {
        /// Nothing: a public client.
        case none
        /// A secret that it shares with the gateway.
        case secret(SecretBytes)
        /// Keys of its own.
        case keys(ClientKeys)

        /// Whether both prove the same.
        package static func == (left: Self, right: Self) -> Bool {
            switch (left, right) {
            case (.none, .none): true
            case (.secret(let left), .secret(let right)):
                constantTimeEqual(left.bytes, right.bytes)
            case (.keys(let left), .keys(let right)): left == right
            case (.none, _), (.secret, _), (.keys, _): false
            }
        }
    }

    /// One way in which tokens may be exchanged (RFC 8693).
    package struct Exchange: Sendable, Equatable {
        /// The name of the server that the token is for.
        package var from: String
        /// The name of the server that the new one is for.
        package var to: String
        /// The most that the new one may carry.
        package var scopes: ScopeSet

        /// A way from server to server.
        package init(from: String, to: String, scopes: ScopeSet) {
            self.from = from
            self.to = to
            self.scopes = scopes
        }
    }

    /// The `client_id`: printable ASCII.
    package var id: String
    /// The name for people.
    package var name: String
    /// What it proves itself by.
    package var credential: Credential
    /// Where users are sent back to, exactly; empty for a client without users.
    package var redirectURIs: [RedirectURI]
    /// The ways in which it gets tokens.
    package var grants: Set<GrantType>
    /// The most that it may be granted; nil for everything, which machines never get.
    package var scopes: ScopeSet?
    /// The names of the servers that it may use; nil for all of them.
    package var servers: [String]?
    /// How it may exchange tokens.
    package var exchanges: [Exchange]

    /// An entry.
    package init(
        id: String, name: String, credential: Credential, redirectURIs: [RedirectURI] = [],
        grants: Set<GrantType>, scopes: ScopeSet? = nil, servers: [String]? = nil,
        exchanges: [Exchange] = []
    ) {
        self.id = id
        self.name = name
        self.credential = credential
        self.redirectURIs = redirectURIs
        self.grants = grants
        self.scopes = scopes
        self.servers = servers
        self.exchanges = exchanges
    }

    /// Whether it may use the server of that name.
    package func allows(server name: String) -> Bool {
        guard let servers else { return true }
        return servers.contains { $0.utf8.elementsEqual(name.utf8) }
    }

    /// Whether it may ask what tokens are about (RFC 7662): it proves itself, and its entry says of
    /// which servers.
    package var mayIntrospect: Bool {
        credential != .none && servers?.isEmpty == false
    }

    /// The client as everybody else is seen.
    package var client: Client {
        let method: ClientAuthenticationMethod
        var keys: ClientKeys?
        switch credential {
        case .none: method = .none
        // The other way of sending it is taken too.
        case .secret: method = .clientSecretBasic
        case .keys(let own): (method, keys) = (.privateKeyJWT, own)
        }
        return Client(
            id: id, name: name, redirectURIs: redirectURIs, authenticationMethod: method,
            keys: keys, verification: .named, entry: self)
    }
}
