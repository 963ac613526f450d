import AuthorizationServer
import Foundation
import HTTP
import OAuth
import Storage
import Testing

@Suite struct ClientAuthenticationTests {
    static let now = RegistrationFixture.now

    /// How a request says which client it is from.
    enum Way: String, CaseIterable, Sendable {
        case none, post, basic, emptyPost, emptyBasic, wrongPost, wrongBasic
    }

    static func credentials(
        _ way: Way, _ id: String, _ secret: String
    ) throws -> ClientCredentials {
        var fields = Fields()
        var form = "client_id=\(id)"
        let wrong = (secret.hasPrefix("A") ? "B" : "A") + secret.dropFirst()
        func basic(_ secret: String) {
            let value = Data("\(id):\(secret)".utf8).base64EncodedString()
            fields.append(FieldName(.authorization), "Basic \(value)")
        }
        switch way {
        case .none: break
        case .post: form += "&client_secret=\(secret)"
        case .wrongPost: form += "&client_secret=\(wrong)"
        case .emptyPost: form += "&client_secret="
        case .basic: basic(secret)
        case .wrongBasic: basic(wrong)
        case .emptyBasic: basic("")
        }
        let parameters = try FormParameters(parsing: Array(form.utf8)[...])
        return try ClientCredentials(fields, parameters)
    }

    @Test(arguments: Way.allCases, ["none", "client_secret_post", "client_secret_basic"])
    func `a client proves itself by its secret if it has one, else by nothing`(
        way: Way, method: String
    ) async throws {
        let fixture = try await RegistrationFixture()
        let body = RegistrationFixture.body("Tool", ["http://localhost/cb"], method: method)
        let registration = try await fixture.register(body)
        let other = RegistrationFixture.body(
            "Tool", ["http://localhost/cb"], method: "client_secret_post")
        let foreign = try await fixture.register(other).secret
        let secret = try #require(registration.secret ?? foreign)
        let credentials = try Self.credentials(way, registration.clientID, secret)
        let authentication = ClientAuthentication(directory: fixture.directory())
        // RFC 6749 §3.1 — a parameter without a value is as good as none.
        let isProven =
            method == "none" ? way == .none || way == .emptyPost : way == .post || way == .basic
        if isProven {
            let client = try await authentication.client(credentials, for: nil, at: Self.now)
            #expect(client.id == registration.clientID)
        } else {
            let error = await #expect(throws: OAuthError.self) {
                try await authentication.client(credentials, for: nil, at: Self.now)
            }
            #expect(error?.code == .invalidClient)
        }
    }

    @Test func `the secret of another client proves nothing`() async throws {
        let fixture = try await RegistrationFixture()
        let body = RegistrationFixture.body(
            "Tool", ["http://localhost/cb"], method: "client_secret_post")
        let first = try await fixture.register(body)
        let second = try await fixture.register(body)
        let credentials = try Self.credentials(.post, first.clientID, try #require(second.secret))
        let authentication = ClientAuthentication(directory: fixture.directory())
        let error = await #expect(throws: OAuthError.self) {
            try await authentication.client(credentials, for: nil, at: Self.now)
        }
        #expect(error?.code == .invalidClient)
    }

    @Test func `an unknown client is told the same as one that fails`() async throws {
        let fixture = try await RegistrationFixture()
        let body = RegistrationFixture.body(
            "Tool", ["http://localhost/cb"], method: "client_secret_post")
        let known = try await fixture.register(body).clientID
        let authentication = ClientAuthentication(directory: fixture.directory())
        var errors: [OAuthError?] = []
        for id in [known, "dAAAA", "nobody"] {
            let credentials = try Self.credentials(.wrongPost, id, "secret")
            errors.append(
                await #expect(throws: OAuthError.self) {
                    try await authentication.client(credentials, for: nil, at: Self.now)
                })
        }
        #expect(errors.allSatisfy { $0 == errors.first })
        #expect(errors.first??.code == .invalidClient)
    }

    @Test func `a store that fails is no failure of the client`() async throws {
        let fixture = try await RegistrationFixture()
        let registration = try await fixture.register(
            RegistrationFixture.body("Tool", ["http://localhost/cb"]))
        await fixture.store.close()
        let credentials = try Self.credentials(.none, registration.clientID, "")
        let authentication = ClientAuthentication(directory: fixture.directory())
        let error = await #expect(throws: OAuthError.self) {
            try await authentication.client(credentials, for: nil, at: Self.now)
        }
        #expect(error?.code == .temporarilyUnavailable)
    }
}
