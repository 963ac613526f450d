package import AuthorizationServer
package import OAuth

/// One place where clients connect.
package struct ListenOptions: Sendable, Equatable {
    /// Where to listen.
    package var address: SocketAddress
    /// The certificate and its key; nil for a listener in the clear.
    package var tls: ListenerTLS?
}

/// The listener of `/livez`, `/readyz` and `/metrics`.
package struct HealthOptions: Sendable, Equatable {
    /// Where to listen.
    package var address: SocketAddress
}

/// Where the gateway keeps what must survive a restart.
package enum StateOptions: Sendable, Equatable {
    /// A SQLite database in a file.
    case sqlite(file: String)
}

/// How many event loops run.
package enum WorkerCount: Sendable, Equatable {
    /// One per core.
    case auto
    /// This many.
    case count(Int)
}

/// One source of identities, under the name that `granted_to` uses.
package struct SignInOptions: Sendable, Equatable {
    /// What the source is.
    package enum Kind: Sendable, Equatable {
        /// A users file of the gateway, which need not exist yet.
        case users(file: String)
        /// An identity provider.
        case provider(ProviderOptions)
    }

    /// The name that `granted_to` uses.
    package var name: String
    /// The name for people.
    package var title: String
    /// What the source is.
    package var kind: Kind
}

extension [SignInOptions] {
    /// The sources with users files, in their order.
    package var usersFiles: [(source: String, file: String)] {
        compactMap { source in
            switch source.kind {
            case .users(let file): (source.name, file)
            case .provider: nil
            }
        }
    }

    /// The identity providers, in their order.
    package var providers: [ProviderOptions] {
        compactMap { source in
            switch source.kind {
            case .users: nil
            case .provider(let options): options
            }
        }
    }
}

/// How tokens are signed.
///
/// Source: RFC 7518 §3.1, RFC 8037 §3.1.
package enum TokenAlgorithm: String, Sendable, CaseIterable {
    /// ECDSA on P-256 with SHA-256.
    case es256 = "ES256"
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256 = "RS256"
    /// RSASSA-PSS with SHA-256.
    case ps256 = "PS256"
    /// Ed25519.
    case edDSA = "EdDSA"
}

/// The tokens that the gateway issues.
package struct TokenOptions: Sendable, Equatable {
    /// How long an access token is valid; whole seconds.
    package var accessLifetime: Duration
    /// How long a grant can be refreshed; whole seconds, never below `accessLifetime`.
    package var refreshLifetime: Duration
    /// How long a replaced refresh token still gets the same successor; whole seconds, zero for never.
    package var refreshReuseGrace: Duration
    /// How access tokens and identity tokens are signed.
    package var algorithm: TokenAlgorithm
    /// Whether access tokens are bound to keys, at servers that do not say.
    package var dpop = DPoPUse.allowed
    /// Whether proofs must hold a nonce.
    package var asksForNonce = true
}

/// What is logged, and where.
package struct LogOptions: Sendable, Equatable {
    /// How serious a message must be to be written.
    package enum Level: String, Sendable, CaseIterable {
        /// Everything.
        case debug
        /// What happens in normal service.
        case info
        /// What an operator should look at.
        case warning
        /// What failed.
        case error
    }

    /// Where lines go.
    package enum Destination: Sendable, Equatable {
        /// Descriptor 1.
        case standardOutput
        /// Descriptor 2.
        case standardError
        /// The end of a file.
        case file(String)
    }

    /// The least serious message that is written.
    package var level: Level
    /// Whether every request has a line.
    package var access: Bool
    /// Where lines go.
    package var destination: Destination
}
