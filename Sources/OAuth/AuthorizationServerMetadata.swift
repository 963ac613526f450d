import Cryptography
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
    /// `grant_types_supported`.
    package var grantTypes: [GrantType]
    /// Whether there is an `introspection_endpoint` that somebody may ask (RFC 7662).
    package var hasIntrospection: Bool
    /// `authorization_response_iss_parameter_supported` (RFC 9207 §3).
    package var sendsIssuer: Bool
    /// `id_token_signing_alg_values_supported`, which OpenID Connect Discovery requires.
    package var signingAlgorithm: String
    /// Whether tokens can be bound to keys: then `dpop_signing_alg_values_supported` says by which
    /// algorithms (RFC 9449 §5.1).
    package var bindsTokens: Bool

    /// A document.
    package init(
        issuer: String, scopesSupported: ScopeSet, hasRegistration: Bool,
        takesClientDocuments: Bool = false, sendsIssuer: Bool, signingAlgorithm: String,
        grantTypes: [GrantType] = [.authorizationCode, .refreshToken],
        hasIntrospection: Bool = false, bindsTokens: Bool = false
    ) {
        self.issuer = issuer
        self.scopesSupported = scopesSupported
        self.hasRegistration = hasRegistration
        self.takesClientDocuments = takesClientDocuments
        self.sendsIssuer = sendsIssuer
        self.signingAlgorithm = signingAlgorithm
        self.grantTypes = grantTypes
        self.hasIntrospection = hasIntrospection
        self.bindsTokens = bindsTokens
    }

    /// How clients may authenticate, the preferred way first.
    private static let authenticationMethods = [
        ClientAuthenticationMethod.none, .clientSecretBasic, .clientSecretPost, .privateKeyJWT,
    ].map(\.rawValue)

    /// The algorithms of client assertions.
    private static let assertionAlgorithms = SignatureAlgorithm.allCases.map(\.rawValue)

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
            ("pushed_authorization_request_endpoint", issuer + "/par"),
        ]
        if hasIntrospection { texts.append(("introspection_endpoint", issuer + "/introspect")) }
        if hasRegistration { texts.append(("registration_endpoint", issuer + "/register")) }
        for (name, value) in texts {
            writer.name(name)
            writer.string(value)
        }
        var lists: [(StaticString, [String])] = [
            ("scopes_supported", scopesSupported.tokens.map(\.text)),
            ("response_types_supported", ["code"]), ("response_modes_supported", ["query"]),
            ("grant_types_supported", grantTypes.map(\.rawValue)),
            ("code_challenge_methods_supported", [CodeChallenge.method]),
            ("token_endpoint_auth_methods_supported", Self.authenticationMethods),
            ("token_endpoint_auth_signing_alg_values_supported", Self.assertionAlgorithms),
            ("revocation_endpoint_auth_methods_supported", Self.authenticationMethods),
            ("revocation_endpoint_auth_signing_alg_values_supported", Self.assertionAlgorithms),
        ]
        if hasIntrospection {
            lists += [
                (
                    "introspection_endpoint_auth_methods_supported",
                    Self.authenticationMethods.filter {
                        $0 != ClientAuthenticationMethod.none.rawValue
                    }
                ),
                (
                    "introspection_endpoint_auth_signing_alg_values_supported",
                    Self.assertionAlgorithms
                ),
            ]
        }
        if bindsTokens {
            lists.append(("dpop_signing_alg_values_supported", DPoPVerifier.algorithms))
        }
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
