import AuthorizationServer
import Foundation
import HTTP
import JSON
import OAuth
import Storage
import Testing

/// A request that the token endpoint refuses, and how (RFC 6749 §5.2).
struct WrongTokenRequest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let status: Int
    let error: String
    /// The form of a good redemption, changed.
    var changes: [String: String?] = [:]
    /// The whole body instead, `{id}`, `{code}` and `{token}` filled in.
    var body: String?
    var method = "POST"
    var fields = "Content-Type: application/x-www-form-urlencoded\r\n"
    var challenged = false

    init(
        _ name: String, _ status: Int = 400, _ error: String = "invalid_request",
        _ changes: [String: String?] = [:]
    ) {
        (testDescription, self.status, self.error, self.changes) = (name, status, error, changes)
    }

    init(_ name: String, _ status: Int = 400, _ error: String = "invalid_request", body: String) {
        self.init(name, status, error)
        self.body = body
    }

    static func typed(_ type: String?) -> WrongTokenRequest {
        var wrong = WrongTokenRequest("content type \(type ?? "none")")
        wrong.fields = type.map { "Content-Type: \($0)\r\n" } ?? ""
        return wrong
    }

    static func basic(_ name: String, _ value: String) -> WrongTokenRequest {
        var wrong = WrongTokenRequest(name, 401, "invalid_client", ["client_id": nil])
        wrong.fields += "Authorization: \(value)\r\n"
        wrong.challenged = true
        return wrong
    }

    static func unmethod(_ method: String) -> WrongTokenRequest {
        var wrong = WrongTokenRequest("method \(method)", 405)
        wrong.method = method
        return wrong
    }

    private static func encoded(_ pair: String) -> String {
        Data(pair.utf8).base64EncodedString()
    }

    static let transports: [WrongTokenRequest] =
        ["GET", "PUT", "DELETE", "PATCH", "HEAD", "BREW"].map(unmethod)
        + [nil, "application/json", "multipart/form-data; boundary=x", "text/plain", "x"].map(typed)

    static let forms: [WrongTokenRequest] = [
        WrongTokenRequest("an empty body", 401, "invalid_client", body: ""),
        WrongTokenRequest("broken percent-encoding", body: "client_id={id}&grant_type=%zz"),
        WrongTokenRequest("not UTF-8", body: "client_id={id}&grant_type=%ff"),
        WrongTokenRequest(
            "too many parameters",
            body: "client_id={id}" + String(repeating: "&a=b", count: 64)),
        WrongTokenRequest(
            "a good form that is too large", 400, "invalid_request",
            ["padding": String(repeating: "b", count: 16 * 1024)]),
        WrongTokenRequest(
            "two grant types",
            body: "client_id={id}&grant_type=refresh_token&grant_type=refresh_token"),
        WrongTokenRequest(
            "two codes",
            body: "client_id={id}&grant_type=authorization_code&code={code}&code={code}"),
        WrongTokenRequest(
            "two clients", body: "client_id={id}&client_id={id}&grant_type=refresh_token"),
        WrongTokenRequest(
            "two refresh tokens",
            body: "client_id={id}&grant_type=refresh_token&refresh_token=a&refresh_token=b"),
        WrongTokenRequest("no grant type", 400, "invalid_request", ["grant_type": nil]),
        WrongTokenRequest("an empty grant type", 400, "invalid_request", ["grant_type": ""]),
        WrongTokenRequest("no code", 400, "invalid_request", ["code": nil]),
        WrongTokenRequest("an empty code", 400, "invalid_request", ["code": ""]),
        WrongTokenRequest("no verifier", 400, "invalid_request", ["code_verifier": nil]),
        WrongTokenRequest(
            "no refresh token", 400, "invalid_request", ["grant_type": "refresh_token"]),
    ]

    static let grantTypes = [
        "password", "implicit", "AUTHORIZATION_CODE", "refresh_token ",
        "urn:ietf:params:oauth:grant-type:device_code",
        "urn:ietf:params:oauth:grant-type:saml2-bearer",
    ].map { (type: String) in
        WrongTokenRequest("grant type \(type)", 400, "unsupported_grant_type", ["grant_type": type])
    }

    static let grants: [WrongTokenRequest] =
        grantTypes + [
            WrongTokenRequest("an unknown code", 400, "invalid_grant", ["code": "unknown"]),
            WrongTokenRequest(
                "a code in other letters", 400, "invalid_grant", ["code": "\u{E9}\n\""]),
            WrongTokenRequest(
                "a very long code", 400, "invalid_grant",
                ["code": String(repeating: "a", count: 4000)]),
            WrongTokenRequest(
                "another redirect URI", 400, "invalid_grant", ["redirect_uri": "http://localhost/"]),
            WrongTokenRequest(
                "no redirect URI", 400, "invalid_grant", ["redirect_uri": nil]),
            WrongTokenRequest(
                "another verifier", 400, "invalid_grant",
                ["code_verifier": String(repeating: "a", count: 43)]),
            WrongTokenRequest(
                "another resource", 400, "invalid_target",
                ["resource": "https://gate.example/wiki/mcp"]),
            WrongTokenRequest(
                "a relative resource", 400, "invalid_target", ["resource": "/tickets/mcp"]),
            WrongTokenRequest(
                "a resource with fragment", 400, "invalid_target",
                ["resource": "https://gate.example/tickets/mcp#x"]),
            WrongTokenRequest(
                "two resources", 400, "invalid_target",
                body: "grant_type=authorization_code&code={code}&client_id={id}&code_verifier="
                    + TokenFixture.verifier + "&resource=https://gate.example/tickets/mcp"
                    + "&resource=https://gate.example/wiki/mcp"),
            WrongTokenRequest(
                "an unknown refresh token", 400, "invalid_grant",
                ["grant_type": "refresh_token", "refresh_token": "unknown"]),
            WrongTokenRequest(
                "a refresh with too much scope", 400, "invalid_scope",
                body: "grant_type=refresh_token&client_id={id}&refresh_token={token}&scope=admin"),
            WrongTokenRequest(
                "a refresh with malformed scope", 400, "invalid_scope",
                body: "grant_type=refresh_token&client_id={id}&refresh_token={token}&scope=%22"),
            WrongTokenRequest(
                "a refresh for another resource", 400, "invalid_target",
                body: "grant_type=refresh_token&client_id={id}&refresh_token={token}"
                    + "&resource=https://gate.example/wiki/mcp"),
        ]

    static let clients: [WrongTokenRequest] =
        [
            WrongTokenRequest("no client", 401, "invalid_client", ["client_id": nil]),
            WrongTokenRequest("an unknown client", 401, "invalid_client", ["client_id": "nobody"]),
            WrongTokenRequest(
                "an unknown client of an unknown grant type", 401, "invalid_client",
                ["client_id": "nobody", "grant_type": "password"]),
            WrongTokenRequest(
                "a client whose id was changed", 401, "invalid_client",
                ["client_id": "d" + String(repeating: "A", count: 200)]),
            WrongTokenRequest(
                "a very long client id", 401, "invalid_client",
                ["client_id": String(repeating: "d", count: 2000)]),
            WrongTokenRequest(
                "a client assertion", 401, "invalid_client",
                ["client_assertion": "e30.e30.e30", "client_assertion_type": "x"]),
            basic("Basic that is no base64", "Basic ***"),
            basic("Basic without colon", "Basic \(encoded("nobody"))"),
            basic("Basic of nobody", "Basic \(encoded("nobody:secret"))"),
            basic("another scheme", "Bearer abc"),
        ]

    static let all = transports + forms + grants + clients
}

@Suite struct TokenErrorTests {
    @Test func `the table has at least forty rows, no two of one name`() {
        let names = WrongTokenRequest.all.map(\.testDescription)
        #expect(Set(names).count == names.count)
        #expect(names.count >= 40)
    }

    @Test(arguments: WrongTokenRequest.all)
    func `a wrong request is answered as RFC 6749 section 5.2 has it`(
        wrong: WrongTokenRequest
    ) async throws {
        let fixture = try await TokenFixture()
        let code = try await fixture.code()
        let token = try await fixture.tokens().refresh
        let body = (wrong.body ?? TokenFixture.encoded(fixture.redemption(code, wrong.changes)))
            .replacing("{id}", with: fixture.clientID).replacing("{code}", with: code)
            .replacing("{token}", with: token)
        let request = try TokenFixture.request(body, method: wrong.method, fields: wrong.fields)
        let answer = await fixture.endpoint.respond(to: request)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(answer.status == wrong.status, "\(text)")
        #expect(answer.tokenError == wrong.error, "\(text)")
        let root = try JSONDocument(parsing: answer.body).root
        let description = root["error_description"]?.string ?? ""
        // RFC 6749 §5.2 — %x20-21 / %x23-5B / %x5D-7E
        #expect(!description.isEmpty)
        #expect(description.utf8.allSatisfy { 0x20...0x7E ~= $0 && $0 != 0x22 && $0 != 0x5C })
        #expect(!text.contains("null"))
        #expect(answer.fields.contains(.init("Content-Type", "application/json")))
        #expect(answer.fields.contains(.init("Cache-Control", "no-store")))
        #expect(answer.fields.contains(.init("Access-Control-Allow-Origin", "*")))
        let challenges = answer.fields.filter { $0.name == "WWW-Authenticate" }
        #expect(challenges.map(\.value) == (wrong.challenged ? ["Basic realm=\"gatehouse\""] : []))
        #expect(answer.endedGrants.isEmpty)
        #expect(answer.reason?.isEmpty == false)
        for secret in [code, token, TokenFixture.verifier] {
            #expect(!text.contains(secret))
            #expect(answer.reason?.contains(secret) == false)
        }
        // Whatever was wrong with it, the code is as good as it was.
        _ = try TokenAnswer(try await fixture.post(fixture.redemption(code)))
    }

    @Test func `a preflight is answered`() async throws {
        let fixture = try await TokenFixture()
        for request in [
            try TokenFixture.request("", method: "OPTIONS", fields: "Origin: https://x.example\r\n")
        ] {
            for answer in [
                await fixture.endpoint.respond(to: request),
                await fixture.revocation.respond(to: request),
            ] {
                #expect(answer.status == 204)
                #expect(answer.fields.contains(.init("Access-Control-Allow-Origin", "*")))
                #expect(
                    answer.fields.contains(.init("Access-Control-Allow-Methods", "POST, OPTIONS")))
            }
        }
    }

    @Test func `parameters in the target do not count`() async throws {
        let fixture = try await TokenFixture()
        let form = TokenFixture.encoded(fixture.redemption(try await fixture.code()))
        let request = try TokenFixture.request("", target: "/token?\(form)")
        #expect(await fixture.endpoint.respond(to: request).tokenError == "invalid_client")
    }

    @Test(arguments: [
        "application/x-www-form-urlencoded; charset=UTF-8", "Application/X-WWW-Form-URLEncoded",
    ])
    func `the content type may have parameters, in any case`(type: String) async throws {
        let fixture = try await TokenFixture()
        let form = TokenFixture.encoded(fixture.redemption(try await fixture.code()))
        let request = try TokenFixture.request(form, fields: "Content-Type: \(type)\r\n")
        _ = try TokenAnswer(await fixture.endpoint.respond(to: request))
    }

    @Test(arguments: [
        ("authorization_code", ["client", "code", "redeem"]),
        ("refresh_token", ["client", "grant", "rotate"]),
    ])
    func `where the store fails a client is told to come again, and loses nothing`(
        grant: String, calls: [String]
    ) async throws {
        for call in calls {
            let fixture = try await TokenFixture()
            let code = try await fixture.code()
            let form =
                grant == "refresh_token"
                ? fixture.refresh(try await fixture.tokens().refresh) : fixture.redemption(code)
            fixture.store.fail([call])
            let answer = try await fixture.post(form)
            #expect(answer.status == 503)
            #expect(answer.tokenError == "temporarily_unavailable")
            #expect(answer.fields.contains { $0.name == "Retry-After" })
            #expect(answer.fields.contains(.init("Cache-Control", "no-store")))
            #expect(answer.endedGrants.isEmpty)
            fixture.store.fail([])
            _ = try TokenAnswer(try await fixture.post(form))
        }
    }

    @Test func `a client with a secret redeems and refreshes by Basic and by form`() async throws {
        let fixture = try await TokenFixture()
        let (id, secret) = fixture.secret
        let code = try await fixture.code(client: id)
        let pair = Data("\(id):\(secret)".utf8).base64EncodedString()
        let form = TokenFixture.encoded(fixture.redemption(code, ["client_id": nil]))
        let request = try TokenFixture.request(
            form,
            fields: "Content-Type: application/x-www-form-urlencoded\r\n"
                + "Authorization: Basic \(pair)\r\n")
        let first = try TokenAnswer(await fixture.endpoint.respond(to: request))
        let bare = try await fixture.post(fixture.refresh(first.refresh, ["client_id": id]))
        #expect(bare.tokenError == "invalid_client")
        let second = try await fixture.post(
            fixture.refresh(first.refresh, ["client_id": id, "client_secret": secret]))
        _ = try TokenAnswer(second)
    }
}
