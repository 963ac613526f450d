import HTTP
import JSON
import MCP
import Testing

@testable import ResourceServer

@Suite struct AuthorizerTests {
    private static let metadata =
        "resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource"
        + "/tickets/mcp\""
    private static let initial = "scope=\"tickets:read tickets:write\""
    private static let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#

    @Test(arguments: ["GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "BREW"])
    func `without a token every method is challenged first`(method: String) throws {
        let outcome = try TestServer().outcome(
            method, token: nil, ["Accept: text/html", "MCP-Protocol-Version: 1999-01-01"])
        #expect(outcome.status == 401)
        #expect(
            outcome.field("WWW-Authenticate") == "Bearer \(Self.metadata), \(Self.initial)")
        #expect(
            outcome.body
                == #"{"error":"invalid_token","error_description":"A bearer token is required"}"#)
    }

    @Test func `a challenge has the slash of the request`() throws {
        let outcome = try TestServer().outcome("GET", "/tickets/mcp/", token: nil)
        #expect(
            outcome.field("WWW-Authenticate")
                == "Bearer resource_metadata=\"https://mcp.example.com/.well-known/"
                + "oauth-protected-resource/tickets/mcp/\", \(Self.initial)")
    }

    @Test func `an expired token is told so`() throws {
        let test = try TestServer()
        let outcome = try test.outcome(
            token: test.token(["exp": "\(TestServer.now - 60)"]), body: Self.ping)
        #expect(outcome.status == 401)
        #expect(
            outcome.field("WWW-Authenticate")
                == "Bearer \(Self.metadata), \(Self.initial), error=\"invalid_token\", "
                + "error_description=\"The access token expired\"")
    }

    @Test func `a token of an ended grant is told so, though it was accepted before`() throws {
        let test = try TestServer()
        let token = try test.token()
        #expect(try test.outcome(token: token, body: Self.ping).status == nil)
        test.ended.insert("g1", expiresAt: TestServer.now + 3600)
        let outcome = try test.outcome(token: token, body: Self.ping)
        #expect(outcome.status == 401)
        #expect(
            outcome.field("WWW-Authenticate")
                == "Bearer \(Self.metadata), \(Self.initial), error=\"invalid_token\", "
                + "error_description=\"The access token was revoked\"")
        #expect(
            try test.outcome(token: test.token(["gid": "\"g2\""]), body: Self.ping).status == nil)
    }

    @Test func `a grant that ends while the body comes is refused`() throws {
        let test = try TestServer()
        let token = try test.verify(test.token())
        test.ended.insert("g1", expiresAt: TestServer.now + 3600)
        let later = try test.authorizer.authorize(
            TestServer.head(), body: Array(Self.ping.utf8), token: token, for: test.server,
            ended: test.ended, at: TestServer.now)
        switch consume later {
        case .forward: Issue.record("a request of an ended grant was forwarded")
        case .needsDefinition: Issue.record("a request of an ended grant was not refused")
        case .refuse(let refusal): #expect(refusal.status == 401)
        }
    }

    @Test func `ended grants are forgotten when their last token has expired`() {
        let ended = EndedGrants()
        ended.insert("g1", expiresAt: 1000)
        ended.insert("g1", expiresAt: 900)
        ended.insert("g2", expiresAt: 2000)
        ended.forgetExpired(at: 1000 + AccessTokenVerifier.leeway)
        #expect(ended.contains("g1"))
        ended.forgetExpired(at: 1001 + AccessTokenVerifier.leeway)
        #expect(!ended.contains("g1") && ended.contains("g2") && !ended.contains(nil))
        #expect(ended.count == 1)
    }

    @Test func `a token that ends while the body comes is refused`() throws {
        let test = try TestServer()
        let token = try test.verify(test.token())
        let head = try TestServer.head()
        let later = test.authorizer.authorize(
            head, body: Array(Self.ping.utf8), token: token, for: test.server,
            ended: test.ended, at: TestServer.now + 4000)
        switch consume later {
        case .forward: Issue.record("an expired token was forwarded")
        case .needsDefinition: Issue.record("an expired token was not refused")
        case .refuse(let refusal): #expect(refusal.status == 401)
        }
    }

    @Test(arguments: [
        (["Authorization: Basic dXNlcjpwYXNz"], false),
        (["Authorization: Bearer"], true), (["Authorization: Bearer a b"], true),
        (["Authorization: Bearer a,b"], true), (["Authorization: Bearer =a"], true),
        (["Authorization: Bearer a=b"], true), (["Authorization: Bearer \"a\""], true),
        (["Authorization: Bearer a.b.c"], true), (["Authorization: DPoP a.b.c"], false),
        (["X-Authorization: Bearer a.b.c"], false), (["Cookie: access_token=a.b.c"], false),
    ])
    func `what is no good bearer token is challenged`(lines: [String], hasError: Bool) throws {
        let outcome = try TestServer().outcome(token: nil, lines, body: Self.ping)
        #expect(outcome.status == 401)
        let challenge = try #require(outcome.field("WWW-Authenticate"))
        #expect(challenge.hasPrefix("Bearer \(Self.metadata), \(Self.initial)"))
        #expect(challenge.contains("error=\"invalid_token\"") == hasError)
    }

    @Test(arguments: ["Bearer ", "bearer ", "BEARER ", "Bearer    "])
    func `the scheme is Bearer in any case`(scheme: String) throws {
        let test = try TestServer()
        let outcome = try test.outcome(
            token: nil, ["Authorization: \(scheme)\(test.token())"], body: Self.ping)
        #expect(outcome.forwarded != nil)
    }

    @Test(arguments: [
        "access_token=T", "a=b&access_token=T", "access%5Ftoken=T", "access_token",
        "a;access_token=T",
    ])
    func `a token in the query is refused`(query: String) throws {
        let test = try TestServer()
        let token = try test.token()
        let target = "/tickets/mcp?" + query.replacing("T", with: token)
        let alone = try test.outcome("POST", target, token: nil, body: Self.ping)
        #expect(alone.status == 401)
        let reason = try #require(alone.refusal).reason
        #expect(!reason.contains(token))
        #expect(try test.outcome("POST", target, token: token, body: Self.ping).status == 401)
        #expect(
            try test.outcome("POST", "/tickets/mcp?token=1", token: token, body: Self.ping)
                .forwarded != nil)
    }

    @Test(arguments: ["HEAD", "PUT", "PATCH", "BREW", "TRACE"])
    func `other methods are not allowed, with a token`(method: String) throws {
        let test = try TestServer()
        let outcome = try test.outcome(method, token: test.token())
        #expect(outcome.status == 405)
        #expect(outcome.field("Allow") == "GET, POST, DELETE, OPTIONS")
    }

    @Test(arguments: [
        ("application/json", true), ("Application/JSON", true),
        ("application/json; charset=utf-8", true), ("application/json;charset=\"UTF-8\"", true),
        ("application/json; charset=utf-16", false), ("text/plain", false),
        ("application/jsonx", false), ("application/json, text/plain", false),
        ("application/x-www-form-urlencoded", false), ("", false),
    ])
    func `the content must be JSON`(type: String, isAccepted: Bool) throws {
        let test = try TestServer()
        let outcome = try test.outcome(
            token: test.token(), ["Content-Type: \(type)"], body: Self.ping)
        #expect(outcome.status == (isAccepted ? nil : 415))
    }

    @Test func `encoded content is refused`() throws {
        let test = try TestServer()
        let head = try? TestServer.head(
            "POST", "/tickets/mcp",
            [
                "Authorization: Bearer \(test.token())", "Content-Type: application/json",
                "Content-Encoding: gzip", "Content-Length: 4",
            ])
        // The decoder may refuse it before; if it does not, this must.
        guard let head else { return }
        switch test.authorizer.authenticate(
            head, for: test.server, cache: test.cache, ended: test.ended, at: TestServer.now)
        {
        case .accepted, .pending: Issue.record("encoded content was accepted")
        case .answered(let refusal): #expect(refusal.status == 415)
        }
    }

    @Test(
        arguments: [
            ("GET", [], nil), ("GET", ["MCP-Protocol-Version: 2025-11-25"], nil),
            ("GET", ["MCP-Protocol-Version: 2026-07-28"], 405),
            ("GET", ["MCP-Protocol-Version: 1999-01-01"], 400),
            ("GET", ["Content-Length: 1"], 400), ("GET", ["Transfer-Encoding: chunked"], 400),
            ("GET", ["Content-Length: 0"], nil),
            ("DELETE", [], nil), ("DELETE", ["MCP-Protocol-Version: 2026-07-28"], 405),
        ] as [(String, [String], Int?)])
    func `streams and session ends are of the earlier revisions`(
        method: String, lines: [String], status: Int?
    ) throws {
        let test = try TestServer()
        let outcome = try test.outcome(method, token: test.token(), lines)
        #expect(outcome.status == status)
        if status == nil {
            #expect(outcome.forwarded?.kind == (method == "GET" ? .stream : .sessionEnd))
            #expect(outcome.forwarded?.body == [])
        }
    }

    @Test(
        arguments: [
            (#"{"jsonrpc":"2.0","id":"a","method":"ping"}"#, AuthorizedRequest.Kind.call, "\"a\""),
            (#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, .notification, nil),
            (#"{"jsonrpc":"2.0","id":3,"result":{}}"#, .response, nil),
        ] as [(String, AuthorizedRequest.Kind, String?)])
    func `each kind of message is told apart`(
        body: String, kind: AuthorizedRequest.Kind, id: String?
    ) throws {
        let test = try TestServer()
        let forwarded = try #require(
            try test.outcome(token: test.token(), body: body).forwarded)
        #expect(forwarded.kind == kind)
        #expect(forwarded.id.map { String(decoding: $0, as: UTF8.self) } == id)
        #expect(forwarded.body == Array(body.utf8))
    }

    @Test func `a request cannot be judged by one message and forwarded as another`() throws {
        let test = try TestServer()
        let body = TestServer.call("search", arguments: #"{ "q" : "a  b" }"#)
        let forwarded = try #require(try test.outcome(token: test.token(), body: body).forwarded)
        #expect(forwarded.body == Array(body.utf8))
    }
}
