import AuthorizationServer
import Cryptography
import HTTP
import Testing

@testable import Configuration

@Suite("Sign-in sources") struct SignInSourceTests {
    private static func text(_ lines: String) -> String {
        """
        public_url: https://mcp.example.com
        listen: [{ address: 127.0.0.1:8080 }]
        sign_in:
        \(lines)
        servers:
          demo: { path: /demo/mcp, upstream: http://127.0.0.1:9000/mcp, scopes: { read: { tools: ["*"], granted_to: ["sso/group:support"] } } }
        """
    }

    private static let sources = """
          local: { kind: users, file: users }
          sso:
            kind: oidc
            title: Example SSO
            issuer: https://login.example.com/
            client_id: gatehouse
            client_secret_file: secrets/oidc
            scopes: [openid, groups]
            groups_claim: groups
            name_claim: email
            max_age: 8h
          hub:
            kind: oauth2
            authorization_endpoint: https://hub.example/authorize
            token_endpoint: https://hub.example/token
            userinfo_endpoint: https://api.hub.example/user
            client_id: g
            user_claim: id
        """

    @Test func `any number of providers stands beside a users file, in the order of the file`()
        throws
    {
        let outcome = try Workshop().read(Self.text(Self.sources))
        let configuration = try #require(outcome.configuration)
        #expect(configuration.signIn.map(\.name) == ["local", "sso", "hub"])
        #expect(configuration.signIn.map(\.title) == ["local", "Example SSO", "hub"])
        #expect(configuration.signIn.usersFiles.map(\.source) == ["local"])
        let providers = configuration.signIn.providers
        try #require(providers.count == 2)
        // Byte for byte, with its slash.
        #expect(providers[0].kind == .openID(issuer: "https://login.example.com/"))
        #expect(providers[0].clientID == "gatehouse" && providers[0].maxAge == 8 * 3600)
        #expect(providers[0].clientSecret?.bytes == Array("s3cr3t-for-the-provider".utf8))
        #expect(providers[0].askedScopes == ["openid", "groups"])
        #expect(providers[0].groupsClaim == "groups" && providers[0].nameClaim == "email")
        #expect(providers[0].callbackPath == "/sign-in/callback/sso")
        #expect(providers[1].issuer == "https://api.hub.example/user")
        #expect(providers[1].maxAge == 86_400 && providers[1].clientSecret == nil)
        guard case .oauth(let endpoints) = providers[1].kind else {
            Issue.record("no OAuth provider")
            return
        }
        #expect(endpoints.userClaim == "id" && endpoints.token.host.text == "hub.example")
    }

    @Test func `the summary names providers and shows no secret`() throws {
        let configuration = try #require(
            try Workshop().read(Self.text(Self.sources)).configuration)
        let summary = configuration.summary
        #expect(summary.contains("sso (OpenID Connect at https://login.example.com/)"))
        #expect(summary.contains("hub (OAuth 2.0 at https://hub.example/authorize)"))
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in [summary, "\(configuration)", dumped] { #expect(!text.contains("s3cr3t")) }
        // As numbers neither.
        #expect(!dumped.filter { !$0.isWhitespace }.contains("-115-51-99-114"))
    }
}
