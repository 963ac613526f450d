import AuthorizationServer
import Testing

@testable import Configuration

@Suite("Registration") struct RegistrationTests {
    let workshop: Workshop

    init() throws {
        workshop = try Workshop()
    }

    @Test(arguments: [
        ("known", RegistrationOptions.RedirectRule.known), ("loopback", .loopback),
        ("https://app.example.com/callback", .exactly("https://app.example.com/callback")),
        ("https://app.example.com:8443/", .exactly("https://app.example.com:8443/")),
        ("https://intranet/callback", .exactly("https://intranet/callback")),
        ("http://127.0.0.1:3118/callback", .exactly("http://127.0.0.1:3118/callback")),
        ("http://localhost/callback", .exactly("http://localhost/callback")),
        ("com.example.app:/callback", .exactly("com.example.app:/callback")),
        (
            "cursor://anysphere.cursor-mcp/oauth/callback",
            .exactly("cursor://anysphere.cursor-mcp/oauth/callback")
        ),
        ("app.example.com", .host("app.example.com")), ("1.example.com", .host("1.example.com")),
        ("xn--bcher-kva.example", .host("xn--bcher-kva.example")),
        ("*.example.com", .host("*.example.com")), ("com.example.app:", .scheme("com.example.app")),
        ("cursor:", .scheme("cursor")),
    ])
    func `an entry of redirect_uris is one rule`(
        _ entry: String, _ rule: RegistrationOptions.RedirectRule
    ) throws {
        let text = Workshop.least + "registration: { redirect_uris: [\"\(entry)\"] }\n"
        #expect(workshop.findings(text) == [])
        #expect(workshop.read(text).configuration?.registration.redirectURIs == [rule])
    }

    @Test func `an entry that is there twice counts once`() throws {
        let text = Workshop.least + "registration: { redirect_uris: [loopback, known, loopback] }\n"
        #expect(
            workshop.read(text).configuration?.registration.redirectURIs == [.loopback, .known])
    }

    @Test func `whoever vouches for software is read with keys or their place`() throws {
        let text =
            Workshop.least
            + "registration: { software_statements: [{ issuer: a, jwks_file: keys.json }, { issuer: b, jwks_uri: https://b.example/k }] }\n"
        #expect(workshop.findings(text) == [])
        let configuration = try #require(workshop.read(text).configuration)
        let issuers = configuration.registration.softwareStatements
        #expect(issuers.map(\.issuer) == ["a", "b"])
        guard case .set = issuers[0].keys, case .url = issuers[1].keys else {
            Issue.record("the keys are elsewhere")
            return
        }
        for line in ["a, keys one", "b, keys at https://b.example/k"] {
            #expect(configuration.summary.contains("\nstatements of   \(line)\n"))
        }
    }

    @Test(arguments: [
        ("1000000/min", 1_000_000), ("16666/s", 999_960), ("60000000/h", 1_000_000), ("1/h", 1),
        ("119/h", 1), ("1/min", 1),
    ])
    func `a rate is told per minute, and never as none`(_ rate: String, _ perMinute: Int) throws {
        let text = Workshop.least + "registration: { rate: \(rate), total_rate: \(rate) }\n"
        let registration = try #require(workshop.read(text).configuration).registration
        #expect(registration.perMinute == perMinute)
        #expect(registration.totalPerMinute == perMinute)
    }

    @Test(arguments: [
        "access_lifetime: 2h, refresh_lifetime: 2h", "access_lifetime: 30d",
        "refresh_reuse_grace: 0s", "refresh_reuse_grace: 10m", "refresh_lifetime: 3650d",
    ])
    func `lifetimes at their ends are taken`(_ keys: String) {
        #expect(workshop.findings(Workshop.least + "tokens: { \(keys) }\n") == [])
    }

    @Test(arguments: [
        "Ticket desk", "Bücherei 📚", "می\u{200C}خواهم", String(repeating: "x", count: 100),
    ])
    func `a title may be in any script`(_ title: String) throws {
        let text = Workshop.least.replacing(
            "demo: { path", with: "demo: { title: \"\(title)\", path")
        #expect(workshop.findings(text) == [])
        #expect(workshop.read(text).configuration?.servers.first?.title == title)
    }

    @Test(arguments: [
        "/.well-known", "/authorize", "/consent", "/token", "/register", "/revoke", "/introspect",
        "/par", "/jwks", "/identity-jwks", "/sign-in", "/sign-out", "/account",
    ])
    func `no server takes a path of the gateway`(_ reserved: String) {
        func findings(_ path: String) -> [String] {
            workshop.findings(Workshop.least.replacing("path: /demo/mcp", with: "path: \(path)"))
        }
        for path in [reserved, "\(reserved)/mcp"] {
            #expect(
                findings(path) == [
                    #"5:17: "servers.demo.path" must not be beneath \#(reserved), which the gateway answers itself; found "\#(path)""#
                ])
        }
        #expect(findings("\(reserved)s") == [])
        #expect(findings("/mcp\(reserved)") == [])
    }
}
