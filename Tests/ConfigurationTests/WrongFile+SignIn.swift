extension WrongFile {
    /// What is wrong with identity providers.
    static let signIn: [WrongFile] = [
        .line(
            3, "sign_in: { sso: { kind: openid } }",
            #"3:25: "sign_in.sso.kind" must be users, oidc or oauth2; found "openid""#),
        .line(
            3, "sign_in: { sso: { kind: oidc } }",
            #"3:12: "issuer" is missing in "sign_in.sso"; the kind oidc needs it"#,
            #"3:12: "client_id" is missing in "sign_in.sso"; the kind oidc needs it"#),
        .line(
            3, "sign_in: { sso: { kind: oidc, issuer: http://login.example.com, client_id: g } }",
            #"3:39: "sign_in.sso.issuer" must begin with https:// unless its host is loopback; found "http://login.example.com""#
        ),
        .line(
            3, "sign_in: { sso: { kind: oidc, issuer: login.example.com, client_id: g } }",
            #"3:39: "sign_in.sso.issuer" is not a URL: the scheme is neither http nor https; found "login.example.com""#
        ),
        .line(
            3,
            "sign_in: { sso: { kind: oidc, issuer: https://a.example, client_id: g, file: u, user_claim: id } }",
            #"3:78: "sign_in.sso.file" has no meaning when the kind is oidc"#,
            #"3:93: "sign_in.sso.user_claim" has no meaning when the kind is oidc"#),
        .line(
            3,
            "sign_in: { sso: { kind: oidc, issuer: https://a.example, client_id: g, scopes: [profile, a b] } }",
            #"3:80: "sign_in.sso.scopes" must hold openid"#,
            #"3:90: "sign_in.sso.scopes" must hold scopes, one an item; found "a b""#),
        .line(
            3,
            "sign_in: { sso: { kind: oidc, issuer: https://a.example, client_id: g, client_secret_file: none, max_age: 1s } }",
            #"3:92: the file of "sign_in.sso.client_secret_file" does not exist; it is "none""#,
            #"3:107: "sign_in.sso.max_age" must be from 1m to 366d; found "1s""#),
        .line(
            3, "sign_in: { local: { kind: users, file: users, issuer: https://a.example } }",
            #"3:55: "sign_in.local.issuer" has no meaning when the kind is users"#),
        .line(
            3,
            "sign_in: { hub: { kind: oauth2, client_id: g, token_endpoint: http://a.example/t } }",
            #"3:12: "authorization_endpoint" is missing in "sign_in.hub"; the kind oauth2 needs it"#,
            #"3:12: "userinfo_endpoint" is missing in "sign_in.hub"; the kind oauth2 needs it"#,
            #"3:12: "user_claim" is missing in "sign_in.hub"; the kind oauth2 needs it"#,
            #"3:63: "sign_in.hub.token_endpoint" must begin with https:// unless its host is loopback; found "http://a.example/t""#
        ),
    ]
}
