extension WrongFile {
    private static let elsewhere =
        "since the tokens of this server come from its authorization_server"

    /// What is wrong with scopes.
    static let scopes: [WrongFile] = [
        .server(
            "no scopes in the block", plus: "    scopes: {}",
            #"8:13: "servers.tickets.scopes" must hold at least one name"#),
        .server(
            "nothing in the block of scopes", plus: "    scopes:",
            #"8:12: "servers.tickets.scopes" must be a mapping of names; found nothing"#),
        .scopes(
            "a scope name with a space", #"      "tickets read": { tools: ["*"] }"#,
            #"9:7: "tickets read" cannot be a name in "servers.tickets.scopes"; expected 1 to 256 printable ASCII characters without space, quote and backslash"#
        ),
        .scopes(
            "a scope name with a quote", #"      'tickets"read': { tools: ["*"] }"#,
            #"9:7: "tickets"read" cannot be a name in "servers.tickets.scopes"; expected 1 to 256 printable ASCII characters without space, quote and backslash"#
        ),
        .scopes(
            "a scope that means refresh tokens", "      offline_access: { tools: [x] }",
            #"9:7: "offline_access" cannot be a scope of a server: by it clients ask for refresh tokens"#
        ),
        .scopes(
            "a scope that opens nothing", "      tickets: { description: Nothing }",
            #"9:7: warning: scope "tickets" opens nothing: it has no tools, resources, prompts, methods or includes that do"#
        ),
        .scopes(
            "a scope that includes one that opens nothing",
            "      a: { includes: [b] }\n      b: { tools: [] }",
            #"9:7: warning: scope "a" opens nothing: it has no tools, resources, prompts, methods or includes that do"#,
            #"10:7: warning: scope "b" opens nothing: it has no tools, resources, prompts, methods or includes that do"#
        ),
        .scopes(
            "a scope that is not there",
            "      tickets:read: { tools: [get_*] }\n      tickets:write: { includes: [tickets:raed] }",
            #"10:35: "tickets:raed" is not a scope of server "tickets"; did you mean "tickets:read"?"#
        ),
        .scopes(
            "a scope that includes itself", "      a: { tools: [x], includes: [a] }",
            #"9:7: "a" includes itself: a → a"#),
        .scopes(
            "a circle of scopes",
            "      a: { tools: [x], includes: [b] }\n      b: { includes: [c] }\n      c: { includes: [a] }\n      d: { includes: [a] }",
            #"9:7: "a" includes itself: a → b → c → a"#),
        .scopes(
            "text for a list of tools", "      a: { tools: get_* }",
            #"9:19: "servers.tickets.scopes.a.tools" must be a list; found "get_*""#),
        .scopes(
            "an empty pattern", #"      a: { tools: [""] }"#,
            #"9:20: "servers.tickets.scopes.a.tools" must be a pattern; found """#),
        .scopes(
            "a tool without a name", "      a: { tools: [{ arguments: { x: [1] } }] }",
            #"9:20: "name" is missing in "servers.tickets.scopes.a.tools" (the tool, when its arguments matter too)"#
        ),
        .scopes(
            "an argument without values", "      a: { tools: [{ name: t, arguments: { x: [] } }] }",
            #"9:47: "servers.tickets.scopes.a.tools.arguments.x" must hold at least one item"#),
        .scopes(
            "an argument with one value for a list",
            "      a: { tools: [{ name: t, arguments: { x: 1 } }] }",
            #"9:47: "servers.tickets.scopes.a.tools.arguments.x" must be a list; found "1""#),
        .scopes(
            "an argument whose name is no word",
            #"      a: { tools: [{ name: t, arguments: { "x\ty": 1 } }] }"#,
            #"9:52: "servers.tickets.scopes.a.tools.arguments.x\#u{FFFD}y" must be a list; found "1""#
        ),
        .scopes(
            "an argument that is a wrong pointer",
            "      a: { tools: [{ name: t, arguments: { /x~2: [1] } }] }",
            #"9:44: "/x~2" is not a JSON pointer; after "~" comes 0 or 1"#),
        .scopes(
            "initial that is neither true nor false", "      a: { tools: [x], initial: yes }",
            #"9:33: "servers.tickets.scopes.a.initial" must be true or false; found "yes""#),
        .scopes(
            "a user of no source", "      a: { tools: [x], granted_to: [lee] }",
            #"9:37: "servers.tickets.scopes.a.granted_to" must hold <sign-in>/user:…, <sign-in>/group:… or client:…; found "lee""#
        ),
        .scopes(
            "a user of an unknown source",
            #"      a: { tools: [x], granted_to: ["locla/user:lee"] }"#,
            #"9:37: "locla" is not a name of "sign_in"; did you mean "local"?"#),
        .scopes(
            "a user without a name", #"      a: { tools: [x], granted_to: ["local/user:"] }"#,
            #"9:37: "servers.tickets.scopes.a.granted_to" must hold <sign-in>/user:…, <sign-in>/group:… or client:…; found "local/user:""#
        ),
        .scopes(
            "clients of no kind", "      a: { tools: [x], clients: some }",
            #"9:33: "servers.tickets.scopes.a.clients" must be any or verified; found "some""#),
        .scopes(
            "clients that are not named", #"      a: { tools: [x], clients: ["example.com"] }"#,
            #"9:34: "servers.tickets.scopes.a.clients" must hold domain:… or client:…; found "example.com""#
        ),
        .scopes(
            "granted_to under a foreign issuer",
            #"      a: { tools: [x], granted_to: ["local/user:lee"], clients: verified }\#n    authorization_server: { issuer: https://login.example.com, jwks_file: keys.json }"#,
            #"9:37: "servers.tickets.scopes.a.granted_to" must hold issuer/user:… or issuer/group:…, \#(elsewhere); found "local/user:lee""#,
            #"9:65: "servers.tickets.scopes.a.clients" cannot be verified, \#(elsewhere)"#
        ),
        .scopes(
            "users and groups of a foreign issuer that no claim names",
            #"      a: { tools: [x], granted_to: ["issuer/user:lee", "issuer/group:ops"] }\#n    authorization_server: { issuer: https://login.example.com, jwks_file: keys.json }"#,
            #"9:37: "servers.tickets.scopes.a.granted_to" needs "servers.tickets.authorization_server.user_claim", the claim to read it from; found "issuer/user:lee""#,
            #"9:56: "servers.tickets.scopes.a.granted_to" needs "servers.tickets.authorization_server.groups_claim", the claim to read it from; found "issuer/group:ops""#
        ),
        .scopes(
            "machine clients and half names under a foreign issuer",
            #"      a: { tools: [x], granted_to: ["client:ci", "issuer/user:", "issuer/lee"] }\#n    authorization_server: { issuer: https://login.example.com, jwks_file: keys.json, user_claim: sub, groups_claim: groups }"#,
            #"9:37: "servers.tickets.scopes.a.granted_to" must hold issuer/user:… or issuer/group:…, \#(elsewhere); found "client:ci""#,
            #"9:50: "servers.tickets.scopes.a.granted_to" must hold issuer/user:… or issuer/group:…, \#(elsewhere); found "issuer/user:""#,
            #"9:66: "servers.tickets.scopes.a.granted_to" must hold issuer/user:… or issuer/group:…, \#(elsewhere); found "issuer/lee""#
        ),
        .scopes(
            "domains of clients under a foreign issuer",
            #"      a: { tools: [x], clients: ["client:ci", "domain:claude.ai"] }\#n    authorization_server: { issuer: https://login.example.com, jwks_file: keys.json }"#,
            #"9:47: "servers.tickets.scopes.a.clients" must hold client:…, \#(elsewhere); found "domain:claude.ai""#
        ),
        .scopes(
            "users of a foreign issuer where the gateway issues",
            #"      a: { tools: [x], granted_to: ["issuer/user:lee"] }"#,
            #"9:37: "issuer" is not a name of "sign_in""#),
        .scopes(
            "an unknown key of a scope", "      a: { tool: [x] }",
            #"9:12: unknown key "tool"; did you mean "tools"?"#),
        .scopes(
            "a pattern that is too long",
            "      a: { tools: [" + String(repeating: "x", count: 1025) + "] }",
            #"9:20: "servers.tickets.scopes.a.tools" must hold patterns of at most 1024 bytes"#),
    ]
}
