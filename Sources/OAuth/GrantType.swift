/// A way in which a client gets tokens: a value of `grant_type`.
package enum GrantType: String, Sendable, CaseIterable {
    /// For what a user agreed to (RFC 6749 §4.1).
    case authorizationCode = "authorization_code"
    /// For what was granted before (RFC 6749 §6).
    case refreshToken = "refresh_token"
    /// For the client itself (RFC 6749 §4.4).
    case clientCredentials = "client_credentials"
    /// For what somebody whom we trust says of a user or a workload (RFC 7523 §2.1).
    case jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    /// For a token of another server (RFC 8693 §2.1).
    case tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange"

    /// The name in a configuration: the value of `grant_type` without the prefix of its URN.
    package var shortName: String {
        switch self {
        case .authorizationCode, .refreshToken, .clientCredentials: rawValue
        case .jwtBearer: "jwt_bearer"
        case .tokenExchange: "token_exchange"
        }
    }

    /// The grant type with this value or short name.
    package init?(named name: String) {
        let found = Self.allCases.first { $0.rawValue == name || $0.shortName == name }
        guard let found else { return nil }
        self = found
    }
}
