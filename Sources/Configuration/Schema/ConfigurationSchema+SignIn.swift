extension ConfigurationSchema {
    /// The keys of the sources of identities.
    static let signInKeys: [SchemaKey] = [
        SchemaKey(
            "sign_in.*.kind", .choice(["users", "oidc", "oauth2"]), .required,
            "users: a file of names kept by the gateway; oidc: an OpenID provider; oauth2: a provider without ID tokens, such as GitHub"
        ),
        SchemaKey(
            "sign_in.*.title", .text("a title"), .absent,
            "what people read on the sign-in page; the name when left out"),
        SchemaKey(
            "sign_in.*.file", .text("a file"), .absent,
            "the users file, needed by users; it need not exist yet"),
        SchemaKey(
            "sign_in.*.issuer", .text("a URL"), .absent,
            "the issuer, byte for byte as the provider names it; needed by oidc"),
        SchemaKey(
            "sign_in.*.authorization_endpoint", .text("a URL"), .absent,
            "where the browser is sent; needed by oauth2"),
        SchemaKey(
            "sign_in.*.token_endpoint", .text("a URL"), .absent,
            "where codes become tokens; needed by oauth2"),
        SchemaKey(
            "sign_in.*.userinfo_endpoint", .text("a URL"), .absent,
            "where the gateway asks who signed in; needed by oauth2"),
        SchemaKey(
            "sign_in.*.client_id", .text("a client id"), .absent,
            "the gateway's client_id at the provider; needed by oidc and oauth2"),
        SchemaKey(
            "sign_in.*.client_secret_file", .text("a file"), .absent,
            "the file that holds the gateway's secret at the provider; without it a public client"),
        SchemaKey(
            "sign_in.*.scopes", .list(of: .text("a scope"), minimum: 1), .absent,
            "what the provider is asked for; oidc: openid, profile and, where it offers it, offline_access when left out"
        ),
        SchemaKey(
            "sign_in.*.user_claim", .text("a claim"), .absent,
            "the member that names a user once and for all, such as id; needed by oauth2"),
        SchemaKey(
            "sign_in.*.name_claim", .text("a claim"), .absent,
            "the claim that people know a user by; only shown, never compared; name or preferred_username when left out"
        ),
        SchemaKey(
            "sign_in.*.groups_claim", .text("a claim"), .absent,
            "the claim that holds the groups, for …/group:… in granted_to; without it no groups"),
        SchemaKey(
            "sign_in.*.max_age", .duration(.seconds(60)...(.seconds(366 * 86_400))), .value("24h"),
            "how long a session lasts, and a grant where the provider gives no refresh token"),
    ]
}
