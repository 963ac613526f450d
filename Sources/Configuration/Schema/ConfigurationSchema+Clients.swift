extension ConfigurationSchema {
    /// The keys of clients that the operator names, and of those who speak for users and programs.
    static let clientKeys: [SchemaKey] = [
        SchemaKey(
            "clients", .list(of: .section), .value("[]"),
            "clients that are known beforehand; they win over everything that registers"),
        SchemaKey(
            "clients[].client_id", .text("a client id"), .required,
            "the client_id, printable ASCII; granted_to and clients of scopes name it as client:…"),
        SchemaKey(
            "clients[].name", .text("a name"), .absent,
            "what people read; the client_id when left out"),
        SchemaKey(
            "clients[].secret_file", .text("a file"), .absent,
            "the file that holds the client's secret (client_secret_basic, client_secret_post)"),
        SchemaKey(
            "clients[].jwks_file", .text("a file"), .absent,
            "the client's public keys, a JWK set (private_key_jwt)"),
        SchemaKey(
            "clients[].jwks_uri", .text("a URL"), .absent,
            "where the client's public keys are (private_key_jwt)"),
        SchemaKey(
            "clients[].redirect_uris", .list(of: .text("a URI")), .value("[]"),
            "where users are sent back to, exactly; needed by authorization_code"),
        SchemaKey(
            "clients[].grants", .list(of: .choice(grantNames), minimum: 1), .required,
            "how the client gets tokens: authorization_code, refresh_token, client_credentials, jwt_bearer, token_exchange"
        ),
        SchemaKey(
            "clients[].scopes", .list(of: .text("a scope"), minimum: 1), .absent,
            "the most that the client may be granted; needed by every grant without a user's consent"
        ),
        SchemaKey(
            "clients[].servers", .list(of: .text("a server"), minimum: 1), .absent,
            "the servers that the client may use, about whose tokens it may also ask /introspect; all when left out, and /introspect about none"
        ),
        SchemaKey(
            "clients[].exchanges", .list(of: .section), .value("[]"),
            "how the client may exchange tokens (RFC 8693); needed by token_exchange"),
        SchemaKey(
            "clients[].exchanges[].from", .text("a server"), .required,
            "the server that the token is for"),
        SchemaKey(
            "clients[].exchanges[].to", .text("a server"), .required,
            "the server that the new token is for; the user must have agreed to it too"),
        SchemaKey(
            "clients[].exchanges[].scopes", .list(of: .text("a scope"), minimum: 1), .required,
            "the most that the new token may carry"),
        SchemaKey(
            "assertions", .list(of: .section), .value("[]"),
            "who may speak for users and programs (RFC 7523): the grant jwt_bearer"),
        SchemaKey(
            "assertions[].issuer", .text("an issuer"), .required,
            "the issuer, byte for byte as assertions name it"),
        SchemaKey(
            "assertions[].kind", .choice(["id_jag", "workload"]), .required,
            "id_jag: an identity provider's statements about users; workload: a platform's about programs"
        ),
        SchemaKey(
            "assertions[].jwks_file", .text("a file"), .absent,
            "the issuer's public keys, a JWK set; this or jwks_uri"),
        SchemaKey(
            "assertions[].jwks_uri", .text("a URL"), .absent,
            "where the issuer's public keys are; this or jwks_file"),
        SchemaKey(
            "assertions[].sign_in", .text("a name of sign_in"), .absent,
            "id_jag: the sign-in, of kind users or oidc, whose users the statements are about"),
        SchemaKey(
            "assertions[].subject_claim", .text("a claim"), .absent,
            "id_jag: the claim that names the user at that sign-in, for kind oidc sub or aud_sub; sub when left out"
        ),
        SchemaKey(
            "assertions[].audience", .text("an audience"), .absent,
            "workload: the audience that assertions must name; public_url when left out"),
        SchemaKey(
            "assertions[].subjects", .list(of: .section), .value("[]"),
            "workload: which programs may act as which clients"),
        SchemaKey(
            "assertions[].subjects[].subject", .text("a pattern"), .required,
            "the sub of the assertion, with * for any run of characters"),
        SchemaKey(
            "assertions[].subjects[].client", .text("a client id"), .required,
            "the client_id of the client, which needs the grant jwt_bearer"),
    ]

    /// How grants are written: short, or as `grant_type` has them.
    private static let grantNames = [
        "authorization_code", "refresh_token", "client_credentials", "jwt_bearer",
        "token_exchange", "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "urn:ietf:params:oauth:grant-type:token-exchange",
    ]
}
