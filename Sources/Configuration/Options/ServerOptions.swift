package import HTTP
package import OAuth
package import ResourceServer

/// One MCP server behind the gateway.
package struct ServerOptions: Sendable, Equatable {
    /// What lists show.
    package enum Visibility: String, Sendable, CaseIterable {
        /// What a scope of the token opens.
        case granted
        /// Also what a scope opens that the token could get.
        case obtainable
    }

    /// How the server itself speaks HTTP.
    package enum Transport: String, Sendable, CaseIterable {
        /// One endpoint, as in MCP 2025-03-26 and later.
        case streamable
        /// A stream that names the endpoint for messages, as in MCP 2024-11-05.
        case sse
    }

    /// Whose tokens open the server.
    package enum TokenSource: Sendable, Equatable {
        /// Tokens that the gateway issued.
        case gateway
        /// Tokens of another issuer.
        case foreign(ForeignIssuerOptions)
    }

    /// The longest title, in Unicode scalars.
    package static let maximumTitleLength = 100

    /// The operator's name for the server.
    package var name: String
    /// The name for people: 1 to 100 characters on one line; `name` when the file has none.
    package var title: String
    /// Where clients reach it: begins with `/`, does not end in one, has no dot segments.
    package var path: String
    /// The URL that clients use, which is also the resource and audience: `public_url` and the path.
    package var url: String
    /// The server itself.
    package var upstream: UpstreamOptions
    /// How it speaks HTTP.
    package var transport: Transport
    /// Origins of web pages that may call, beside the gateway's own.
    package var allowedOrigins: [Origin]
    /// What lists show.
    package var visibility: Visibility
    /// Whether tokens are bound to keys.
    package var dpop: DPoPUse
    /// When observe mode ends, in Unix seconds; nil where the scopes are enforced.
    package var observesUntil: Int64?
    /// What requests may use.
    package var limits: ServerLimits
    /// Whose tokens open it.
    package var tokenSource: TokenSource
    /// What each scope opens; never empty.
    package var scopes: [ScopeDefinition]
    /// Whether the file names no scopes, so that `scopes` is the one that opens everything.
    package var opensEverything: Bool
}

/// What requests to a server may use.
package struct ServerLimits: Sendable, Equatable {
    /// The most entries of `tools`.
    static let maximumToolCount = ServerAdmission.maximumToolLimits

    /// A body, in bytes.
    package var body: Int
    /// What one user and client may ask.
    package var each: RequestLimits
    /// What all together may ask.
    package var together = RequestLimits()
    /// What tools may be asked, in the order of the file.
    package var tools: [ToolLimits] = []
}

/// How often something may be asked, and how often at a time.
package struct RequestLimits: Sendable, Equatable {
    /// How often; nil for no limit.
    package var requests: RequestRate?
    /// The number of requests in flight; nil for no limit.
    package var concurrentCount: Int?
}

/// How often the tools of a pattern may be called; at least one of the two is limited.
package struct ToolLimits: Sendable, Equatable {
    /// Which tools.
    package var pattern: Pattern
    /// How often, all of these tools together.
    package var limits: RequestLimits
    /// Whether each user and client is counted alone; else everybody together.
    package var isOfEach: Bool
}

/// Where a server's requests go.
package struct UpstreamOptions: Sendable, Equatable {
    /// The MCP endpoint: scheme `http`, no query.
    package var url: AbsoluteURI
    /// What the gateway shows to it.
    package var credential: UpstreamCredential
    /// For a connection.
    package var connectTimeout: Duration
    /// For the first byte of an answer.
    package var firstByteTimeout: Duration
    /// For a whole call with its stream.
    package var callTimeout: Duration
}

/// What the gateway shows to an upstream.
package enum UpstreamCredential: Sendable, Equatable {
    /// Nothing.
    case none
    /// `Authorization: Bearer` and the secret, which is a token as RFC 6750 §2.1 has it.
    case bearer(Secret)
    /// A header field with the secret as its value, which a field value can hold.
    case header(name: String, Secret)
    /// A token that says who acts, for `audience`: as bearer, or as the value of the named field.
    case identity(audience: String, header: String?)
    /// A token that a provider gives for who acts.
    case exchange(TokenExchangeOptions)

    /// The kind as it is written in the file.
    package var kind: String {
        switch self {
        case .none: "none"
        case .bearer: "bearer"
        case .header: "header"
        case .identity: "identity"
        case .exchange: "token_exchange"
        }
    }
}

/// How tokens of an upstream's audience are got for callers (RFC 8693).
package struct TokenExchangeOptions: Sendable, Equatable {
    /// The provider, byte for byte; nil where only its token endpoint is known.
    package var issuer: String?
    /// Where tokens are given; nil where the provider's metadata say.
    package var tokenEndpoint: AbsoluteURI?
    /// Who the gateway is to the provider.
    package var clientID: String
    /// What it shows for that: visible ASCII (RFC 6749, appendix A.2).
    package var clientSecret: Secret
    /// The audience of the tokens.
    package var audience: String
    /// The scopes that are asked for, separated by spaces; nil for what the provider gives.
    package var scope: String?
    /// The field that carries the token alone; nil for `Authorization`, as bearer.
    package var header: String?
}

/// How an issuer is asked about each token (RFC 7662).
package struct IntrospectionOptions: Sendable, Equatable {
    /// Where it is asked; nil where its metadata say.
    package var endpoint: AbsoluteURI?
    /// Who the gateway is to the issuer.
    package var clientID: String
    /// What it shows for that: visible ASCII (RFC 6749, appendix A.2).
    package var clientSecret: Secret
    /// Whether the answer must name the audience.
    package var requiresAudience: Bool
}

/// An issuer whose tokens are verified, not issued.
package struct ForeignIssuerOptions: Sendable, Equatable {
    /// By what tokens are judged.
    package enum Judging: Sendable, Equatable {
        /// By the keys of a file: its name, and its content, a JWK set that `JSONWebKeySet` accepted,
        /// with at least one usable key.
        case keyFile(String, keys: [UInt8])
        /// By what the issuer has to be asked for.
        case asking(Asking)

        /// What the issuer is asked for.
        package enum Asking: Sendable, Equatable {
            /// Its keys, where its metadata say.
            case discovery
            /// Its keys, at this place.
            case keys(AbsoluteURI)
            /// What it says of each token.
            case introspection(IntrospectionOptions)
        }
    }

    /// The issuer, byte for byte as tokens name it.
    package var issuer: String
    /// By what its tokens are judged.
    package var judging: Judging
    /// The audience that tokens must name.
    package var audience: String
    /// The claim that holds the scopes: `scope`, `scp` or `permissions`.
    package var scopeClaim: String
    /// The claim that holds the user's name; nil where users are not told apart.
    package var userClaim: String?
    /// The claim that holds the user's groups; nil where groups do not count.
    package var groupsClaim: String?
    /// The signature algorithms that are accepted; never empty.
    package var algorithms: [TokenAlgorithm]
}
