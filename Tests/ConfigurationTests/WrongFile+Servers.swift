extension WrongFile {
    private static let titleFault =
        #"8:12: "servers.tickets.title" must have at most 100 characters, no control characters and no space at an end; "#

    /// What is wrong with a server.
    static let servers: [WrongFile] = [
        .line(
            5, "  demo: { upstream: http://127.0.0.1:9000/mcp }",
            #"5:3: "path" is missing in "servers.demo" (where clients reach the server, after public_url)"#
        ),
        .line(
            5, "  demo: { path: demo, upstream: http://127.0.0.1:9000/mcp }",
            #"5:17: "servers.demo.path" must begin with "/"; found "demo""#),
        .line(
            5, "  demo: { path: /, upstream: http://127.0.0.1:9000/mcp }",
            #"5:17: "servers.demo.path" must name at least one segment, such as /mcp; found "/""#),
        .line(
            5, "  demo: { path: /demo/, upstream: http://127.0.0.1:9000/mcp }",
            #"5:17: "servers.demo.path" must not end in "/"; found "/demo/""#),
        .line(
            5, "  demo: { path: /demo//mcp, upstream: http://127.0.0.1:9000/mcp }",
            #"5:17: "servers.demo.path" must not have empty segments (//); found "/demo//mcp""#),
        .line(
            5, "  demo: { path: /demo/../mcp, upstream: http://127.0.0.1:9000/mcp }",
            #"5:17: "servers.demo.path" must not have dot segments; found "/demo/../mcp""#),
        .line(
            5, "  demo: { path: /demo?x, upstream: http://127.0.0.1:9000/mcp }",
            #"5:17: "servers.demo.path" must not have a query or a fragment"#),
        .line(
            5, "  demo: { path: /d%65mo, upstream: http://127.0.0.1:9000/mcp }",
            #"5:17: "servers.demo.path" must consist of letters, digits, "-", ".", "_", "~" and "/"; found "/d%65mo""#
        ),
        .line(
            5, "  demo: { path: /token, upstream: http://127.0.0.1:9000/mcp }",
            #"5:17: "servers.demo.path" must not be beneath /token, which the gateway answers itself; found "/token""#
        ),
        .line(
            5, "  demo: { path: /.well-known/mcp, upstream: http://127.0.0.1:9000/mcp }",
            #"5:17: "servers.demo.path" must not be beneath /.well-known, which the gateway answers itself; found "/.well-known/mcp""#
        ),
        .line(
            5, "  demo: { path: /demo/mcp, upstream: 127.0.0.1:9000 }",
            #"5:38: "servers.demo.upstream" is not a URL: the scheme is neither http nor https; found "127.0.0.1:9000""#
        ),
        .line(
            5, "  demo: { path: /demo/mcp, upstream: http://lee:secret@127.0.0.1/mcp }",
            #"5:38: "servers.demo.upstream" is not a URL: a user name or password stands before the host"#
        ),
        .line(
            5, #"  demo: { path: /demo/mcp, upstream: "http://127.0.0.1/mcp?key=1" }"#,
            #"5:38: "servers.demo.upstream" must not have a query"#),
        .line(
            5, #"  demo: { path: /demo/mcp, upstream: "http://127.0.0.1/mcp#x" }"#,
            #"5:38: "servers.demo.upstream" is not a URL: there is a fragment; found "http://127.0.0.1/mcp#x""#
        ),
        .least(
            "two servers with one path",
            plus: "  more: { path: /demo/mcp, upstream: http://127.0.0.1:9001/mcp }",
            #"6:17: "servers.more.path" is the path of server "demo" already; found "/demo/mcp""#),
        .least(
            "two paths that differ by a slash",
            plus: "  more: { path: /demo/mcp/, upstream: http://127.0.0.1:9001/mcp }",
            #"6:17: "servers.more.path" is the path of server "demo" already; found "/demo/mcp/""#,
            #"6:17: "servers.more.path" must not end in "/"; found "/demo/mcp/""#),
        .server(
            "an unknown key", plus: "    upsteam: http://127.0.0.1:9001/mcp",
            #"8:5: unknown key "upsteam"; did you mean "upstream"?"#),
        .server(
            "a title of two lines", plus: #"    title: "Ticket\ndesk""#,
            #"8:12: "servers.tickets.title" must be a title; found "Ticket\#u{FFFD}desk""#),
        .server(
            "an empty title", plus: #"    title: """#,
            #"8:12: "servers.tickets.title" must be a title; found """#),
        .server(
            "a title that is a list", plus: "    title: [Ticket desk]",
            #"8:12: "servers.tickets.title" must be a title; found a list"#),
        .server(
            "a title with a control character", plus: #"    title: "Ticket\u0085desk""#,
            titleFault + "found \"Ticket\u{FFFD}desk\""),
        .server(
            "a title that turns the line around", plus: #"    title: "Ticket\u202edesk""#,
            titleFault + "found \"Ticket\u{FFFD}desk\""),
        .server(
            "a title of a space", plus: #"    title: " ""#,
            titleFault + #"found " ""#),
        .server(
            "a title that ends in a space", plus: #"    title: "Ticket desk ""#,
            titleFault + #"found "Ticket desk ""#),
        .server(
            "a title that is too long",
            plus: "    title: " + String(repeating: "x", count: 101),
            titleFault + "found \"" + String(repeating: "x", count: 60) + "…\""),
        .server(
            "a rate of none", plus: "    limits: { requests: 0/min }",
            #"8:25: "servers.tickets.limits.requests" must be a rate such as 30/min, 5/s or 1000/h; found "0/min""#
        ),
        .server(
            "a number for a rate", plus: "    limits: { requests: 600 }",
            #"8:25: "servers.tickets.limits.requests" must be a rate such as 30/min, 5/s or 1000/h; found "600""#
        ),
        .server(
            "no request at a time", plus: "    limits: { concurrent: 0 }",
            #"8:27: "servers.tickets.limits.concurrent" must be from 1 to 1000000; found "0""#),
        .server(
            "a limit of all together that is none",
            plus: "    limits: { server: { requests: 1/day, concurrent: 0 } }",
            #"8:35: "servers.tickets.limits.server.requests" must be a rate such as 30/min, 5/s or 1000/h; found "1/day""#,
            #"8:54: "servers.tickets.limits.server.concurrent" must be from 1 to 1000000; found "0""#
        ),
        .server(
            "limits of tools that limit nothing, or twice",
            plus:
                "    limits: { tools: [{ requests: 5/min }, { name: a }, { name: a, requests: 1/s }, { name: a, concurrent: 1 }, { name: a, concurrent: 1, each: principal }] }",
            #"8:23: "name" is missing in "servers.tickets.limits.tools" (the tool, or a pattern for tools that are counted together)"#,
            #"8:52: "servers.tickets.limits.tools.name" limits nothing without "requests" or "concurrent"; found "a""#,
            #"8:93: "servers.tickets.limits.tools.name" has such a limit already; found "a""#
        ),
        .server(
            "limits of tools for nobody",
            plus: "    limits: { tools: [{ name: a, requests: 5/min, each: user }] }",
            #"8:57: "servers.tickets.limits.tools.each" must be server or principal; found "user""#
        ),
        .server(
            "a limit of a tool whose name is too long",
            plus: "    limits: { tools: [{ requests: 5/min, name: "
                + String(repeating: "x", count: 1025) + " }] }",
            #"8:48: "servers.tickets.limits.tools.name" must be a pattern of at most 1024 bytes"#
        ),
        .server(
            "too many limits of tools",
            plus: "    limits:\n      tools:\n"
                + (0...64).map { "        - { name: t\($0), requests: 5/min }" }
                .joined(separator: "\n"),
            #"74:11: "servers.tickets.limits.tools" must hold at most 64 items"#),
        .server(
            "an unknown mode", plus: "    mode: look",
            #"8:11: "servers.tickets.mode" must be enforce or observe; found "look""#),
        .server(
            "observing without an end", plus: "    mode: observe",
            #"8:11: "servers.tickets.mode" observe needs observe_until, when it ends"#),
        .server(
            "observing for too long", plus: "    mode: observe\n    observe_until: 2999-01-01",
            #"9:20: "servers.tickets.observe_until" must be at most 14 days ahead; found "2999-01-01""#
        ),
        .server(
            "an end that is no time",
            plus: "    mode: observe\n    observe_until: 2026-02-30T00:00:00Z",
            #"9:20: "servers.tickets.observe_until" must be a time in UTC such as 2026-12-01T12:00:00Z, or a date; found "2026-02-30T00:00:00Z""#
        ),
        .server(
            "an unknown transport", plus: "    transport: http+sse",
            #"8:16: "servers.tickets.transport" must be streamable or sse; found "http+sse""#),
        .server(
            "an unknown visibility", plus: "    visibility: all",
            #"8:17: "servers.tickets.visibility" must be granted or obtainable; found "all""#),
        .server(
            "origins that are none",
            plus:
                #"    allowed_origins: ["*", "null", https://app.example.com/, https://App.example.com, https://app.example.com]"#,
            #"8:23: "servers.tickets.allowed_origins" must hold origins such as https://app.example.com; found "*""#,
            #"8:28: "servers.tickets.allowed_origins" must hold origins such as https://app.example.com; found "null""#,
            #"8:36: "servers.tickets.allowed_origins" must hold origins such as https://app.example.com; found "https://app.example.com/""#,
            #"8:62: "servers.tickets.allowed_origins" must hold origins such as https://app.example.com; found "https://App.example.com""#
        ),
        .server(
            "a credential of no kind",
            plus: "    upstream_authorization: { file: secrets/tickets }",
            #"8:5: "kind" is missing in "servers.tickets.upstream_authorization" (none, bearer (Authorization: Bearer …), header, identity (a signed token that says who acts), or token_exchange (a token that a provider gives for who acts))"#
        ),
        .server(
            "a bearer credential without a file",
            plus: "    upstream_authorization: { kind: bearer }",
            #"8:5: "file" is missing in "servers.tickets.upstream_authorization"; the kind bearer needs it"#
        ),
        .server(
            "a bearer credential with a field",
            plus:
                "    upstream_authorization: { kind: bearer, file: secrets/tickets, header: X-Key }",
            #"8:76: "servers.tickets.upstream_authorization.header" has no meaning when the kind is bearer"#
        ),
        .server(
            "a bearer credential of two words",
            plus: "    upstream_authorization: { kind: bearer, file: secrets/spaced }",
            #"8:51: the file of "servers.tickets.upstream_authorization.file" must hold one bearer token and nothing else"#
        ),
        .server(
            "a header credential without a field",
            plus: "    upstream_authorization: { kind: header, file: secrets/tickets }",
            #"8:5: "header" is missing in "servers.tickets.upstream_authorization"; the kind header needs it"#
        ),
        .server(
            "a header credential in a field of the gateway",
            plus:
                "    upstream_authorization: { kind: header, file: secrets/tickets, header: Mcp-Session-Id }",
            #"8:76: "servers.tickets.upstream_authorization.header" must be the name of a header field that the gateway does not write itself; found "Mcp-Session-Id""#
        ),
        .server(
            "a header credential of two lines",
            plus:
                "    upstream_authorization: { kind: header, file: secrets/lines, header: X-Key }",
            #"8:51: the file of "servers.tickets.upstream_authorization.file" must hold one line of visible ASCII characters"#
        ),
        .server(
            "no credential with a file",
            plus: "    upstream_authorization: { kind: none, file: secrets/tickets }",
            #"8:49: "servers.tickets.upstream_authorization.file" has no meaning when the kind is none"#
        ),
        .server(
            "a bearer credential with an audience",
            plus:
                "    upstream_authorization: { kind: bearer, file: secrets/tickets, audience: x }",
            #"8:78: "servers.tickets.upstream_authorization.audience" has no meaning when the kind is bearer"#
        ),
        .server(
            "a header credential with an audience",
            plus:
                "    upstream_authorization: { kind: header, file: secrets/tickets, header: X-Key, audience: x }",
            #"8:93: "servers.tickets.upstream_authorization.audience" has no meaning when the kind is header"#
        ),
        .server(
            "no credential with an audience",
            plus: "    upstream_authorization: { kind: none, audience: x }",
            #"8:53: "servers.tickets.upstream_authorization.audience" has no meaning when the kind is none"#
        ),
        .server(
            "an identity with a file",
            plus: "    upstream_authorization: { kind: identity, file: secrets/tickets }",
            #"8:53: "servers.tickets.upstream_authorization.file" has no meaning when the kind is identity"#
        ),
        .server(
            "an identity in a field of the gateway",
            plus: "    upstream_authorization: { kind: identity, header: X-Gatehouse-Subject }",
            #"8:55: "servers.tickets.upstream_authorization.header" must be the name of a header field that the gateway does not write itself; found "X-Gatehouse-Subject""#
        ),
        .server(
            "an identity in a field that has it already",
            plus: "    upstream_authorization: { kind: identity, header: authorization }",
            #"8:55: "servers.tickets.upstream_authorization.header" must be left out, since Authorization carries the token as bearer without it; found "authorization""#
        ),
        .server(
            "an identity for nobody",
            plus: "    upstream_authorization: { kind: identity, audience: '' }",
            #"8:57: "servers.tickets.upstream_authorization.audience" must be an audience; found """#
        ),
        .server(
            "an identity for too long a name",
            plus:
                "    upstream_authorization: { kind: identity, audience: \(String(repeating: "x", count: 1025)) }",
            #"8:57: "servers.tickets.upstream_authorization.audience" must have at most 1024 bytes; found "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…""#
        ),
        .server(
            "an issuer whose keys do not exist",
            plus:
                "    authorization_server: { issuer: https://login.example.com, jwks_file: nowhere.json }",
            #"8:75: the file of "servers.tickets.authorization_server.jwks_file" does not exist; it is "nowhere.json""#
        ),
        .server(
            "an issuer whose keys are not JSON",
            plus:
                "    authorization_server: { issuer: https://login.example.com, jwks_file: broken.json }",
            #"8:75: the file of "servers.tickets.authorization_server.jwks_file" is not JSON: unexpected end at byte 9"#
        ),
        .server(
            "an issuer with no keys",
            plus:
                "    authorization_server: { issuer: https://login.example.com, jwks_file: empty.json }",
            #"8:75: the file of "servers.tickets.authorization_server.jwks_file" holds no key that can be used"#
        ),
        .server(
            "an issuer without TLS",
            plus:
                "    authorization_server: { issuer: http://login.example.com, jwks_file: keys.json }",
            #"8:37: "servers.tickets.authorization_server.issuer" must begin with https:// unless its host is loopback; found "http://login.example.com""#
        ),
        .server(
            "an issuer that is no URL",
            plus: "    authorization_server: { issuer: login, jwks_file: keys.json }",
            #"8:37: "servers.tickets.authorization_server.issuer" is not a URL: the scheme is neither http nor https; found "login""#
        ),
        .server(
            "an algorithm with a shared key",
            plus:
                "    authorization_server: { issuer: https://login.example.com, jwks_file: keys.json, algorithms: [HS256, none] }",
            #"8:99: "servers.tickets.authorization_server.algorithms" must be ES256, RS256, PS256 or EdDSA; found "HS256""#,
            #"8:106: "servers.tickets.authorization_server.algorithms" must be ES256, RS256, PS256 or EdDSA; found "none""#
        ),
        .server(
            "no algorithm",
            plus:
                "    authorization_server: { issuer: https://login.example.com, jwks_file: keys.json, algorithms: [] }",
            #"8:98: "servers.tickets.authorization_server.algorithms" must hold at least one item"#),
        .server(
            "a claim that is none",
            plus:
                "    authorization_server: { issuer: https://login.example.com, jwks_file: keys.json, scope_claim: roles }",
            #"8:99: "servers.tickets.authorization_server.scope_claim" must be scope, scp or permissions; found "roles""#
        ),
    ]
}
