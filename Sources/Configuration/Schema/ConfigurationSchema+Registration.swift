extension ConfigurationSchema {
    /// The keys of clients that register themselves, and of the answers that send users back to them.
    static let registrationKeys: [SchemaKey] = [
        SchemaKey(
            "registration", .section, .absent,
            "which clients may register themselves, and how many"),
        SchemaKey(
            "registration.metadata_documents", .choice(["trusted", "any", "off"]),
            .value("trusted"),
            "clients that name themselves by the URL of a document: of trusted_domains, of any host, none"
        ),
        SchemaKey(
            "registration.trusted_domains",
            .list(
                of: .text("a host such as claude.ai, or *. and a domain for the hosts beneath it")),
            .value("[]"),
            "the hosts whose documents prove who a client is; with none, trusted takes no documents"
        ),
        SchemaKey(
            "registration.dynamic", .choice(["open", "token", "approval", "off"]),
            .value("open"),
            "who may register itself (RFC 7591): everybody, who has a token of gatehouse client invite, everybody who then waits for gatehouse client approve, nobody"
        ),
        SchemaKey(
            "registration.software_statements", .list(of: .section), .value("[]"),
            "who vouches for software in signed statements (RFC 7591 §2.3), which win over what a client says"
        ),
        SchemaKey(
            "registration.software_statements[].issuer", .text("an issuer"), .required,
            "iss of the statements, byte for byte"),
        SchemaKey(
            "registration.software_statements[].jwks_file", .text("a file"), .absent,
            "the issuer's public keys, a JWK set; this or jwks_uri"),
        SchemaKey(
            "registration.software_statements[].jwks_uri", .text("a URL"), .absent,
            "where the issuer's public keys are; this or jwks_file"),
        SchemaKey(
            "registration.redirect_uris",
            .list(
                of: .text(
                    "known, loopback, a URI, a host or, in quotes, a scheme such as \"com.example.app:\""
                ), minimum: 1),
            .value("[known, loopback]"),
            "where users may be sent back to: known (callbacks of known products), loopback, a URI, an https host, *. and a host, a scheme and :"
        ),
        SchemaKey(
            "registration.rate", .rate(atMost: maximumRegistrationRate), .value("30/min"),
            "registrations from one address; 429 beyond"),
        SchemaKey(
            "registration.total_rate", .rate(atMost: maximumRegistrationRate), .value("1000/min"),
            "registrations in total; 429 beyond"),
        SchemaKey(
            "registration.client_lifetime", .duration(.seconds(3600)...(.seconds(3650 * 86_400))),
            .value("365d"), "how long a registration is good for; then the client registers again"),
        SchemaKey(
            "iss_parameter", .choice(["on", "off"]), .value("on"),
            "whether the way back to the client names the issuer (RFC 9207); off for clients that fail with it"
        ),
    ]

    private static let maximumRegistrationRate = RequestRate(count: 1_000_000, per: .minute)
}
