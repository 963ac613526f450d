import HTTP
import MCP
import Testing

@testable import ResourceServer

@Suite struct ForwardedFieldsTests {
    private static let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#

    private static func lines(_ fields: [String], token: String? = nil) throws -> [String] {
        let test = try TestServer()
        let forwarded = try #require(
            try test.outcome(token: token ?? test.token(), fields, body: ping).forwarded)
        return forwarded.lines.split(separator: "\r\n").map(String.init)
    }

    @Test(arguments: [
        "X-Api-Key: forged", "x-api-key: forged", "X_Api_Key: forged", "X.API-key: forged",
    ])
    func `what a client sends in the field of the credential is dropped`(line: String) throws {
        let test = try TestServer()
        let kept = "X-Api-Keys: kept"
        let forwarded = try #require(
            try test.outcome(
                token: test.token(), [line, kept], body: Self.ping,
                credential: CredentialField(name: "X-Api-Key")
            ).forwarded)
        #expect(!forwarded.lines.contains("forged"))
        #expect(forwarded.lines.contains(kept))
        #expect(try Self.lines([line]).contains { $0.contains("forged") })
    }

    /// The lines that are made for every request with a body.
    private static let made = [
        "Accept: application/json, text/event-stream", "Accept-Encoding: identity",
        "Content-Type: application/json", "X-Gatehouse-Subject: local:lee",
        "X-Gatehouse-Client: cli", "X-Gatehouse-Scope: tickets:read",
    ]

    @Test(arguments: [
        "Cookie: a=b", "X-Gatehouse-Subject: root", "x-gatehouse-subject: root",
        "X_Gatehouse_Subject: root", "X-Gatehouse_Subject: root", "X.Gatehouse.Subject: root",
        "X~Gatehouse!Subject: root", "X-Gatehouse-Anything: x", "X_GATEHOUSE_SCOPE: *",
        "Proxy-Authorization: Basic x", "Proxy_Authorization: Basic x", "Proxy-Connection: close",
        "Forwarded: for=1.2.3.4", "X-Forwarded-For: 1.2.3.4", "X_Forwarded_For: 1.2.3.4",
        "X-Forwarded-Host: evil", "X-Forwarded-Proto: https", "X-Forwarded-Uri: /x",
        "X-Forwarded-User: root", "X_Forwarded_User: root", "X-Forwarded-Anything: x",
        "X-Real-IP: 1.2.3.4", "X_Real_IP: 1.2.3.4", "X-Original-URL: /x", "X-Original-Uri: /x",
        "X-Rewrite-URL: /x", "X_Rewrite.URL: /x", "X-Client-IP: 1", "True-Client-IP: 1",
        "Remote-User: root", "Remote_User: root", "X-Auth-Request-User: root",
        "X-HTTP-Method-Override: DELETE", "X-Method-Override: DELETE", "TE: trailers",
        "Trailer: X-Gatehouse-Subject", "Upgrade: h2c", "Keep-Alive: timeout=5",
        "HTTP2-Settings: x", "Accept-Encoding: gzip", "Accept.Encoding: gzip",
        "Content_Length: 7", "Transfer_Encoding: chunked", "Content_Type: text/plain",
        "Mcp_Session_Id: x", "Mcp.Method: tools/call", "MCP_Protocol_Version: 2026-07-28",
        "X-Host: x", "Cookie2: a", "Referer: https://x/",
        "Sec-Fetch-Site: cross-site", "DPoP: x", "Range: bytes=0-1", "If-None-Match: \"x\"",
        "If-Modified-Since: x", "Access-Control-Request-Method: POST", "Set-Cookie: a=b",
        "WWW-Authenticate: Bearer",
    ])
    func `a field that could be taken for identity, routing or framing is dropped`(
        line: String
    ) throws {
        let colon = try #require(line.firstIndex(of: ":"))
        var fields = Fields()
        fields.append(FieldName(String(line[..<colon])), "v")
        let field = try #require(fields.first)
        #expect(!ForwardedFields.isForwarded(field, isModern: true))
        #expect(!ForwardedFields.isForwarded(field, isModern: true, namesTask: true))
        // Some of these are refused even earlier, when the head is read.
        guard (try? TestServer.head("GET", "/", [line])) != nil else { return }
        #expect(try Self.lines([line]) == Self.made)
    }

    @Test(arguments: [
        "User-Agent: test", "traceparent: 00-1-2-01",
        "X-Request-Id: r", "X-Api-Version: 2", "X-Gateway: x", "X-Gatehouse: x",
        "Accept-Language: en",
    ])
    func `other fields go on as they came`(line: String) throws {
        #expect(try Self.lines([line]) == [line] + Self.made)
    }

    @Test func `the client's token never goes on`() throws {
        let test = try TestServer()
        let token = try test.token()
        let all = try Self.lines([], token: nil).joined()
        #expect(!all.lowercased().contains("authorization"))
        #expect(!all.contains(token))
    }

    @Test func `what Connection names is dropped, but not what is made here`() throws {
        let lines = try Self.lines([
            "Connection: X-Trace, x-gatehouse-subject, X-Gatehouse-Scope, accept",
            "Connection: keep-alive", "X-Trace: 1", "X-Trace-2: 2", "X-Gatehouse-Subject: root",
        ])
        #expect(lines == ["X-Trace-2: 2"] + Self.made)
    }

    @Test(arguments: [
        ([], "Accept: application/json, text/event-stream"),
        (["Accept: */*"], "Accept: application/json, text/event-stream"),
        (["Accept: application/*"], "Accept: application/json, text/event-stream"),
        (["Accept: application/json"], "Accept: application/json"),
        (
            ["Accept: text/event-stream, application/json"],
            "Accept: text/event-stream, application/json"
        ),
        (
            ["Accept: text/html", "Accept: application/json"],
            "Accept: application/json, text/event-stream"
        ),
    ])
    func `a client that takes anything takes both types`(fields: [String], line: String) throws {
        #expect(try Self.lines(fields).first == line)
    }

    @Test func `a stream is asked for with the type of streams`() throws {
        let test = try TestServer()
        let outcome = try test.outcome("GET", token: test.token())
        let lines = try #require(outcome.forwarded).lines.split(separator: "\r\n")
        #expect(lines.first == "Accept: text/event-stream")
        #expect(!lines.contains { $0.hasPrefix("Content-Type") })
    }

    @Test(arguments: [
        ("lee", "lee"), ("lee smith", "lee%20smith"), ("a%20b", "a%2520b"),
        ("\u{E9}", "%C3%A9"), ("a\\r\\nX: y", "a%0D%0AX:%20y"), ("a\\u0000", "a%00"),
    ])
    func `identity is encoded where a byte is not plainly safe`(
        subject: String, expected: String
    ) throws {
        let test = try TestServer()
        let token = try test.token(["sub": "\"\(subject)\""])
        let forwarded = try #require(
            try test.outcome(token: token, body: Self.ping).forwarded)
        let lines = forwarded.lines.split(separator: "\r\n")
        #expect(lines.contains { $0 == "X-Gatehouse-Subject: \(expected)" })
        #expect(lines.count == 6)
    }

    @Test func `fields of sessions and resumption do not go on in 2026-07-28`() throws {
        let test = try TestServer()
        let body =
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"#
            + #""io.modelcontextprotocol/protocolVersion":"2026-07-28","#
            + #""io.modelcontextprotocol/clientCapabilities":{}}}}"#
        let fields = [
            "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/list", "Mcp-Session-Id: x",
            "Last-Event-ID: e",
        ]
        let forwarded = try #require(
            try test.outcome(token: test.token(), fields, body: body).forwarded)
        #expect(
            forwarded.lines.split(separator: "\r\n").map(String.init)
                == [fields[0], fields[1]] + Self.made)
        #expect(forwarded.seal == nil)
    }

    @Test(arguments: [
        ("Content-Type", true), ("Cache-Control", true), ("X-Accel-Buffering", true),
        ("MCP-Protocol-Version", true), ("X-Custom", true), ("Retry-After", true),
        ("WWW-Authenticate", false), ("WWW_Authenticate", false), ("Set-Cookie", false),
        ("Set_Cookie", false), ("Set-Cookie2", false), ("Access-Control-Allow-Origin", false),
        ("Access-Control-Allow-Credentials", false), ("Access-Control-Expose-Headers", false),
        ("DPoP-Nonce", false), ("DPoP_Nonce", false),
        ("Connection", false), ("Keep-Alive", false), ("Transfer-Encoding", false),
        ("Content-Length", false), ("Trailer", false), ("Upgrade", false), ("Server", false),
        ("X-Powered-By", false), ("Location", false), ("Mcp-Session-Id", false),
        ("Mcp_Session_Id", false), ("Proxy-Authenticate", false), ("Alt-Svc", false),
        ("Strict-Transport-Security", false), ("Clear-Site-Data", false), ("Vary", false),
        ("X-Gatehouse-Subject", false), ("X-Named", false),
    ])
    func `of an answer only what is the client's is relayed`(
        name: String, isRelayed: Bool
    ) throws {
        var fields = Fields()
        fields.append(.connection, "close, X-Named")
        fields.append(FieldName(name), "v")
        let field = try #require(fields.last)
        #expect(RelayedFields.isRelayed(field, among: fields) == isRelayed)
    }
}
