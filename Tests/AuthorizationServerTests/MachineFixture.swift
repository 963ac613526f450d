import AuthorizationServer
import Cryptography
import Foundation
import HTTP
import JOSE
import JSON
import OAuth
import Storage
import Testing

/// The endpoints with clients that the operator named, and issuers that may speak for others.
enum MachineFixture {
    static let secret = "a secret of the robot, long enough"
    static let identityProvider = "https://idp.example"
    static let platform = "https://cluster.example"
    static let wikiURL = "\(TokenFixture.issuer)/wiki/mcp"
    static let ticketsURL = "\(TokenFixture.issuer)/tickets/mcp"

    /// The clients: `robot` with a secret, `signer` with keys, `distant` with keys elsewhere, `pod` that
    /// is public, and `app` with users.
    static func clients() throws -> [ClientEntry] {
        let scopes = ScopeSet(parsing: "run read wiki")
        let keys = ClientKeys.set(try MachineKeys.set())
        let callback = try #require(RedirectURI(TokenFixture.callback))
        func url(_ text: String) throws -> ClientKeys { .url(try AbsoluteURI(parsing: text)) }
        return [
            ClientEntry(
                id: "robot", name: "Robot", credential: .secret(SecretBytes(Array(secret.utf8))),
                grants: [.clientCredentials, .jwtBearer], scopes: scopes, servers: ["tickets"]),
            ClientEntry(
                id: "signer", name: "Signer", credential: .keys(keys),
                grants: [.clientCredentials, .jwtBearer], scopes: scopes),
            ClientEntry(
                id: "distant", name: "Distant", credential: .keys(try url(MachineKeys.place)),
                grants: [.clientCredentials], scopes: scopes),
            ClientEntry(
                id: "lost", name: "Lost", credential: .keys(try url(MachineKeys.unreachable)),
                grants: [.clientCredentials], scopes: scopes),
            ClientEntry(
                id: "pod", name: "Pod", credential: .none, grants: [.jwtBearer], scopes: scopes,
                servers: ["tickets"]),
            ClientEntry(
                id: "app", name: "App", credential: .secret(SecretBytes(Array(secret.utf8))),
                redirectURIs: [callback],
                grants: [.authorizationCode, .refreshToken, .tokenExchange],
                scopes: ScopeSet(parsing: "read write wiki"),
                exchanges: [
                    ClientEntry.Exchange(
                        from: "tickets", to: "wiki", scopes: try #require(ScopeSet(parsing: "wiki"))
                    )
                ]),
        ]
    }

    static func issuers() throws -> [AssertionIssuer] {
        let keys = ClientKeys.set(try MachineKeys.set())
        func rule(_ text: String, _ client: String) throws -> AssertionIssuer.Workloads.Rule {
            .init(subject: try #require(SubjectPattern(text)), clientID: client)
        }
        return [
            AssertionIssuer(
                issuer: identityProvider, keys: keys,
                subjects: .users(.init(source: "local", nameClaim: "login"))),
            AssertionIssuer(
                issuer: platform, keys: keys,
                subjects: .workloads(
                    .init(
                        audience: nil,
                        rules: [
                            try rule("system:serviceaccount:ci:*", "pod"), try rule("one", "robot"),
                        ]))),
        ]
    }

    /// Fixtures whose tickets have a scope that machines may run.
    static func make(
        _ change: (inout AuthorizationServerOptions) throws -> Void = { _ in }
    ) async throws -> TokenFixture {
        try await TokenFixture { options in
            options.clients = try clients()
            options.assertionIssuers = try issuers()
            let machines = ["robot", "signer", "distant", "lost", "pod"].map { "client:\($0)" }
            options.resources[0].scopes.append(
                try TokenFixture.scope(
                    "run", includes: ["read"], isInitial: false, grantedTo: machines))
            try change(&options)
        }
    }
}

extension TokenFixture {
    /// The answer to a client that sends its secret by HTTP Basic.
    func postBasic(
        _ form: [String: String], id: String = "robot", secret: String = MachineFixture.secret,
        seconds: Int64 = 0
    ) async throws -> EndpointResponse {
        let pair = Data("\(id):\(secret)".utf8).base64EncodedString()
        return await endpoint.respond(
            to: try Self.request(
                Self.encoded(form),
                fields: "Content-Type: application/x-www-form-urlencoded\r\n"
                    + "Authorization: Basic \(pair)\r\n", at: (Self.now + seconds) * 1000))
    }

    /// What a client signs to say who it is, with some claims changed, or left out if nil.
    static func clientAssertion(
        _ changes: [String: Any?] = [:], header: [String: Any?] = [:],
        by key: SigningKey = MachineKeys.own, id: String = "signer"
    ) throws -> String {
        var claims: [String: Any?] = [
            "iss": id, "sub": id, "aud": issuer, "exp": now + 60, "iat": now,
            "jti": UUID().uuidString,
        ]
        for (name, value) in changes { claims[name] = .some(value) }
        return try MachineKeys.jwt(claims, header: header, by: key)
    }

    /// The parameters of a client that authenticates by an assertion.
    static func signed(_ assertion: String, _ more: [String: String] = [:]) -> [String: String] {
        [
            "client_assertion_type": ClientCredentials.assertionType,
            "client_assertion": assertion,
        ].merging(more) { $1 }
    }

    /// What an identity provider says of ann to the robot, with some claims changed.
    static func identityAssertion(
        _ changes: [String: Any?] = [:], header: [String: Any?] = [:],
        by key: SigningKey = MachineKeys.own
    ) throws -> String {
        var claims: [String: Any?] = [
            "iss": MachineFixture.identityProvider, "sub": "00u1", "login": "ann", "aud": issuer,
            "resource": MachineFixture.ticketsURL, "client_id": "robot", "jti": UUID().uuidString,
            "exp": now + 300, "iat": now,
        ]
        for (name, value) in changes { claims[name] = .some(value) }
        var head: [String: Any?] = ["typ": "oauth-id-jag+jwt"]
        for (name, value) in header { head[name] = .some(value) }
        return try MachineKeys.jwt(claims, header: head, by: key)
    }

    /// What a platform says of a program, with some claims changed.
    static func workloadAssertion(
        _ changes: [String: Any?] = [:], header: [String: Any?] = [:]
    ) throws -> String {
        var claims: [String: Any?] = [
            "iss": MachineFixture.platform, "sub": "system:serviceaccount:ci:build",
            "aud": issuer, "exp": now + 3000, "iat": now, "jti": UUID().uuidString,
        ]
        for (name, value) in changes { claims[name] = .some(value) }
        return try MachineKeys.jwt(claims, header: header)
    }
}

extension EndpointResponse {
    /// The members of a JSON answer that are texts.
    var texts: [String: String] {
        let members = (try? JSONDocument(parsing: body))?.root.members.map { $0 } ?? []
        return Dictionary(
            members.compactMap { member in
                guard let name = member.name.string, let text = member.value.string else {
                    return nil
                }
                return (name, text)
            }
        ) { first, _ in first }
    }
}
