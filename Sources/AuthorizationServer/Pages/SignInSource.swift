/// A source of users to sign in at, as the page offers it.
package struct SignInSource: Sendable, Equatable {
    /// How a person signs in there.
    package enum Kind: Sendable, Equatable {
        /// With a name and a password, on our page.
        case password
        /// At an identity provider, which is asked for these scopes.
        case provider(scopes: [String])
    }

    /// The name of the sign-in in the configuration.
    package let name: String
    /// The name for people.
    package let title: String
    /// How a person signs in there.
    package let kind: Kind

    /// A source of users.
    package init(name: String, title: String, kind: Kind = .password) {
        self.name = name
        self.title = title
        self.kind = kind
    }

    /// What a provider is asked for; nil for a source with passwords.
    var providerScopes: [String]? {
        switch kind {
        case .password: nil
        case .provider(let scopes): scopes
        }
    }
}
