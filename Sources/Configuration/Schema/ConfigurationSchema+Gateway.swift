extension ConfigurationSchema {
    /// The keys of the gateway as a whole.
    static let gatewayKeys: [SchemaKey] = [
        SchemaKey(
            "public_url", .text("a URL"), .required, .restart,
            "what clients type; every URL that the gateway gives out begins with it; no path"),
        SchemaKey(
            "listen", .list(of: .section, minimum: 1), .required, .restart,
            "where MCP clients, or the TLS proxy before the gateway, connect"),
        SchemaKey(
            "listen[].address", .text("an IP address and a port"), .required, .restart,
            "IP address and port, such as 127.0.0.1:8080 or [::1]:8080"),
        SchemaKey(
            "listen[].tls", .optionalSection, .absent,
            "TLS for the clients of this listener; without it only this machine, or a TLS proxy of yours, may reach it"
        ),
        SchemaKey(
            "listen[].tls.certificate", .text("a file"), .required,
            "a file in PEM: the certificate, then those that lead to an authority; read again at SIGHUP"
        ),
        SchemaKey(
            "listen[].tls.private_key", .text("a file"), .required,
            "a file in PEM: the key of the certificate, without a password"),
        SchemaKey(
            "servers", .names(.identifier, of: .section), .required,
            "the MCP servers behind the gateway, each under a name of your own"),
        SchemaKey(
            "sign_in", .names(.identifier, of: .section), .absent,
            "the sources of identities that granted_to names; only servers with an authorization_server do without"
        ),
        SchemaKey(
            "health", .optionalSection, .absent, .restart,
            "a listener with /livez, /readyz and /metrics, nothing else"),
        SchemaKey(
            "health.address", .text("an IP address and a port"), .required, .restart,
            "IP address and port of the health listener"),
        SchemaKey(
            "state", .text("sqlite: and a file"), .value("sqlite:gatehouse.db"), .restart,
            "where signing keys and grants are kept: sqlite: and a file"),
        SchemaKey(
            "master_key_file", .text("a file"), .absent, .restart,
            "a file with 64 hexadecimal digits that protect the keys kept in the state"),
        SchemaKey(
            "workers", .countOr("auto", 1...256), .value("auto"), .restart,
            "event loops; auto is one per core"),
        SchemaKey("tokens", .section, .absent, "the tokens that the gateway issues"),
        SchemaKey(
            "tokens.access_lifetime", .duration(.seconds(1)...(.seconds(30 * 86_400))),
            .value("1h"), "how long an access token is valid"),
        SchemaKey(
            "tokens.refresh_lifetime", .duration(.seconds(1)...(.seconds(3650 * 86_400))),
            .value("30d"), "how long a grant can be refreshed; then the user signs in again"),
        SchemaKey(
            "tokens.refresh_reuse_grace", .duration(.seconds(0)...(.seconds(600))), .value("30s"),
            "how long a replaced refresh token still gets the same successor; 0s: never"),
        SchemaKey(
            "tokens.algorithm", .choice(["ES256", "RS256", "PS256", "EdDSA"]), .value("ES256"),
            .restart, "how access tokens and identity tokens are signed"),
        SchemaKey(
            "tokens.dpop", .choice(["off", "allowed", "required"]), .value("allowed"),
            "access tokens bound to a key of the client (DPoP, RFC 9449): off, allowed where the client wants it, or required of every client"
        ),
        SchemaKey(
            "tokens.dpop_nonce", .choice(["on", "off"]), .value("on"),
            "whether proofs of keys must hold a nonce of the gateway, which changes every 150 seconds"
        ),
        SchemaKey("log", .section, .absent, "what is logged, as one JSON object a line"),
        SchemaKey(
            "log.level", .choice(["debug", "info", "warning", "error"]), .value("info"),
            "the least serious message that is written"),
        SchemaKey(
            "log.access", .choice(["on", "off"]), .value("on"),
            "one line for every request"),
        SchemaKey(
            "log.to", .text("stdout, stderr or file and a path"), .value("stdout"), .restart,
            "stdout, stderr, or file and a path, such as file gatehouse.log"),
    ]
}
