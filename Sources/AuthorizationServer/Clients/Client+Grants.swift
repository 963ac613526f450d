package import OAuth

extension Client {
    /// Whether the client may get tokens in that way.
    ///
    /// Who registered itself only gets what users agree to.
    package func mayUse(_ grant: GrantType) -> Bool {
        if let entry { return entry.grants.contains(grant) }
        return switch grant {
        case .authorizationCode, .refreshToken: true
        case .clientCredentials, .jwtBearer, .tokenExchange: false
        }
    }

    /// The client as one that acts for itself: `sub` of its tokens, and the source `client`, which no
    /// sign-in is called.
    package func machine(issuer: String) -> User {
        User(
            source: Self.machineSource, name: id, groups: [],
            subject: User.subject(of: id, from: Self.machineSource, issuer: issuer))
    }

    /// The source of the identity of machines.
    package static let machineSource = "client"
}

extension ClientAuthenticationMethod {
    /// Whether who authenticates so proves as much as by the other method.
    ///
    /// The two ways of sending a secret prove the same.
    package func proves(asMuchAs other: ClientAuthenticationMethod) -> Bool {
        strength >= other.strength
    }

    private var strength: Int {
        switch self {
        case .none: 0
        case .clientSecretBasic, .clientSecretPost: 1
        case .privateKeyJWT: 2
        }
    }
}
