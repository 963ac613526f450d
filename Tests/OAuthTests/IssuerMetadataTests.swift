import HTTP
import JSON
import Testing

@testable import OAuth

@Suite struct IssuerMetadataTests {
    /// RFC 8414 §3.1 and §5, OpenID Connect Discovery §4.
    @Test(arguments: [
        (
            "https://example.com",
            [
                "https://example.com/.well-known/oauth-authorization-server",
                "https://example.com/.well-known/openid-configuration",
            ]
        ),
        (
            "https://tenant.eu.auth0.com/",
            [
                "https://tenant.eu.auth0.com/.well-known/oauth-authorization-server",
                "https://tenant.eu.auth0.com/.well-known/openid-configuration",
            ]
        ),
        (
            "https://example.com:8443/issuer1",
            [
                "https://example.com:8443/.well-known/oauth-authorization-server/issuer1",
                "https://example.com:8443/.well-known/openid-configuration/issuer1",
                "https://example.com:8443/issuer1/.well-known/openid-configuration",
            ]
        ),
        (
            "https://kc.example.com/realms/a/",
            [
                "https://kc.example.com/.well-known/oauth-authorization-server/realms/a",
                "https://kc.example.com/.well-known/openid-configuration/realms/a",
                "https://kc.example.com/realms/a/.well-known/openid-configuration",
            ]
        ),
    ])
    func `the metadata are looked for where they may be`(
        _ issuer: String, _ places: [String]
    ) throws {
        let uri = try AbsoluteURI(parsing: issuer)
        #expect(IssuerMetadata.places(of: uri).map { "\($0)" } == places)
    }

    private static func document(_ members: String) -> [UInt8] { Array("{\(members)}".utf8) }

    @Test func `the endpoints are taken`() throws {
        let metadata = try IssuerMetadata(
            parsing: Self.document(
                #""issuer":"https://as.example","jwks_uri":"https://as.example/keys","#
                    + #""introspection_endpoint":"https://as.example/i","#
                    + #""token_endpoint":"https://as.example/t""#), of: "https://as.example")
        #expect(metadata.jwksURI.map { "\($0)" } == "https://as.example/keys")
        #expect(metadata.introspectionEndpoint.map { "\($0)" } == "https://as.example/i")
        #expect(metadata.tokenEndpoint.map { "\($0)" } == "https://as.example/t")
    }

    @Test(arguments: [
        "https://as.example/", "https://AS.example", "https://as.example:443",
        "http://as.example", "https://as.example.evil",
    ])
    func `a document of another issuer is refused`(_ named: String) {
        #expect(throws: IssuerMetadataViolation.otherIssuer) {
            try IssuerMetadata(
                parsing: Self.document(#""issuer":"\#(named)""#), of: "https://as.example")
        }
    }

    @Test(
        arguments: [
            (#"{"jwks_uri":"https://as.example/keys"}"#, IssuerMetadataViolation.otherIssuer),
            (#"{"issuer":7}"#, .otherIssuer), ("[]", .notAnObject),
        ] as [(String, IssuerMetadataViolation)])
    func `what is no document of an issuer is refused`(
        _ text: String, _ violation: IssuerMetadataViolation
    ) {
        #expect(throws: violation) {
            try IssuerMetadata(parsing: Array(text.utf8), of: "https://as.example")
        }
        #expect(throws: IssuerMetadataViolation.self) {
            try IssuerMetadata(
                parsing: Self.document(
                    #""issuer":"https://as.example","issuer":"https://as.example""#),
                of: "https://as.example")
        }
    }

    @Test(arguments: [
        "http://as.example/keys", "file:///etc/passwd", "/keys", "", "https://u@as.example/keys",
        "https://as.example/keys#x",
    ])
    func `a place that may not be asked is none`(_ uri: String) throws {
        let metadata = try IssuerMetadata(
            parsing: Self.document(#""issuer":"https://as.example","jwks_uri":"\#(uri)""#),
            of: "https://as.example")
        #expect(metadata.jwksURI == nil)
    }

    @Test func `an issuer of this machine without TLS may have places without it`() throws {
        let metadata = try IssuerMetadata(
            parsing: Self.document(
                #""issuer":"http://127.0.0.1:9","jwks_uri":"http://127.0.0.1:9/keys""#),
            of: "http://127.0.0.1:9")
        #expect(metadata.jwksURI != nil)
    }

    /// RFC 6749 §2.3.1 with its own example, and RFC 7617 §2 for the padding.
    @Test(arguments: [
        ("s6BhdRkqt3", "gX1fBat3bV", "czZCaGRSa3F0MzpnWDFmQmF0M2JW"),
        ("a", "b", "YTpi"), ("a", "bc", "YTpiYw=="), ("ab", "bc", "YWI6YmM="),
        // The colon, the percent sign and the space are encoded before they are joined.
        ("a:b", "c %/?", "YSUzQWI6YyUyMCUyNSUyRiUzRg=="),
    ])
    func `a client shows who it is`(_ id: String, _ secret: String, _ value: String) {
        #expect(
            ClientSecretBasic.value(clientID: id, secret: Array(secret.utf8)) == "Basic \(value)")
    }
}
