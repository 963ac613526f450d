import JSON

/// The document that describes the authorization server.
///
/// Source: RFC 8414 §2 and, with the members that it requires, OpenID Connect Discovery §3, where
/// clients look too. No member is ever null or empty.
package struct AuthorizationServerMetadata: Sendable, Equatable {
    /// `issuer`, byte for byte as everywhere else, without a trailing slash.
    package var issuer: String
    /// `scopes_supported`: what clients that look nowhere else ask for; left out if empty.
    package var scopesSupported: ScopeSet
    /// Whether there is a `registration_endpoint`.
    package var hasRegistration: Bool
    /// `client_id_metadata_document_supported` (draft-ietf-oauth-client-id-metadata-document §5):
    /// clients that have a document then use it.
    package var takesClientDocuments: Bool
    /// `authorization_response_iss_parameter_supported` (RFC 9207 §3).
    package var sendsIssuer: Bool
    /// `id_token_signing_alg_values_supported`, which OpenID Connect Discovery requires.
    package var signingAlgorithm: String

    /// A document.
    package init(
        issuer: String, scopesSupported: ScopeSet, hasRegistration: Bool,
        takesClientDocuments: Bool = false, sendsIssuer: Bool, signingAlgorithm: String
    ) {
        self.issuer = issuer
        self.scopesSupported = scopesSupported
        self.hasRegistration = hasRegistration
        self.takesClientDocuments = takesClientDocuments
        self.sendsIssuer = sendsIssuer
        self.signingAlgorithm = signingAlgorithm
    }

    /// How clients may authenticate, the preferred way first.
    private static let authenticationMethods = [
        ClientAuthenticationMethod.none, .clientSecretBasic, .clientSecretPost,
    ].map(\.rawValue)

    /// The document at `/.well-known/oauth-authorization-server` (RFC 8414 §3).
    package var body: [UInt8] { document(isOpenID: false) }

    /// The document at `/.well-known/openid-configuration`.
    package var openIDBody: [UInt8] { document(isOpenID: true) }

    private func document(isOpenID: Bool) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        writer.beginObject()
        var texts: [(StaticString, String)] = [
            ("issuer", issuer), ("authorization_endpoint", issuer + "/authorize"),
            ("token_endpoint", issuer + "/token"), ("jwks_uri", issuer + "/jwks"),
            ("revocation_endpoint", issuer + "/revoke"),
        ]
        if hasRegistration { texts.append(("registration_endpoint", issuer + "/register")) }
        for (name, value) in texts {
            writer.name(name)
            writer.string(value)
        }
        var lists: [(StaticString, [String])] = [
            ("scopes_supported", scopesSupported.tokens.map(\.text)),
            ("response_types_supported", ["code"]), ("response_modes_supported", ["query"]),
            ("grant_types_supported", ["authorization_code", "refresh_token"]),
            ("code_challenge_methods_supported", [CodeChallenge.method]),
            ("token_endpoint_auth_methods_supported", Self.authenticationMethods),
            ("revocation_endpoint_auth_methods_supported", Self.authenticationMethods),
        ]
        if isOpenID {
            lists.append(("subject_types_supported", ["public"]))
            lists.append(("id_token_signing_alg_values_supported", [signingAlgorithm]))
        }
        for (name, values) in lists where !values.isEmpty {
            writer.name(name)
            writer.beginArray()
            for value in values { writer.string(value) }
            writer.endArray()
        }
        if takesClientDocuments {
            writer.name("client_id_metadata_document_supported")
            writer.bool(true)
        }
        if sendsIssuer {
            writer.name("authorization_response_iss_parameter_supported")
            writer.bool(true)
        }
        writer.endObject()
        return writer.bytes
    }
}
