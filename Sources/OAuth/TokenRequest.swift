package import Cryptography
package import HTTP

/// A request to the token endpoint (RFC 6749 §4.1.3, §4.4.2, §6, RFC 7523 §2.1, RFC 8693 §2.1), without
/// the client, who is known first.
package struct TokenRequest: Sendable {
    /// What the client has to show.
    package enum Grant: Sendable {
        /// An authorization code; the redirect URI as it was presented, and the code verifier.
        case authorizationCode(SecretBytes, redirectURI: String?, verifier: CodeVerifier?)
        /// A refresh token; the scope as it was presented.
        case refreshToken(SecretBytes, scope: ScopeSet?)
        /// Nothing but itself.
        case clientCredentials(scope: ScopeSet?)
        /// What somebody else signed.
        case jwtBearer(SecretBytes, scope: ScopeSet?)
        /// A token of another server.
        case tokenExchange(TokenExchangeRequest)
    }

    /// The longest code or refresh token that is looked at, in bytes.
    package static let maximumSecretLength = 1024
    /// The longest assertion or access token that is looked at, in bytes.
    package static let maximumAssertionLength = 16 * 1024

    /// What the client has to show.
    package let grant: Grant
    /// The server that the token is to be for; nil where the request names none.
    package let resource: ResourceIndicator?

    /// Reads a form.
    ///
    /// - Throws: what is wrong, as RFC 6749 §5.2 has it.
    package init(_ form: FormParameters) throws(OAuthError) {
        guard let type = try form.one("grant_type") else {
            throw OAuthError(.invalidRequest, "The grant_type is missing")
        }
        switch GrantType(rawValue: type) {
        case .authorizationCode: grant = try Self.code(form)
        case .refreshToken:
            grant = .refreshToken(
                try form.secret("refresh_token", limit: Self.maximumSecretLength),
                scope: try form.scope())
        case .clientCredentials: grant = .clientCredentials(scope: try form.scope())
        case .jwtBearer:
            grant = .jwtBearer(
                try form.secret("assertion", limit: Self.maximumAssertionLength),
                scope: try form.scope())
        case .tokenExchange: grant = .tokenExchange(try TokenExchangeRequest(form))
        case nil: throw OAuthError(.unsupportedGrantType, "This grant_type is not supported")
        }
        resource = try form.resource()
    }

    /// `grant_type`.
    package var type: GrantType {
        switch grant {
        case .authorizationCode: .authorizationCode
        case .refreshToken: .refreshToken
        case .clientCredentials: .clientCredentials
        case .jwtBearer: .jwtBearer
        case .tokenExchange: .tokenExchange
        }
    }

    private static func code(_ form: FormParameters) throws(OAuthError) -> Grant {
        let code = try form.secret("code", limit: maximumSecretLength)
        let redirectURI = try form.one("redirect_uri")
        var verifier: CodeVerifier?
        if let text = try form.one("code_verifier") {
            guard let read = CodeVerifier(text) else {
                throw OAuthError(.invalidGrant, "The code_verifier is malformed")
            }
            verifier = read
        }
        return .authorizationCode(code, redirectURI: redirectURI, verifier: verifier)
    }
}

extension FormParameters {
    /// The one value of a parameter that must be there, at most `limit` bytes.
    ///
    /// - Throws: `invalid_request` without it, `invalid_grant` where it is too long to be one of ours.
    func secret(_ name: String, limit: Int) throws(OAuthError) -> SecretBytes {
        guard let text = try one(name) else {
            throw OAuthError(.invalidRequest, "The \(name) is missing")
        }
        guard text.utf8.count <= limit else {
            throw OAuthError(.invalidGrant, "The \(name) is unknown")
        }
        return SecretBytes(Array(text.utf8))
    }
}
