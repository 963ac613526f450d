import HTTP
import ResourceServer
import Testing

@testable import Configuration

@Suite("Foreign issuers") struct ForeignIssuerTests {
    let workshop: Workshop

    init() throws { workshop = try Workshop() }

    /// The one server of a file, with these lines.
    private func server(_ lines: String) throws -> (ServerOptions, summary: String) {
        let text = """
            public_url: https://mcp.example.com
            listen: [{ address: 127.0.0.1:8080 }]
            sign_in: { local: { kind: users, file: users } }
            servers:
              search:
                path: /search/mcp
                upstream: http://127.0.0.1:9000/mcp

            """
        let file = text + lines.split(separator: "\n").map { "    \($0)\n" }.joined()
        #expect(workshop.findings(file) == [])
        let configuration = try #require(workshop.read(file).configuration)
        return (try #require(configuration.servers.first), configuration.summary)
    }

    private func judging(_ server: ServerOptions) -> ForeignIssuerOptions.Judging? {
        guard case .foreign(let options) = server.tokenSource else { return nil }
        return options.judging
    }

    private var secret: Secret {
        Secret(
            Array("s3cr3t-for-tickets".utf8),
            file: workshop.path.dropLast("gateway.conf".count) + "secrets/tickets")
    }

    @Test func `an issuer alone is asked for its keys`() throws {
        let (server, summary) = try server(
            "authorization_server: { issuer: https://login.example.com }")
        #expect(judging(server) == .asking(.discovery))
        #expect(summary.contains("mcp, keys discovered from the issuer\n"), "\(summary)")
    }

    @Test func `keys may be at a URL`() throws {
        let uri = "https://keys.example.com/set"
        let (server, summary) = try server(
            "authorization_server: { issuer: https://login.example.com, jwks_uri: \(uri) }")
        #expect(judging(server) == .asking(.keys(try AbsoluteURI(parsing: uri))))
        #expect(summary.contains("mcp, keys of \(uri)\n"), "\(summary)")
    }

    @Test func `an issuer may be asked about each token`() throws {
        let client = "client_id: gateway, client_secret_file: secrets/tickets"
        let (server, summary) = try server(
            "authorization_server: { issuer: https://login.example.com, introspection: { \(client) } }"
        )
        #expect(
            judging(server)
                == .asking(
                    .introspection(
                        IntrospectionOptions(
                            endpoint: nil, clientID: "gateway", clientSecret: secret,
                            requiresAudience: true))))
        #expect(summary.contains("mcp, each asked about at the issuer\n"), "\(summary)")
    }

    @Test func `check says which tokens are taken though nobody says that they are for here`()
        throws
    {
        let more =
            "client_id: gateway, client_secret_file: secrets/tickets, require_audience: false, endpoint: http://127.0.0.1:9/i"
        let (server, summary) = try server(
            "authorization_server: { issuer: https://login.example.com, introspection: { \(more) } }"
        )
        guard case .asking(.introspection(let options)) = judging(server) else {
            Issue.record("the issuer is not asked")
            return
        }
        #expect(!options.requiresAudience)
        #expect("\(try #require(options.endpoint))" == "http://127.0.0.1:9/i")
        #expect(
            summary.contains(
                "each asked about at http://127.0.0.1:9/i, taken too where it names no audience\n"),
            "\(summary)")
        #expect(!summary.contains("s3cr3t"))
    }

    @Test func `tokens may be exchanged`() throws {
        let (server, summary) = try server(
            """
            upstream_authorization:
              kind: token_exchange
              token_endpoint: https://login.example.com/token
              client_id: gateway
              client_secret_file: secrets/tickets
              audience: urn:search
              scope: search:read search:write
              header: X-Token
            """)
        #expect(
            server.upstream.credential
                == .exchange(
                    TokenExchangeOptions(
                        issuer: nil,
                        tokenEndpoint: try AbsoluteURI(parsing: "https://login.example.com/token"),
                        clientID: "gateway", clientSecret: secret, audience: "urn:search",
                        scope: "search:read search:write", header: "X-Token")))
        #expect(
            summary.contains(
                "with tokens for urn:search in X-Token, exchanged at https://login.example.com/token for identity tokens\n"
            ), "\(summary)")
        #expect(summary.contains("\nidentity keys   "))
        #expect(!summary.contains("s3cr3t"))
    }

    @Test(arguments: [
        ("https://login.example.com", false), ("https://login.example.com/", true),
        ("https://other.example.com", true),
    ])
    func `a provider is shown the caller's own token only where that is its own`(
        _ provider: String, _ showsIdentity: Bool
    ) throws {
        let (server, summary) = try server(
            """
            authorization_server: { issuer: https://login.example.com, jwks_file: keys.json }
            upstream_authorization: { kind: token_exchange, issuer: "\(provider)", client_id: g, client_secret_file: secrets/tickets }
            """)
        #expect(server.showsIdentity == showsIdentity)
        #expect(
            summary.contains(
                "exchanged at \(provider) for \(showsIdentity ? "identity tokens" : "the caller's tokens")\n"
            ), "\(summary)")
        guard case .exchange(let options) = server.upstream.credential else {
            Issue.record("nothing is exchanged")
            return
        }
        #expect(options.audience == "http://127.0.0.1:9000/mcp")
        #expect(options.header == nil && options.scope == nil && options.tokenEndpoint == nil)
    }
}
