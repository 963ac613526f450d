/// A registered error code of OAuth 2.0.
package enum OAuthErrorCode: String, Sendable, CaseIterable {
    /// RFC 6749 §4.1.2.1 and §5.2.
    case invalidRequest = "invalid_request"
    /// RFC 6749 §5.2.
    case invalidClient = "invalid_client"
    /// RFC 6749 §5.2.
    case invalidGrant = "invalid_grant"
    /// RFC 6749 §4.1.2.1 and §5.2.
    case unauthorizedClient = "unauthorized_client"
    /// RFC 6749 §5.2.
    case unsupportedGrantType = "unsupported_grant_type"
    /// RFC 6749 §4.1.2.1 and §5.2.
    case invalidScope = "invalid_scope"
    /// RFC 6749 §4.1.2.1.
    case accessDenied = "access_denied"
    /// RFC 6749 §4.1.2.1.
    case unsupportedResponseType = "unsupported_response_type"
    /// RFC 6749 §4.1.2.1.
    case serverError = "server_error"
    /// RFC 6749 §4.1.2.1.
    case temporarilyUnavailable = "temporarily_unavailable"
    /// RFC 9101 §7 and OpenID Connect Core §3.1.2.6.
    case requestNotSupported = "request_not_supported"
    /// RFC 9101 §7 and OpenID Connect Core §3.1.2.6.
    case requestURINotSupported = "request_uri_not_supported"
    /// RFC 8707 §2.
    case invalidTarget = "invalid_target"
    /// RFC 7591 §3.2.2.
    case invalidRedirectURI = "invalid_redirect_uri"
    /// RFC 7591 §3.2.2.
    case invalidClientMetadata = "invalid_client_metadata"
    /// RFC 7591 §3.2.2.
    case invalidSoftwareStatement = "invalid_software_statement"
    /// RFC 7009 §2.2.1.
    case unsupportedTokenType = "unsupported_token_type"
    /// RFC 9449 §5.
    case invalidDPoPProof = "invalid_dpop_proof"
    /// RFC 9449 §8.
    case useDPoPNonce = "use_dpop_nonce"
}
