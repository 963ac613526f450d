extension ConfigurationSchema {
    /// The keys of one server.
    static let serverKeys: [SchemaKey] = [
        SchemaKey(
            "servers.*.path", .text("a path"), .required,
            "where clients reach the server, after public_url"),
        SchemaKey(
            "servers.*.title", .text("a title"), .absent,
            "what people read on the pages of the gateway; the server's name when left out"),
        SchemaKey(
            "servers.*.upstream", .text("a URL"), .required,
            "the MCP endpoint of the server itself, an http URL"),
        SchemaKey(
            "servers.*.transport", .choice(["streamable", "sse"]), .value("streamable"),
            "how the server itself speaks: streamable, or sse for the two endpoints of MCP 2024-11-05"
        ),
        SchemaKey(
            "servers.*.upstream_authorization", .optionalSection, .absent,
            "the credential that the gateway shows to the upstream"),
        SchemaKey(
            "servers.*.upstream_authorization.kind",
            .choice(["none", "bearer", "header", "identity", "token_exchange"]), .required,
            "none, bearer (Authorization: Bearer …), header, identity (a signed token that says who acts), or token_exchange (a token that a provider gives for who acts)"
        ),
        SchemaKey(
            "servers.*.upstream_authorization.file", .text("a file"), .absent,
            "the file that holds the credential; needed by bearer and header"),
        SchemaKey(
            "servers.*.upstream_authorization.header", .text("a header field name"), .absent,
            "the header field that carries the credential; needed by header, and for identity and token_exchange in place of Authorization"
        ),
        SchemaKey(
            "servers.*.upstream_authorization.audience", .text("an audience"), .absent,
            "the audience of identity tokens and exchanged ones; the upstream's URL when left out"),
        SchemaKey(
            "servers.*.upstream_authorization.issuer", .text("a URL"), .absent,
            "the provider that exchanges tokens, byte for byte; if it is the issuer of authorization_server, it is shown the caller's own token"
        ),
        SchemaKey(
            "servers.*.upstream_authorization.token_endpoint", .text("a URL"), .absent,
            "where tokens are exchanged; discovered from issuer when left out"),
        SchemaKey(
            "servers.*.upstream_authorization.client_id", .text("a client id"), .absent,
            "who the gateway is to the provider; needed by token_exchange"),
        SchemaKey(
            "servers.*.upstream_authorization.client_secret_file", .text("a file"), .absent,
            "the file of its secret; needed by token_exchange"),
        SchemaKey(
            "servers.*.upstream_authorization.scope", .text("scopes"), .absent,
            "the scopes that exchanged tokens are asked with, separated by spaces"),
        SchemaKey(
            "servers.*.allowed_origins", .list(of: .text("an origin")), .value("[]"),
            "origins of web pages that may call the server, beside public_url"),
        SchemaKey(
            "servers.*.visibility", .choice(["granted", "obtainable"]), .value("granted"),
            "what lists show: what the token opens, or also what a step-up would open"),
        SchemaKey(
            "servers.*.mode", .choice(["enforce", "observe"]), .value("enforce"),
            "observe: forward and count what the scopes would refuse, until observe_until"),
        SchemaKey(
            "servers.*.observe_until", .text("a time"), .absent,
            "when observe mode ends and the scopes are enforced, at most 14 days ahead"),
        SchemaKey(
            "servers.*.dpop", .choice(["off", "allowed", "required"]), .inherited("tokens.dpop"),
            "whether this server's access tokens are bound to a key of the client, an authorization_server's too"
        ),
        SchemaKey("servers.*.limits", .section, .absent, "limits of this server"),
        SchemaKey(
            "servers.*.limits.body", .size(1024...(1 << 30)), .inherited("limits.body"),
            "the body of a request, and an answer that must be filtered"),
        SchemaKey(
            "servers.*.limits.requests", .rate(), .absent,
            "requests of one user and client; without it they are not counted"),
        SchemaKey(
            "servers.*.limits.concurrent", .count(1...1_000_000), .inherited("limits.concurrent"),
            "requests of one user and client in flight"),
        SchemaKey(
            "servers.*.limits.server", .section, .absent,
            "limits of all users and clients together"),
        SchemaKey(
            "servers.*.limits.server.requests", .rate(), .absent,
            "requests of all together; without it they are not counted"),
        SchemaKey(
            "servers.*.limits.server.concurrent", .count(1...1_000_000), .absent,
            "requests of all together in flight; without it limits.concurrent alone is the limit"),
        SchemaKey(
            "servers.*.limits.tools", .list(of: .section), .value("[]"),
            "limits of tools; a call is held against every entry that its tool matches"),
        SchemaKey(
            "servers.*.limits.tools[].name", .text("a pattern"), .required,
            "the tool, or a pattern for tools that are counted together"),
        SchemaKey(
            "servers.*.limits.tools[].requests", .rate(), .absent,
            "calls; without it they are not counted"),
        SchemaKey(
            "servers.*.limits.tools[].concurrent", .count(1...1_000_000), .absent,
            "calls in flight"),
        SchemaKey(
            "servers.*.limits.tools[].each", .choice(["server", "principal"]), .value("server"),
            "whose calls are counted together: server for everybody's, principal for those of one user and client"
        ),
        SchemaKey("servers.*.timeouts", .section, .absent, "how long to wait for this server"),
        SchemaKey(
            "servers.*.timeouts.connect", .duration(.milliseconds(10)...(.seconds(3600))),
            .inherited("timeouts.connect"), "for a connection"),
        SchemaKey(
            "servers.*.timeouts.first_byte", .duration(.milliseconds(10)...(.seconds(86_400))),
            .inherited("timeouts.first_byte"), "for the first byte of an answer"),
        SchemaKey(
            "servers.*.timeouts.call", .duration(.milliseconds(10)...(.seconds(366 * 86_400))),
            .inherited("timeouts.call"), "for a whole call with its stream"),
        SchemaKey(
            "servers.*.authorization_server", .optionalSection, .absent,
            "tokens of this server come from elsewhere; the gateway only verifies them"),
        SchemaKey(
            "servers.*.authorization_server.issuer", .text("a URL"), .required,
            "the issuer, byte for byte as tokens name it"),
        SchemaKey(
            "servers.*.authorization_server.jwks_file", .text("a file"), .absent,
            "the issuer's public keys, a JWK set; fetched when left out"),
        SchemaKey(
            "servers.*.authorization_server.jwks_uri", .text("a URL"), .absent,
            "where the issuer's keys are; discovered from the issuer when left out"),
        SchemaKey(
            "servers.*.authorization_server.introspection", .optionalSection, .absent,
            "the issuer is asked about each token, since only it can read them (RFC 7662)"),
        SchemaKey(
            "servers.*.authorization_server.introspection.endpoint", .text("a URL"), .absent,
            "where it is asked; discovered from the issuer when left out"),
        SchemaKey(
            "servers.*.authorization_server.introspection.client_id", .text("a client id"),
            .required, "who the gateway is to the issuer"),
        SchemaKey(
            "servers.*.authorization_server.introspection.client_secret_file", .text("a file"),
            .required, "the file of its secret"),
        SchemaKey(
            "servers.*.authorization_server.introspection.require_audience", .flag, .value("true"),
            "whether the answer must name the audience; one that names another is refused anyway"),
        SchemaKey(
            "servers.*.authorization_server.audience", .text("an audience"), .absent,
            "the audience that tokens must name; the server's URL when left out"),
        SchemaKey(
            "servers.*.authorization_server.scope_claim",
            .choice(["scope", "scp", "permissions"]), .value("scope"),
            "the claim that holds the scopes"),
        SchemaKey(
            "servers.*.authorization_server.user_claim", .text("a claim"), .absent,
            "the claim that holds the user's name, for issuer/user:… in granted_to"),
        SchemaKey(
            "servers.*.authorization_server.groups_claim", .text("a claim"), .absent,
            "the claim that holds the user's groups, for issuer/group:… in granted_to"),
        SchemaKey(
            "servers.*.authorization_server.algorithms",
            .list(of: .choice(["ES256", "RS256", "PS256", "EdDSA"]), minimum: 1),
            .value("[ES256, RS256, PS256, EdDSA]"), "the signature algorithms that are accepted"),
        SchemaKey(
            "servers.*.scopes", .names(.scope, of: .section), .absent,
            "what each scope opens; without it one scope, named after the server, opens everything"
        ),
    ]

    /// The keys of one scope of a server.
    static let scopeKeys: [SchemaKey] = [
        SchemaKey(
            "servers.*.scopes.*.description", .prose, .value("\"\""),
            "what the scope means, in words for the user"),
        SchemaKey(
            "servers.*.scopes.*.tools", .list(of: .either(.text("a pattern"), .section)),
            .value("[]"), "tools that the scope opens: names with * for any run of characters"),
        SchemaKey(
            "servers.*.scopes.*.tools[].name", .text("a pattern"), .required,
            "the tool, when its arguments matter too"),
        SchemaKey(
            "servers.*.scopes.*.tools[].arguments",
            .names(.argument, of: .list(of: .literal, minimum: 1)), .absent,
            "for each argument the values of which it must be one"),
        SchemaKey(
            "servers.*.scopes.*.resources", .list(of: .text("a pattern")), .value("[]"),
            "resources that the scope opens: URIs with *"),
        SchemaKey(
            "servers.*.scopes.*.prompts", .list(of: .text("a pattern")), .value("[]"),
            "prompts that the scope opens: names with *"),
        SchemaKey(
            "servers.*.scopes.*.methods", .list(of: .text("a pattern")), .value("[]"),
            "methods that the gateway does not know and the scope opens: names with *"),
        SchemaKey(
            "servers.*.scopes.*.includes", .list(of: .text("a scope")), .value("[]"),
            "scopes of the same server that this one opens too"),
        SchemaKey(
            "servers.*.scopes.*.initial", .flag, .value("true"),
            "whether the first challenge asks for the scope; false: by step-up only"),
        SchemaKey(
            "servers.*.scopes.*.granted_to", .list(of: .text("a user, group or client")), .absent,
            "who may be granted it: <sign-in>/user:…, <sign-in>/group:…, client:…, or issuer/… for an authorization_server; without it every user"
        ),
        SchemaKey(
            "servers.*.scopes.*.clients",
            .either(.choice(["any", "verified"]), .list(of: .text("domain:… or client:…"))),
            .value("any"), "which clients may be granted it: any, verified, or a list"),
    ]
}
