extension WrongFile {
    /// Issuers that are asked, and providers that exchange tokens.
    static let foreign: [WrongFile] = [
        .server(
            "keys in two places",
            plus:
                "    authorization_server: { issuer: https://login.example.com, jwks_file: keys.json, jwks_uri: https://login.example.com/keys }",
            #"8:96: "servers.tickets.authorization_server.jwks_uri" has no meaning beside "jwks_file""#
        ),
        .server(
            "keys beside introspection",
            plus:
                "    authorization_server: { issuer: https://login.example.com, jwks_file: keys.json, introspection: { client_id: g, client_secret_file: secrets/tickets } }",
            #"8:101: "servers.tickets.authorization_server.introspection" has no meaning beside "jwks_file""#
        ),
        .server(
            "keys that anybody on the way could change",
            plus:
                "    authorization_server: { issuer: https://login.example.com, jwks_uri: http://login.example.com/keys }",
            #"8:74: "servers.tickets.authorization_server.jwks_uri" must begin with https:// unless its host is loopback; found "http://login.example.com/keys""#
        ),
        .server(
            "introspection without a client",
            plus:
                "    authorization_server: { issuer: https://login.example.com, introspection: { endpoint: introspect } }",
            #"8:64: "client_id" is missing in "servers.tickets.authorization_server.introspection" (who the gateway is to the issuer)"#,
            #"8:64: "client_secret_file" is missing in "servers.tickets.authorization_server.introspection" (the file of its secret)"#,
            #"8:91: "servers.tickets.authorization_server.introspection.endpoint" is not a URL: the scheme is neither http nor https; found "introspect""#
        ),
        .server(
            "introspection with a secret of two lines",
            plus:
                "    authorization_server: { issuer: https://login.example.com, introspection: { client_id: g, client_secret_file: secrets/lines } }",
            #"8:115: the file of "servers.tickets.authorization_server.introspection.client_secret_file" must hold one line of visible ASCII characters"#
        ),
        .server(
            "an exchange with nobody",
            plus: "    upstream_authorization: { kind: token_exchange }",
            #"8:5: "token_endpoint" or "issuer" is missing in "servers.tickets.upstream_authorization"; the kind token_exchange needs one of them"#,
            #"8:5: "client_id" is missing in "servers.tickets.upstream_authorization"; the kind token_exchange needs it"#,
            #"8:5: "client_secret_file" is missing in "servers.tickets.upstream_authorization"; the kind token_exchange needs it"#
        ),
        .server(
            "an exchange in the clear, in a field that has it already",
            plus:
                "    upstream_authorization: { kind: token_exchange, token_endpoint: http://login.example.com/token, client_id: g, client_secret_file: secrets/tickets, scope: 'a  b', header: authorization }",
            #"8:69: "servers.tickets.upstream_authorization.token_endpoint" must begin with https:// unless its host is loopback; found "http://login.example.com/token""#,
            #"8:159: "servers.tickets.upstream_authorization.scope" must be scopes separated by single spaces; found "a  b""#,
            #"8:175: "servers.tickets.upstream_authorization.header" must be left out, since Authorization carries the token as bearer without it; found "authorization""#
        ),
        .server(
            "an identity with the keys of an exchange",
            plus:
                "    upstream_authorization: { kind: identity, token_endpoint: https://login.example.com/token, client_id: g }",
            #"8:63: "servers.tickets.upstream_authorization.token_endpoint" has no meaning when the kind is identity"#,
            #"8:107: "servers.tickets.upstream_authorization.client_id" has no meaning when the kind is identity"#
        ),
    ]
}
