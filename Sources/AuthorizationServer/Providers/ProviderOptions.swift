package import Cryptography
package import HTTP

/// An identity provider of the operator's, and how it is asked who somebody is.
package struct ProviderOptions: Sendable, Equatable {
    /// How the provider says who it is asked about.
    package enum Kind: Sendable, Equatable {
        /// By an ID token (OpenID Connect Core 1.0); everything else is discovered from the issuer.
        case openID(issuer: String)
        /// By an answer of its API to an access token (RFC 6749).
        case oauth(OAuthEndpoints)
    }

    /// Where a provider without discovery is reached.
    package struct OAuthEndpoints: Sendable, Equatable {
        /// Where the browser is sent.
        package var authorization: AbsoluteURI
        /// Where codes become tokens.
        package var token: AbsoluteURI
        /// Who the holder of an access token is, as JSON.
        package var userInfo: AbsoluteURI
        /// The member of that JSON which names the user once and for all.
        package var userClaim: String

        /// Endpoints.
        package init(
            authorization: AbsoluteURI, token: AbsoluteURI, userInfo: AbsoluteURI,
            userClaim: String
        ) {
            self.authorization = authorization
            self.token = token
            self.userInfo = userInfo
            self.userClaim = userClaim
        }
    }

    /// The name of the sign-in.
    package var name: String
    /// The name for people.
    package var title: String
    /// How the provider says who it is asked about.
    package var kind: Kind
    /// The gateway's `client_id` there.
    package var clientID: String
    /// The gateway's secret there; nil for a public client.
    package var clientSecret: SecretBytes?
    /// What is asked for; nil for what the gateway needs.
    package var scopes: [String]?
    /// The claim that holds the groups; nil for no groups.
    package var groupsClaim: String?
    /// The claim that holds the name for people; nil for the usual ones.
    package var nameClaim: String?
    /// How long a sign-in is good for where the provider cannot be asked again, in seconds.
    package var maxAge: Int64

    /// A provider.
    package init(
        name: String, title: String, kind: Kind, clientID: String, clientSecret: SecretBytes?,
        scopes: [String]? = nil, groupsClaim: String? = nil, nameClaim: String? = nil,
        maxAge: Int64 = 86_400
    ) {
        self.name = name
        self.title = title
        self.kind = kind
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.scopes = scopes
        self.groupsClaim = groupsClaim
        self.nameClaim = nameClaim
        self.maxAge = maxAge
    }

    /// Who vouches for the users: with the `sub` it tells a user from all others.
    ///
    /// Without OpenID Connect it is where users are asked about.
    package var issuer: String {
        switch kind {
        case .openID(let issuer): issuer
        case .oauth(let endpoints): "\(endpoints.userInfo)"
        }
    }

    /// What is asked for, as it is known without asking the provider.
    package var askedScopes: [String] {
        switch kind {
        case .openID: scopes ?? ["openid", "profile"]
        case .oauth: scopes ?? []
        }
    }

    /// The path of the page that this provider sends browsers back to.
    ///
    /// Each has its own, so that the answer of one is never taken for another's (RFC 9700 §4.4.2.2).
    package var callbackPath: String { Self.callbackPrefix + name }

    /// What the paths of all callbacks begin with.
    package static let callbackPrefix = "/sign-in/callback/"
}
