import OAuth
import Testing

@testable import ResourceServer

/// Access tokens as providers issue them.
@Suite struct ProviderShapesTests {
    /// The claims of a provider, and where a server finds the scopes in them.
    struct Provider: Sendable, CustomTestStringConvertible {
        let name: String
        let type: String
        let scopeClaim: ScopeClaim
        let changes: [String: String?]
        let clientID: String

        var testDescription: String { name }
    }

    static let providers = [
        Provider(
            name: "Auth0", type: "JWT", scopeClaim: .scope,
            changes: [
                "aud":
                    #"["https://mcp.example.com/tickets/mcp","https://tenant.eu.auth0.com/userinfo"]"#,
                "sub": #""auth0|5f7c8ec7""#, "azp": #""spa-client""#, "client_id": nil,
                "scope": #""openid profile tickets:read""#, "jti": nil, "gty": #""password""#,
            ], clientID: "spa-client"),
        Provider(
            name: "Auth0 with permissions (RBAC)", type: "at+jwt", scopeClaim: .permissions,
            changes: [
                "azp": #""spa-client""#, "client_id": nil, "scope": #""openid""#,
                "permissions": #"["tickets:read","not a scope"]"#,
            ], clientID: "spa-client"),
        Provider(
            name: "Entra ID, version 2", type: "JWT", scopeClaim: .scp,
            changes: [
                "scope": nil, "scp": #""tickets:read User.Read""#, "azp": #""6e74172b""#,
                "client_id": nil, "oid": #""690222be""#, "tid": #""fa15d692""#, "ver": #""2.0""#,
                "jti": nil, "uti": #""x""#,
            ], clientID: "6e74172b"),
        Provider(
            name: "Entra ID, version 1", type: "JWT", scopeClaim: .scp,
            changes: [
                "scope": nil, "scp": #""tickets:read""#, "appid": #""6e74172b""#,
                "client_id": nil, "appidacr": #""0""#, "ver": #""1.0""#, "jti": nil,
            ], clientID: "6e74172b"),
        Provider(
            // Without `typ`, which is judged like this one.
            name: "Okta", type: "JWT", scopeClaim: .scp,
            changes: [
                "scope": nil, "scp": #"["tickets:read","offline_access"]"#, "cid": #""0oabc""#,
                "client_id": nil, "uid": #""00uid""#, "ver": "1",
            ], clientID: "0oabc"),
        Provider(
            name: "Keycloak", type: "JWT", scopeClaim: .scope,
            changes: [
                "aud": #"["https://mcp.example.com/tickets/mcp","account"]"#,
                "azp": #""kc-client""#, "client_id": nil, "typ": #""Bearer""#,
                "scope": #""email tickets:read profile""#, "sid": #""s""#,
                "realm_access": #"{"roles":["offline_access"]}"#,
            ], clientID: "kc-client"),
        Provider(
            name: "RFC 9068", type: "at+jwt", scopeClaim: .scope, changes: [:], clientID: "cli"),
    ]

    @Test(arguments: providers)
    func `the scopes and the client of a provider's token are found`(
        _ provider: Provider
    ) throws {
        let test = try TestServer(origin: .foreign, scopeClaim: provider.scopeClaim)
        let token = try test.token(provider.changes, type: provider.type)
        let verified = try test.verify(token)
        #expect(verified.clientID == provider.clientID)
        #expect(verified.scopes.tokens.map(\.text).contains("tickets:read"))
        let body = TestServer.call("get_ticket")
        #expect(try test.outcome(token: token, body: body).forwarded != nil)
        let denied = try test.outcome(token: token, body: TestServer.call("delete_ticket"))
        #expect(denied.refusal != nil && denied.forwarded == nil)
    }
}
