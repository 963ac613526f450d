import AuthorizationServer
import Cryptography
import Foundation
import OAuth
import Testing

/// What clients without a user at the keyboard are told, as test suites of such clients expect it.
@Suite struct MachineErrorTests {
    /// A request: who asks and how it proves itself, the form, and the answer.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let status: Int
        let error: String
        var basic: (id: String, secret: String)?
        let form: [String: String]

        init(
            _ name: String, _ status: Int, _ error: String, basic: (String, String)? = nil,
            _ form: [String: String]
        ) {
            (testDescription, self.status, self.error, self.form) = (name, status, error, form)
            self.basic = basic.map { (id: $0.0, secret: $0.1) }
        }
    }

    private static let robot = ("robot", MachineFixture.secret)
    private static let bearer = GrantType.jwtBearer.rawValue

    static let cases: [Case] = [
        Case("no assertion", 400, "invalid_request", basic: robot, ["grant_type": bearer]),
        Case(
            "an empty assertion", 400, "invalid_request", basic: robot,
            ["grant_type": bearer, "assertion": ""]),
        Case(
            "a public client without assertion", 400, "invalid_request",
            ["grant_type": bearer, "client_id": "pod"]),
        Case(
            "an assertion about a user and a wrong secret", 401, "invalid_client",
            basic: ("robot", "wrong"), ["grant_type": bearer, "assertion": "{user}"]),
        Case(
            "an assertion about a user and no secret", 401, "invalid_client",
            ["grant_type": bearer, "assertion": "{user}", "client_id": "robot"]),
        Case(
            "an assertion about a user and no client", 401, "invalid_client",
            ["grant_type": bearer, "assertion": "{user}"]),
        Case(
            "an assertion about a user of another client", 400, "unauthorized_client",
            basic: ("app", MachineFixture.secret), ["grant_type": bearer, "assertion": "{user}"]),
        Case(
            "the assertion of a grant to authenticate", 401, "invalid_client",
            [
                "grant_type": "client_credentials", "client_assertion": "{user}",
                "client_assertion_type": ClientCredentials.assertionType,
            ]),
        Case(
            "another grant type", 400, "unsupported_grant_type", basic: robot,
            ["grant_type": "urn:ietf:params:oauth:grant-type:saml2-bearer", "assertion": "x"]),
        Case("no grant type", 400, "invalid_request", basic: robot, ["assertion": "x"]),
        Case(
            "a password", 400, "unsupported_grant_type", basic: robot,
            ["grant_type": "password", "username": "ann", "password": "x"]),
        // An identity provider's leg of the ID-JAG is not ours.
        Case(
            "an ID-JAG asked for", 400, "invalid_request",
            basic: ("app", MachineFixture.secret),
            [
                "grant_type": GrantType.tokenExchange.rawValue, "subject_token": "{user}",
                "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
                "requested_token_type": "urn:ietf:params:oauth:token-type:id-jag",
                "audience": TokenFixture.issuer,
            ]),
    ]

    @Test(arguments: cases)
    func `a wrong request is told apart by its registered error`(_ one: Case) async throws {
        let fixture = try await MachineFixture.make()
        let user = try TokenFixture.identityAssertion()
        let form = one.form.mapValues { $0 == "{user}" ? user : $0 }
        let answer =
            if let basic = one.basic {
                try await fixture.postBasic(form, id: basic.id, secret: basic.secret)
            } else {
                try await fixture.post(form)
            }
        #expect(answer.tokenError == one.error, "\(answer.texts)")
        #expect(answer.status == one.status)
        #expect(try await fixture.store.grants(of: nil, limit: 9).isEmpty)
        // What was refused for its client is as good as never shown.
        #expect(
            try await fixture.postBasic(["grant_type": Self.bearer, "assertion": user]).status
                == 200)
    }

    @Test func `id and secret of Basic are percent-decoded for machines too`() async throws {
        let secret = "s:e%c+r e/t, long enough for it"
        let fixture = try await MachineFixture.make { options in
            options.clients[0].id = "https://agent.example/a+b"
            options.clients[0].credential = .secret(SecretBytes(Array(secret.utf8)))
            options.resources[0].scopes[4].grantedTo = ["client:https://agent.example/a+b"]
        }
        func encoded(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        let answer = try await fixture.postBasic(
            ["grant_type": "client_credentials"], id: encoded("https://agent.example/a+b"),
            secret: encoded(secret))
        #expect(answer.status == 200, "\(answer.texts)")
    }
}
