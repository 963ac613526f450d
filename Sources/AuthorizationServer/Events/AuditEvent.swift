/// What the authorization server did, for the audit log; one case for each kind.
///
/// Names, scopes and ids of what was granted are in it, and nothing that could be used: no token, no
/// code, no verifier, no password. Client and user are those of the answer.
package enum AuditEvent: Sendable, Equatable {
    /// A client registered, perhaps to wait for an administrator, or was refused.
    case registration(isAccepted: Bool, isPending: Bool = false)
    /// A client changed its registration, or was refused.
    case registrationChange(isAccepted: Bool)
    /// A client ended its registration.
    case registrationEnd
    /// Somebody signed in, or tried to.
    case signIn(SignIn)
    /// A user agreed or declined.
    case consent(Consent)
    /// Tokens were issued.
    case issuance(Issuance)
    /// Tokens were asked for and not issued.
    case refusedIssuance
    /// A grant has scopes that an earlier one of the same user, client and server has not.
    case stepUp(server: String, scope: String, addedScope: String)
    /// A grant ended.
    case revocation(by: Revoker, grantID: String)

    /// An attempt to sign in.
    package struct SignIn: Sendable, Equatable {
        /// What came of it.
        package enum Outcome: Sendable, Equatable {
            /// The password was right, or the provider vouched for the user.
            case accepted
            /// The user is unknown, the password is wrong, or what the provider said did not hold.
            case refused
            /// There were too many failures before.
            case delayed
            /// Too many people sign in at once.
            case overloaded
            /// The identity provider could not be asked.
            case unavailable
        }

        /// What came of it.
        package let outcome: Outcome
        /// The name of the sign-in.
        package let source: String
        /// The user who was named, if there is one of that name: what is typed into the wrong field
        /// may be a password.
        package let user: User?
    }

    /// What a user decided.
    package struct Consent: Sendable, Equatable {
        /// Whether anything was granted.
        package let isGiven: Bool
        /// The server.
        package let server: String
        /// The scopes that were granted, or that were asked for and declined.
        package let scope: String
        /// The scopes that were offered and are not in the grant.
        package let declinedScope: String
    }

    /// Tokens that were issued.
    package struct Issuance: Sendable, Equatable {
        /// What they were issued for.
        package enum Basis: Sendable, Equatable {
            /// An authorization code.
            case authorizationCode
            /// A refresh token.
            case refreshToken
            /// Nothing but the client itself.
            case clientCredentials
            /// What somebody else signed.
            case jwtBearer
            /// A token of another server.
            case tokenExchange
        }

        /// What they were issued for.
        package let basis: Basis
        /// The server.
        package let server: String
        /// The scopes of the access token.
        package let scope: String
        /// The grant.
        package let grantID: String
        /// The `jti` of the access token.
        package let tokenID: String
    }

    /// Who ended a grant.
    package enum Revoker: Sendable, Equatable {
        /// The client, at `/revoke`.
        case client
        /// The user, at `/account`.
        case user
        /// The gateway: something was used twice, or the user is gone.
        case gateway
    }
}
