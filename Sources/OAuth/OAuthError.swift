/// A refusal in OAuth's words: what is said in public, and what is kept for the log.
package struct OAuthError: Error, Sendable, Equatable {
    /// The registered code.
    package let code: OAuthErrorCode
    /// One plain sentence that may be sent: ASCII without `"` and `\` (RFC 6749 §5.2).
    package let publicDescription: String
    /// Why, for the log; never a secret, never sent.
    package let privateReason: String

    /// A refusal; the reason is the description if none is given.
    package init(_ code: OAuthErrorCode, _ publicDescription: String, reason: String? = nil) {
        self.code = code
        self.publicDescription = publicDescription
        privateReason = reason ?? publicDescription
    }

    /// Whether the client may be told by a redirect of the authorization endpoint (RFC 6749
    /// §4.1.2.1); who the client is and where it is must be certain first.
    package var mayTravelByRedirect: Bool {
        switch code {
        case .invalidRequest, .unauthorizedClient, .accessDenied, .unsupportedResponseType,
            .invalidScope, .serverError, .temporarilyUnavailable, .invalidTarget,
            .requestNotSupported, .requestURINotSupported:
            true
        case .invalidClient, .invalidGrant, .unsupportedGrantType, .invalidRedirectURI,
            .invalidClientMetadata, .invalidSoftwareStatement, .unsupportedTokenType,
            .invalidDPoPProof, .useDPoPNonce:
            false
        }
    }
}
