import AuthorizationServer
import Foundation
import ResourceServer
import Testing

@testable import Configuration

@Suite("Configuration file") struct ConfigurationFileTests {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
    }

    @Test func `the least that works loads without a word and has every default`() throws {
        let outcome = workshop.read(Workshop.least)
        #expect(outcome.diagnostics == [])
        let configuration = try #require(outcome.configuration)
        #expect("\(configuration.publicURL)" == "http://127.0.0.1:8080")
        #expect(configuration.listeners.map { "\($0.address)" } == ["127.0.0.1:8080"])
        #expect(configuration.health == nil)
        #expect(configuration.state == .sqlite(file: besides("gatehouse.db")))
        #expect(configuration.masterKey == nil)
        #expect(configuration.workers == .auto)
        #expect(
            configuration.signIn == [
                SignInOptions(name: "local", title: "local", kind: .users(file: besides("users")))
            ])
        #expect(
            configuration.tokens
                == TokenOptions(
                    accessLifetime: .seconds(3600), refreshLifetime: .seconds(30 * 86_400),
                    refreshReuseGrace: .seconds(30), algorithm: .es256))
        #expect(configuration.registration == RegistrationOptions())
        #expect(configuration.sendsIssuer)
        #expect(
            configuration.log
                == LogOptions(level: .info, access: true, destination: .standardOutput))
        #expect(
            configuration.limits
                == LimitOptions(
                    requestLine: 8192, fieldLine: 8192, fields: 32_768, fieldCount: 100,
                    body: 4_194_304, jsonDepth: 64, jsonMemberCount: 10_000, jsonName: 256,
                    event: 4_194_304, connectionCount: 10_000, connectionCountPerAddress: 1000,
                    concurrentCount: 1024, buffer: 262_144))
        #expect(
            configuration.timeouts
                == TimeLimits(
                    head: .seconds(10), body: .seconds(30), idle: .seconds(60), drain: .seconds(30))
        )
    }

    @Test func `a server without further keys has every default`() throws {
        let server = try #require(workshop.read(Workshop.least).configuration?.servers.first)
        #expect(server.name == "demo")
        #expect(server.title == "demo")
        #expect(server.path == "/demo/mcp")
        #expect(server.url == "http://127.0.0.1:8080/demo/mcp")
        #expect("\(server.upstream.url)" == "http://127.0.0.1:9000/mcp")
        #expect(server.upstream.credential == .none)
        #expect(server.upstream.connectTimeout == .seconds(5))
        #expect(server.upstream.firstByteTimeout == .seconds(60))
        #expect(server.upstream.callTimeout == .seconds(3600))
        #expect(server.allowedOrigins.isEmpty)
        #expect(server.transport == .streamable)
        #expect(server.visibility == .granted)
        #expect(
            server.limits
                == ServerLimits(
                    body: 4_194_304, each: RequestLimits(requests: nil, concurrentCount: 1024)))
        #expect(server.tokenSource == .gateway)
        #expect(server.opensEverything)
        #expect(
            server.scopes == [
                ScopeDefinition(
                    name: "demo", tools: [ToolRule(name: "*")], resources: ["*"], prompts: ["*"],
                    methods: ["*"])
            ])
    }

    @Test func `every key of a server is taken`() throws {
        let server = try #require(
            workshop.read(Self.whole).configuration?.servers.first { $0.name == "tickets" })
        let secret = Secret(Array("s3cr3t-for-tickets".utf8), file: besides("secrets/tickets"))
        #expect(server.title == "Ticket desk")
        #expect(server.upstream.credential == .header(name: "X-Api-Key", secret))
        #expect(server.upstream.connectTimeout == .milliseconds(500))
        #expect(server.upstream.firstByteTimeout == .seconds(7))
        #expect(server.upstream.callTimeout == .seconds(600))
        #expect(
            server.allowedOrigins.map { "\($0)" } == [
                "https://app.example.com", "vscode-webview://editor",
            ])
        #expect(server.transport == .sse)
        #expect(server.visibility == .obtainable)
        #expect(
            server.limits
                == ServerLimits(
                    body: 65_536,
                    each: RequestLimits(
                        requests: RequestRate(count: 600, per: .minute), concurrentCount: 64),
                    together: RequestLimits(
                        requests: RequestRate(count: 6000, per: .minute), concurrentCount: 512),
                    tools: [
                        ToolLimits(
                            pattern: try #require(Pattern("deploy")),
                            limits: RequestLimits(
                                requests: RequestRate(count: 5, per: .hour), concurrentCount: 1),
                            isOfEach: false),
                        ToolLimits(
                            pattern: try #require(Pattern("search*")),
                            limits: RequestLimits(
                                requests: RequestRate(count: 2, per: .second)), isOfEach: true),
                        ToolLimits(
                            pattern: try #require(Pattern("deploy")),
                            limits: RequestLimits(concurrentCount: 2), isOfEach: true),
                    ]))
        #expect(!server.opensEverything)
    }

    @Test(
        arguments: [
            ("", "http://h.internal:80/mcp", nil),
            (", header: X-Who", "http://h.internal:80/mcp", "X-Who"),
            (", audience: urn:x", "urn:x", nil),
        ] as [(String, String, String?)])
    func `an identity is for the upstream as written, unless the file says otherwise`(
        _ keys: String, _ audience: String, _ header: String?
    ) throws {
        let text = Workshop.least.replacing(
            "upstream: http://127.0.0.1:9000/mcp",
            with: "upstream: http://h.internal:80/mcp, upstream_authorization: { kind: identity"
                + keys + " }")
        let server = try #require(workshop.read(text).configuration?.servers.first)
        #expect(server.upstream.credential == .identity(audience: audience, header: header))
    }

    @Test func `every key of a scope is taken`() throws {
        let server = try #require(
            workshop.read(Self.whole).configuration?.servers.first { $0.name == "tickets" })
        let values: [ArgumentValue] = [
            .string("staging"), .string("test-*"), .number("3"), .number("-1.5e3"), .bool(true),
            .null, .string("3"), .string("true"), .string("0x1f"),
        ]
        #expect(
            server.scopes == [
                ScopeDefinition(
                    name: "tickets:read", description: "Read tickets",
                    tools: [ToolRule(name: "get_*")], resources: ["ticket://*"], prompts: ["*"]),
                ScopeDefinition(
                    name: "tickets:admin",
                    tools: [
                        ToolRule(name: "delete_*"),
                        ToolRule(
                            name: "deploy",
                            arguments: [
                                ArgumentCondition(argument: "environment", accepted: values)
                            ]),
                    ],
                    methods: ["x/*"], includes: ["tickets:read"], initial: false,
                    grantedTo: ["local/group:support", "local/user:lee", "client:ci"],
                    clients: .verified),
                ScopeDefinition(
                    name: "named", tools: [ToolRule(name: "x")],
                    clients: .listed(["domain:claude.ai", "client:ci"])),
            ])
    }

    @Test func `every key of a foreign issuer is taken`() throws {
        let server = try #require(
            workshop.read(Self.whole).configuration?.servers.first { $0.name == "search" })
        #expect(
            server.tokenSource
                == .foreign(
                    ForeignIssuerOptions(
                        issuer: "https://tenant.eu.auth0.com/",
                        judging: .keyFile(
                            besides("keys.json"), keys: Array(Workshop.keySet.utf8)),
                        audience: "urn:search",
                        scopeClaim: "permissions", userClaim: "sub",
                        groupsClaim: "https://tenant.example/groups", algorithms: [.rs256, .es256]))
        )
    }

    @Test func `the audience is the URL of the server unless named`() throws {
        let text = Self.whole.replacing("      audience: urn:search\n", with: "")
        let server = try #require(
            workshop.read(text).configuration?.servers.first { $0.name == "search" })
        guard case .foreign(let options) = server.tokenSource else {
            Issue.record("the issuer is not foreign")
            return
        }
        #expect(options.audience == "https://mcp.example.com/search/mcp")
        #expect(options.audience == server.url)
    }

    @Test func `every key of the gateway is taken`() throws {
        let configuration = try #require(workshop.read(Self.whole).configuration)
        #expect(
            configuration.listeners.map { "\($0.address)" } == ["10.0.0.7:8080", "[fd00::7]:8080"])
        #expect("\(try #require(configuration.health).address)" == "0.0.0.0:9091")
        #expect(configuration.state == .sqlite(file: "/var/lib/gatehouse/state.db"))
        #expect(configuration.masterKey?.bytes == Array(String(repeating: "ab", count: 32).utf8))
        #expect(configuration.workers == .count(3))
        #expect(
            configuration.tokens
                == TokenOptions(
                    accessLifetime: .seconds(600), refreshLifetime: .seconds(600),
                    refreshReuseGrace: .seconds(0), algorithm: .edDSA))
        #expect(
            configuration.registration
                == RegistrationOptions(
                    metadataDocuments: .any,
                    trustedDomains: ["claude.ai", "*.example.com", "localhost:8443"],
                    dynamic: .off,
                    redirectURIs: [
                        .loopback, .exactly("https://app.example.com/callback?x=1"),
                        .host("app.example.com"), .host("*.example.com"),
                        .scheme("com.example.app"),
                    ], perMinute: 120, totalPerMinute: 1, lifetime: 7200))
        #expect(!configuration.sendsIssuer)
        #expect(
            configuration.log
                == LogOptions(
                    level: .warning, access: false, destination: .file(besides("gatehouse.log"))))
        #expect(configuration.limits.fieldCount == 50)
        #expect(configuration.timeouts.drain == .seconds(0))
        let search = try #require(configuration.servers.last)
        #expect(search.limits.each.concurrentCount == 9)
        #expect(search.upstream.connectTimeout == .seconds(2))
    }

    @Test func `the limits of other modules are filled`() throws {
        let limits = try #require(workshop.read(Self.whole).configuration?.limits)
        #expect(String(describing: limits.message).contains("fieldCount: 50"))
        #expect(String(describing: limits.json).contains("depth: 32"))
    }

    @Test func `sign_in may be left out when every issuer is foreign`() throws {
        let text = """
            public_url: http://127.0.0.1:8080
            listen: [{ address: 127.0.0.1:8080 }]
            servers:
              search:
                path: /search/mcp
                upstream: http://127.0.0.1:9000/mcp
                authorization_server: { issuer: https://login.example.com, jwks_file: keys.json }

            """
        #expect(workshop.findings(text) == [])
    }

    @Test func `what is accepted here is accepted by the policy of the resource server`() throws {
        let configuration = try #require(workshop.read(Self.whole).configuration)
        for server in configuration.servers {
            #expect(throws: Never.self) {
                try ScopePolicy(server.scopes, serverName: server.name)
            }
        }
    }

    @Test func `a server has no more scopes than a policy can hold`() throws {
        let count = ScopePolicy.maximumScopes
        let start = Self.whole.replacing(
            "      tickets:read:", with: "SCOPES      tickets:read:", maxReplacements: 1)
        func text(_ more: Int) -> String {
            let scopes = (0..<more).map { "      s\($0): { tools: [x] }\n" }.joined()
            return start.replacing("SCOPES", with: scopes)
        }
        #expect(workshop.findings(text(count - 3)) == [])
        let findings = workshop.findings(text(count - 2))
        #expect(findings.map { $0.contains("a server can have at most \(count) scopes") } == [true])
    }

    private func besides(_ name: String) -> String {
        String(workshop.path.dropLast("gateway.conf".count)) + name
    }

    static let whole = """
        public_url: https://mcp.example.com
        listen: [{ address: 10.0.0.7:8080 }, { address: "[fd00::7]:8080" }]
        health: { address: 0.0.0.0:9091 }
        state: sqlite:/var/lib/gatehouse/state.db
        master_key_file: secrets/master-key
        workers: 3
        tokens: { access_lifetime: 10m, refresh_lifetime: 600s, refresh_reuse_grace: 0s, algorithm: EdDSA }
        registration:
          metadata_documents: any
          trusted_domains: [claude.ai, "*.example.com", "localhost:8443", claude.ai]
          dynamic: off
          redirect_uris:
            - loopback
            - https://app.example.com/callback?x=1
            - app.example.com
            - "*.example.com"
            - "com.example.app:"
          rate: 2/s
          total_rate: 59/h
          client_lifetime: 2h
        iss_parameter: off
        outbound: { allow_private: [10.0.0.0/8, "::1/128"], ca_file: authorities.pem }
        log: { level: warning, access: off, to: file gatehouse.log }
        limits: { field_count: 50, json_depth: 32, concurrent: 9 }
        timeouts: { drain: 0s, connect: 2s }
        sign_in: { local: { kind: users, file: users } }
        servers:
          tickets:
            title: Ticket desk
            path: /tickets/mcp
            upstream: http://tickets.internal:9000/mcp
            transport: sse
            upstream_authorization: { kind: header, header: X-Api-Key, file: secrets/tickets }
            allowed_origins: [https://app.example.com, vscode-webview://editor]
            visibility: obtainable
            limits:
              body: 64KiB
              requests: 600/min
              concurrent: 64
              server: { requests: 6000/min, concurrent: 512 }
              tools:
                - { name: deploy, requests: 5/h, concurrent: 1 }
                - { name: "search*", requests: 2/s, each: principal }
                - { name: deploy, concurrent: 2, each: principal }
            timeouts: { connect: 500ms, first_byte: 7s, call: 10m }
            scopes:
              tickets:read:
                description: Read tickets
                tools: [get_*]
                resources: ["ticket://*"]
                prompts: ["*"]
              tickets:admin:
                includes: [tickets:read]
                tools:
                  - delete_*
                  - name: deploy
                    arguments:
                      environment: [staging, test-*, 3, -1.5e3, true, null, "3", "true", 0x1f]
                methods: [x/*]
                initial: false
                granted_to: ["local/group:support", "local/user:lee", "client:ci"]
                clients: verified
              named: { tools: [x], clients: ["domain:claude.ai", "client:ci"] }
          search:
            path: /search/mcp
            upstream: http://127.0.0.1:9002
            upstream_authorization: { kind: identity, header: X-Identity, audience: urn:inner }
            authorization_server:
              issuer: https://tenant.eu.auth0.com/
              jwks_file: keys.json
              audience: urn:search
              scope_claim: permissions
              user_claim: sub
              groups_claim: https://tenant.example/groups
              algorithms: [RS256, ES256]

        """
}
