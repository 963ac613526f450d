import Testing

@testable import Configuration

@Suite("Restart and summary") struct RestartAndSummaryTests {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
    }

    @Test(arguments: [
        ("https://mcp.example.com\n", "https://other.example.com\n", ["public_url"]),
        ("10.0.0.7:8080", "10.0.0.7:8081", ["listen"]),
        ("health: { address: 0.0.0.0:9091 }\n", "", ["health"]),
        ("state.db", "other.db", ["state"]),
        ("master_key_file: secrets/master-key\n", "", ["master_key_file"]),
        ("workers: 3", "workers: 4", ["workers"]),
        ("algorithm: EdDSA", "algorithm: ES256", ["tokens.algorithm"]),
        ("file gatehouse.log", "stderr", ["log.to"]),
        ("field_count: 50", "connections: 50", ["limits.connections"]),
        (
            "field_count: 50", "connections_per_address: 50",
            ["limits.connections_per_address"]
        ),
        ("workers: 3\nto", "workers: 3\nto", []),
        ("access_lifetime: 10m", "access_lifetime: 5m", []),
        ("refresh_lifetime: 600s", "refresh_lifetime: 20d", []),
        ("refresh_reuse_grace: 0s", "refresh_reuse_grace: 10m", []),
        ("dynamic: off", "dynamic: open", []),
        ("    - loopback\n", "", []),
        ("rate: 2/s", "rate: 3/s", []),
        ("total_rate: 59/h", "total_rate: 1000000/min", []),
        ("client_lifetime: 2h", "client_lifetime: 1h", []),
        ("allow_private: [10.0.0.0/8, \"::1/128\"]", "allow_private: []", []),
        ("ca_file: authorities.pem", "ca_file: system", []),
        ("iss_parameter: off", "iss_parameter: on", []),
        ("title: Ticket desk", "title: Tickets", []),
        ("concurrent: 9", "concurrent: 10", []),
        ("drain: 0s", "drain: 1s", []),
        ("level: warning", "level: debug", []),
        ("tools: [get_*]", "tools: [put_*]", []),
    ])
    func `the keys that need a restart are named`(
        _ old: String, _ new: String, _ keys: [String]
    ) throws {
        let before = try #require(workshop.read(ConfigurationFileTests.whole).configuration)
        let text = ConfigurationFileTests.whole.replacing(old, with: new, maxReplacements: 1)
        let after = try #require(workshop.read(text).configuration)
        #expect(GatewayConfiguration.restartNeeded(from: before, to: after) == keys)
    }

    @Test func `the summary says what will be served`() throws {
        let configuration = try #require(workshop.read(ConfigurationFileTests.whole).configuration)
        let directory = workshop.path.dropLast("gateway.conf".count)
        #expect(
            configuration.summary == """
                public URL      https://mcp.example.com
                listening on    10.0.0.7:8080, [fd00::7]:8080
                health on       0.0.0.0:9091 (/livez, /readyz, /metrics)
                state           sqlite:/var/lib/gatehouse/state.db
                identity keys   https://mcp.example.com/identity-jwks (EdDSA)
                outbound        10.0.0.0/8, ::1/128 too, http there as well; authorities of \(directory)authorities.pem only
                tokens          EdDSA, valid for 10m, refreshed for 10m
                sign-in by      local (users of \(directory)users)
                documents       metadata documents of any host; verified are those of claude.ai, *.example.com, localhost:8443
                registration    off
                redirects to    loopback, https://app.example.com/callback?x=1, app.example.com, *.example.com, com.example.app:
                iss parameter   off, neither sent nor announced

                server tickets
                  title         Ticket desk
                  clients use   https://mcp.example.com/tickets/mcp
                  upstream      http://tickets.internal:9000/mcp by HTTP+SSE with X-Api-Key of \(directory)secrets/tickets
                  tokens from   this gateway
                  limits        600/min for each user and client
                                6000/min and 512 at a time for all together
                                deploy 5/h and 1 at a time for all together
                                search* 2/s for each user and client
                                deploy 2 at a time for each user and client
                  scope tickets:read
                    tools       get_*
                    resources   ticket://*
                    prompts     *
                  scope tickets:admin (by step-up only)
                    tools       delete_*, deploy if environment = staging | test-* | 3 | -1.5e3 | true | null | 3 | true | 0x1f
                    methods     x/*
                    includes    tickets:read
                    granted to  local/group:support, local/user:lee, client:ci
                    clients     verified
                  scope named
                    tools       x
                    clients     domain:claude.ai, client:ci

                server search
                  clients use   https://mcp.example.com/search/mcp
                  upstream      http://127.0.0.1:9002 with identity tokens for urn:inner in X-Identity
                  tokens from   https://tenant.eu.auth0.com/ for urn:search, keys of \(directory)keys.json, users by sub, groups by https://tenant.example/groups
                  scope search  opens everything, since the file names no scopes

                """)
    }

    @Test func `the summary says how clients register by default`() throws {
        let lines = try #require(workshop.read(Workshop.least).configuration)
            .summary.split(separator: "\n")
        let directory = workshop.path.dropLast("gateway.conf".count)
        #expect(
            lines[2...] == [
                "state           sqlite:\(directory)gatehouse.db",
                "tokens          ES256, valid for 1h, refreshed for 30d",
                "sign-in by      local (users of \(directory)users)",
                "documents       off until registration.trusted_domains names whose metadata documents are taken",
                "registration    open, 30/min per address, 1000/min in total, good for 365d",
                "redirects to    known, loopback", "server demo",
                "  clients use   http://127.0.0.1:8080/demo/mcp",
                "  upstream      http://127.0.0.1:9000/mcp", "  tokens from   this gateway",
                "  scope demo    opens everything, since the file names no scopes",
            ])
    }

    @Test(arguments: [
        (
            "to: stdout",
            "stdout, signed every 1m; nothing is forwarded or issued while it cannot be written"
        ),
        (
            "to: file /var/log/a, on_failure: continue, checkpoint: 5s",
            "file /var/log/a, signed every 5s; requests go on while it cannot be written"
        ),
        (
            "to: syslog, syslog_socket: /run/log",
            "syslog (/run/log), signed every 1m; nothing is forwarded or issued while it cannot be written"
        ),
    ])
    func `the summary says where the audit log goes`(_ keys: String, _ text: String) throws {
        let file = Workshop.least + "audit: { \(keys) }\n"
        #expect(workshop.findings(file) == [])
        let summary = try #require(workshop.read(file).configuration).summary
        #expect(summary.contains("\naudit           \(text)\n"), "\(summary)")
    }

    @Test func `a change of the audit log takes a restart`() throws {
        let before = try #require(workshop.read(Workshop.least).configuration)
        let after = try #require(
            workshop.read(Workshop.least + "audit: { to: stdout }\n").configuration)
        #expect(GatewayConfiguration.restartNeeded(from: before, to: after) == ["audit"])
        #expect(before.audit == nil)
    }

    @Test func `the summary is silent about issuing where every issuer is foreign`() throws {
        let text = """
            public_url: http://127.0.0.1:8080
            listen: [{ address: 127.0.0.1:8080 }]
            servers:
              search:
                path: /search/mcp
                upstream: http://127.0.0.1:9000/mcp
                authorization_server: { issuer: https://login.example.com, jwks_file: keys.json }

            """
        let summary = try #require(workshop.read(text).configuration).summary
        for label in ["tokens  ", "sign-in by", "registration", "redirects to"] {
            #expect(!summary.split(separator: "\n").contains { $0.hasPrefix(label) }, "\(label)")
        }
    }

    @Test(arguments: [
        ("127.0.0.1", IPAddress.Reach.loopback), ("127.255.0.1", .loopback), ("::1", .loopback),
        ("10.1.2.3", .neighbours), ("172.16.0.1", .neighbours), ("172.31.0.1", .neighbours),
        ("172.32.0.1", .anybody), ("192.168.1.1", .neighbours), ("169.254.1.1", .neighbours),
        ("100.64.0.1", .neighbours), ("100.128.0.1", .anybody), ("fd00::1", .neighbours),
        ("fe80::1", .neighbours), ("fec0::1", .anybody), ("2001:db8::1", .anybody),
        ("::ffff:127.0.0.1", .anybody), ("8.8.8.8", .anybody), ("0.0.0.0", .everyAddress),
        ("::", .everyAddress),
    ])
    func `who can reach an address is known`(_ text: String, _ reach: IPAddress.Reach) throws {
        #expect(try #require(IPAddress(text)).reach == reach)
    }

    @Test(arguments: [
        "", "127.0.0.1", ":8080", "*:8080", "localhost:8080", "127.1:80", "0127.0.0.1:80",
        "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:080", "127.0.0.1:65536", "127.0.0.1:-1",
        "[127.0.0.1]:80", "::1:80", "[::1]", "[::1%lo]:80", "[::1]x:80", " 127.0.0.1:80",
        "127.0.0.1:80 ",
    ])
    func `what is not an address and a port is refused`(_ text: String) {
        #expect(SocketAddress(text) == nil)
    }
}
