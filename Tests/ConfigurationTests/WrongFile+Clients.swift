extension WrongFile {
    /// What is wrong with named clients, and with those who speak for others.
    static let clients: [WrongFile] = [
        client(
            "two proofs at once",
            "client_id: a, secret_file: secrets/ci-robot, jwks_file: keys.json, grants: [client_credentials], scopes: [demo]",
            #"6:69: a client proves itself in one way: secret_file or jwks_file"#),
        client(
            "a grant that is none", "client_id: a, grants: [password]",
            #"6:36: "clients.grants" must be authorization_code, refresh_token, client_credentials, jwt_bearer, token_exchange, urn:ietf:params:oauth:grant-type:jwt-bearer or urn:ietf:params:oauth:grant-type:token-exchange; found "password""#
        ),
        client(
            "a client for itself without proof and scopes",
            "client_id: a, grants: [client_credentials]",
            "6:35: client_credentials and token_exchange need secret_file, jwks_file or jwks_uri",
            "6:35: client_credentials, jwt_bearer and token_exchange need scopes"),
        client(
            "codes without a redirect URI", "client_id: a, grants: [authorization_code]",
            "6:35: authorization_code needs redirect_uris"),
        client(
            "a redirect URI without codes and refreshing without codes",
            "client_id: a, redirect_uris: [\"https://a.example/cb\"], grants: [refresh_token]",
            "6:76: redirect_uris need the grant authorization_code",
            "6:76: refresh_token needs the grant authorization_code"),
        client(
            "a redirect URI that is none",
            "client_id: a, redirect_uris: [\"http://a.example/cb\"], grants: [authorization_code]",
            #"6:43: "clients.redirect_uris" must hold URIs that begin with https://, with http:// and a loopback host, or with the scheme of an app, without user name and fragment; found "http://a.example/cb""#
        ),
        client(
            "exchanging without saying what",
            "client_id: a, secret_file: secrets/ci-robot, grants: [token_exchange], scopes: [demo]",
            "6:66: token_exchange and exchanges need each other"),
        client(
            "an id that is a URL",
            "client_id: \"https://a.example/client\", redirect_uris: [\"https://a.example/cb\"], grants: [authorization_code]",
            #"6:24: "clients.client_id" must be neither a URL, which names a metadata document, nor gatehouse-cli; found "https://a.example/client""#
        ),
        client(
            "an id with a space",
            "client_id: \"a b\", redirect_uris: [\"https://a.example/cb\"], grants: [authorization_code]",
            #"6:24: "clients.client_id" must be at most 256 printable ASCII characters without space; found "a b""#
        ),
        client(
            "an unknown scope and no such server",
            "client_id: a, secret_file: secrets/ci-robot, grants: [client_credentials], scopes: [dem], servers: [demo]",
            #"6:97: "dem" is not a scope of a server that the client may use; did you mean "demo"?"#
        ),
        client(
            "an unknown server",
            "client_id: a, secret_file: secrets/ci-robot, grants: [client_credentials], scopes: [demo], servers: [dmeo]",
            #"6:114: "dmeo" is not a server; did you mean "demo"?"#),
        client(
            "a secret that can be guessed",
            "client_id: a, redirect_uris: [\"https://a.example/cb\"], secret_file: secrets/short, grants: [authorization_code]",
            #"6:81: warning: the secret of "clients.secret_file" has fewer than 16 bytes and can be guessed"#
        ),
        client(
            "a scope that a machine never gets",
            "client_id: a, secret_file: secrets/ci-robot, grants: [client_credentials], scopes: [demo]",
            #"6:97: warning: client "a" gets "demo" only with a user: no granted_to of that scope names client:a"#
        ),
        client(
            "keys at a place that is not safe",
            "client_id: a, jwks_uri: \"http://a.example/jwks\", redirect_uris: [\"https://a.example/cb\"], grants: [authorization_code]",
            #"6:37: "clients.jwks_uri" must begin with https:// unless its host is loopback; found "http://a.example/jwks""#
        ),
        .least(
            "two clients of one id",
            plus:
                "clients:\n  - { client_id: a, redirect_uris: [\"https://a.example/cb\"], grants: [authorization_code] }\n  - { client_id: a, redirect_uris: [\"https://a.example/cb\"], grants: [authorization_code] }",
            #"8:18: "clients.client_id" is that of another client; found "a""#),
        .least(
            "an issuer without keys and subjects",
            plus: "assertions: [{ issuer: x, kind: workload }]",
            #"6:14: "assertions" needs either jwks_file or jwks_uri"#,
            #"6:14: "assertions" of kind workload needs subjects"#),
        .least(
            "an issuer of users of no sign-in",
            plus:
                "assertions: [{ issuer: x, kind: id_jag, jwks_file: keys.json, sign_in: loacl, audience: y }]",
            #"6:72: "assertions.sign_in" must be a name of "sign_in", such as "local"; found "loacl""#,
            #"6:89: "assertions.audience" is for kind workload only"#),
        .line(
            3,
            "sign_in: { sso: { kind: oidc, issuer: https://a.example, client_id: g } }\nassertions: [{ issuer: x, kind: id_jag, jwks_file: keys.json, sign_in: sso }]",
            #"4:24: "assertions.issuer" must be that of "sign_in.sso", byte for byte; found "x""#),
        .line(
            3,
            "sign_in: { sso: { kind: oidc, issuer: https://a.example, client_id: g } }\nassertions: [{ issuer: https://a.example, kind: id_jag, jwks_file: keys.json, sign_in: sso, subject_claim: email }]",
            #"4:108: "assertions.subject_claim" must be sub or aud_sub for users of kind oidc; found "email""#
        ),
        .line(
            3,
            "sign_in: { hub: { kind: oauth2, authorization_endpoint: https://a.example/a, token_endpoint: https://a.example/t, userinfo_endpoint: https://a.example/u, user_claim: id, client_id: g } }\nassertions: [{ issuer: https://a.example/u, kind: id_jag, jwks_file: keys.json, sign_in: hub }]",
            #"4:90: "assertions.sign_in" must name a sign-in of the kind users or oidc; found "hub""#
        ),
        .least(
            "programs that act as nobody",
            plus:
                "assertions: [{ issuer: x, kind: workload, jwks_file: keys.json, sign_in: local, subjects: [{ subject: s, client: c }] }]",
            #"6:74: "assertions.sign_in" is for kind id_jag only"#),
        .least(
            "programs of a client without the grant",
            plus:
                "assertions: [{ issuer: x, kind: workload, jwks_file: keys.json, subjects: [{ subject: s, client: c }] }]",
            #"6:98: "assertions.subjects.client" must be the client_id of one of "clients" with the grant jwt_bearer; found "c""#
        ),
    ]

    /// A file with one client.
    private static func client(
        _ name: String, _ members: String, _ findings: String...
    ) -> WrongFile {
        WrongFile(name, Workshop.least + "clients: [{ \(members) }]\n", findings)
    }
}
