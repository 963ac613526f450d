import JSON
import OAuth
import Testing

@Suite struct AuthorizationServerMetadataTests {
    private func metadata(
        scope: String = "a b", registration: Bool = true, issuer: Bool = true
    ) throws -> AuthorizationServerMetadata {
        AuthorizationServerMetadata(
            issuer: "https://server.example.com",
            scopesSupported: try #require(ScopeSet(parsing: scope)), hasRegistration: registration,
            sendsIssuer: issuer, signingAlgorithm: "ES256")
    }

    private func names(_ bytes: [UInt8]) throws -> [String] {
        try JSONDocument(parsing: bytes).root.members.compactMap(\.name.string)
    }

    /// The example of RFC 8414 §3.2, of which we have all but what we do not offer.
    private static let example = #"""
        {
         "issuer": "https://server.example.com",
         "authorization_endpoint": "https://server.example.com/authorize",
         "token_endpoint": "https://server.example.com/token",
         "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
         "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
         "userinfo_endpoint": "https://server.example.com/userinfo",
         "jwks_uri": "https://server.example.com/jwks.json",
         "registration_endpoint": "https://server.example.com/register",
         "scopes_supported": ["openid", "profile", "email", "address", "phone", "offline_access"],
         "response_types_supported": ["code", "code token"],
         "service_documentation": "http://server.example.com/service_documentation.html",
         "ui_locales_supported": ["en-US", "en-GB", "en-CA", "fr-FR", "fr-CA"]
        }
        """#

    @Test func `members have the shape of the example of RFC 8414 §3.2`() throws {
        let ours = try JSONDocument(parsing: try metadata().body).root
        let notOffered = [
            "userinfo_endpoint",
            "service_documentation", "ui_locales_supported",
        ]
        for (name, value) in try JSONDocument(parsing: Array(Self.example.utf8)).root.members {
            let name = try #require(name.string)
            #expect(ours.member(name)?.kind == (notOffered.contains(name) ? nil : value.kind))
        }
    }

    @Test func `the document says what is offered and where`() throws {
        #expect(
            String(decoding: try metadata().body, as: UTF8.self)
                == #"{"issuer":"https://server.example.com","#
                + #""authorization_endpoint":"https://server.example.com/authorize","#
                + #""token_endpoint":"https://server.example.com/token","#
                + #""jwks_uri":"https://server.example.com/jwks","#
                + #""revocation_endpoint":"https://server.example.com/revoke","#
                + #""pushed_authorization_request_endpoint":"https://server.example.com/par","#
                + #""registration_endpoint":"https://server.example.com/register","#
                + #""scopes_supported":["a","b"],"response_types_supported":["code"],"#
                + #""response_modes_supported":["query"],"#
                + #""grant_types_supported":["authorization_code","refresh_token"],"#
                + #""code_challenge_methods_supported":["S256"],"#
                + #""token_endpoint_auth_methods_supported":["#
                + #""none","client_secret_basic","client_secret_post","private_key_jwt"],"#
                + #""token_endpoint_auth_signing_alg_values_supported":"#
                + #"["ES256","RS256","PS256","EdDSA"],"#
                + #""revocation_endpoint_auth_methods_supported":["#
                + #""none","client_secret_basic","client_secret_post","private_key_jwt"],"#
                + #""revocation_endpoint_auth_signing_alg_values_supported":"#
                + #"["ES256","RS256","PS256","EdDSA"],"#
                + #""authorization_response_iss_parameter_supported":true}"#)
    }

    @Test func `what is not offered is left out`() throws {
        let names = try names(try metadata(scope: "", registration: false, issuer: false).body)
        for name in [
            "scopes_supported", "registration_endpoint",
            "authorization_response_iss_parameter_supported",
            "client_id_metadata_document_supported",
        ] { #expect(!names.contains(name)) }
    }

    @Test func `OpenID Connect's document has what OpenID Connect requires`() throws {
        let metadata = try metadata()
        let document = try JSONDocument(parsing: metadata.openIDBody).root
        // OpenID Connect Discovery 1.0 §3
        for (name, value) in [
            ("subject_types_supported", #"["public"]"#),
            ("id_token_signing_alg_values_supported", #"["ES256"]"#),
            ("response_types_supported", #"["code"]"#),
            ("jwks_uri", #""https://server.example.com/jwks""#),
        ] {
            #expect(
                document.member(name).map { String(decoding: $0.rawBytes, as: UTF8.self) } == value)
        }
        let all = Set(try names(metadata.openIDBody))
        #expect(all.isSuperset(of: try names(metadata.body)))
    }

    @Test func `no issuer parameter is announced unless it is sent`() throws {
        // RFC 9207 §3 — false if it is omitted.
        let names = try names(try metadata(issuer: false).openIDBody)
        #expect(!names.contains("authorization_response_iss_parameter_supported"))
    }
}
