/// How a client authenticates at the token endpoint (RFC 7591 §2, `token_endpoint_auth_method`).
package enum ClientAuthenticationMethod: String, Sendable, CaseIterable {
    /// A public client: it sends its id alone.
    case none
    /// HTTP Basic with id and secret (RFC 6749 §2.3.1).
    case clientSecretBasic = "client_secret_basic"
    /// Id and secret in the form.
    case clientSecretPost = "client_secret_post"
    /// An assertion that the client signed with a key of its own (RFC 7523 §2.2).
    case privateKeyJWT = "private_key_jwt"
}
