package import Cryptography
package import HTTP

/// A request to the token endpoint (RFC 6749 §4.1.3, §6), without the client, who is known first.
package struct TokenRequest: Sendable {
    /// What the client has to show.
    package enum Grant: Sendable {
        /// An authorization code; the redirect URI as it was presented, and the code verifier.
        case authorizationCode(SecretBytes, redirectURI: String?, verifier: CodeVerifier?)
        /// A refresh token; the scope as it was presented.
        case refreshToken(SecretBytes, scope: ScopeSet?)
    }

    /// The longest code or refresh token that is looked at, in bytes.
    package static let maximumSecretLength = 1024

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
        switch type {
        case "authorization_code": grant = try Self.code(form)
        case "refresh_token":
            grant = .refreshToken(
                try Self.secret("refresh_token", form), scope: try form.scope())
        default:
            throw OAuthError(.unsupportedGrantType, "This grant_type is not supported")
        }
        resource = try form.resource()
    }

    private static func code(_ form: FormParameters) throws(OAuthError) -> Grant {
        let code = try secret("code", form)
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

    private static func secret(
        _ name: String, _ form: FormParameters
    ) throws(OAuthError) -> SecretBytes {
        guard let text = try form.one(name) else {
            throw OAuthError(.invalidRequest, "The \(name) is missing")
        }
        guard text.utf8.count <= maximumSecretLength else {
            throw OAuthError(.invalidGrant, "The \(name) is unknown")
        }
        return SecretBytes(Array(text.utf8))
    }
}
