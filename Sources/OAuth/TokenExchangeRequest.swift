package import Cryptography
import HTTP

/// What a client has to show for a token of another server (RFC 8693 §2.1).
package struct TokenExchangeRequest: Sendable {
    /// `subject_token`: on whose behalf the request is made.
    package let subjectToken: SecretBytes
    /// `scope`; nil without any.
    package let scope: ScopeSet?

    /// The type of access tokens (RFC 8693 §3), the only one that is taken and given.
    package static let accessTokenType = "urn:ietf:params:oauth:token-type:access_token"

    /// Reads a form.
    ///
    /// - Throws: `invalid_request`, also for what is not supported (RFC 8693 §2.2.2).
    init(_ form: FormParameters) throws(OAuthError) {
        subjectToken = try form.secret("subject_token", limit: TokenRequest.maximumAssertionLength)
        guard try form.one("subject_token_type") == Self.accessTokenType else {
            throw OAuthError(
                .invalidRequest, "The subject_token_type must be \(Self.accessTokenType)")
        }
        guard try form.one("requested_token_type") ?? Self.accessTokenType == Self.accessTokenType
        else {
            throw OAuthError(
                .invalidRequest, "The requested_token_type must be \(Self.accessTokenType)")
        }
        for name in ["actor_token", "actor_token_type"] where try form.one(name) != nil {
            throw OAuthError(
                .invalidRequest, "An actor_token is not supported: the client itself acts")
        }
        // RFC 8693 §2.1 — a logical name; servers are named by their URLs here.
        guard form.values("audience").allSatisfy(\.isEmpty) else {
            throw OAuthError(.invalidTarget, "Name the server by resource, not by audience")
        }
        scope = try form.scope()
    }
}
