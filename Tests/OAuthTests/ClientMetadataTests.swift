import OAuth
import Testing

@Suite struct ClientMetadataTests {
    private func parse(_ text: String) throws -> ClientMetadata {
        try ClientMetadata(parsing: Array(text.utf8))
    }

    private func parse(member: String) throws -> ClientMetadata {
        try parse(#"{"redirect_uris":["https://a.example/cb"],\#(member)}"#)
    }

    @Test func `the request of RFC 7591 §3.1 is read`() throws {
        let metadata = try parse(
            #"""
            {
             "redirect_uris": [
               "https://client.example.org/callback",
               "https://client.example.org/callback2"],
             "client_name": "My Example Client",
             "client_name#ja-Jpan-JP":
                "\u30AF\u30E9\u30A4\u30A2\u30F3\u30C8\u540D",
             "token_endpoint_auth_method": "client_secret_basic",
             "logo_uri": "https://client.example.org/logo.png",
             "jwks_uri": "https://client.example.org/my_public_keys.jwks",
             "example_extension_parameter": "example_value"
            }
            """#)
        #expect(
            metadata.redirectURIs.map(\.text) == [
                "https://client.example.org/callback", "https://client.example.org/callback2",
            ])
        #expect(metadata.name == "My Example Client")
        #expect(metadata.authenticationMethod == .clientSecretBasic)
        #expect(metadata.scope.isEmpty && metadata.applicationType == nil)
    }

    /// Requests as clients of the field send them.
    @Test(arguments: [
        (
            #"{"response_types":["code"],"scope":"mcp:read","client_name":"c","redirect_uris":["#
                + #""http://localhost:3030/callback"],"token_endpoint_auth_method":"none","#
                + #""grant_types":["authorization_code","refresh_token"],"#
                + #""application_type":"native"}"#, ["http://localhost:3030/callback"]
        ),
        (
            #"{"client_name":"Cursor","redirect_uris":["#
                + #""cursor://anysphere.cursor-mcp/oauth/callback","#
                + #""https://www.cursor.com/agents/mcp/oauth/callback","#
                + #""http://localhost:8787/callback"],"application_type":"web"}"#,
            [
                "cursor://anysphere.cursor-mcp/oauth/callback",
                "https://www.cursor.com/agents/mcp/oauth/callback",
                "http://localhost:8787/callback",
            ]
        ),
        (
            #"{"client_name":"Gemini CLI MCP Client","redirect_uris":["#
                + #""http://localhost:7777/oauth/callback"],"grant_types":["authorization_code","#
                + #""refresh_token"],"response_types":["code"],"#
                + #""token_endpoint_auth_method":"none","scope":""}"#,
            ["http://localhost:7777/oauth/callback"]
        ),
        (
            #"{"client_name":"Visual Studio Code","client_uri":"https://code.visualstudio.com","#
                + #""grant_types":["authorization_code","refresh_token","#
                + #""urn:ietf:params:oauth:grant-type:device_code"],"response_types":["code"],"#
                + #""redirect_uris":["https://insiders.vscode.dev/redirect","#
                + #""https://vscode.dev/redirect","http://127.0.0.1/","http://127.0.0.1:33418/"],"#
                + #""token_endpoint_auth_method":"none","application_type":"native"}"#,
            [
                "https://insiders.vscode.dev/redirect", "https://vscode.dev/redirect",
                "http://127.0.0.1/", "http://127.0.0.1:33418/",
            ]
        ),
        (
            #"{"redirect_uris":["javascript:x","http://a.example/cb","https://a.example/cb#","#
                + #""https://a.example/cb","","https://a.example/cb"]}"#, ["https://a.example/cb"]
        ),
    ])
    func `what is not known is dropped and the rest stays`(text: String, uris: [String]) throws {
        let metadata = try parse(text)
        #expect(metadata.redirectURIs.map(\.text) == uris)
        #expect(metadata.authenticationMethod == .none)
    }

    @Test(arguments: [
        (#""token_endpoint_auth_method":"none""#, ClientAuthenticationMethod.none),
        (#""token_endpoint_auth_method":"client_secret_post""#, .clientSecretPost),
        (#""token_endpoint_auth_method":"client_secret_basic""#, .clientSecretBasic),
        (#""token_endpoint_auth_method":"private_key_jwt""#, .none),
        (#""token_endpoint_auth_method":"CLIENT_SECRET_BASIC""#, .none),
        (#""token_endpoint_auth_method":"""#, .none),
        (#""token_endpoint_auth_method":null"#, .none),
        (#""client_name":"x""#, .none),
    ])
    func `a method that is not offered is none`(
        member: String, method: ClientAuthenticationMethod
    ) throws {
        #expect(try parse(member: member).authenticationMethod == method)
    }

    @Test(
        arguments: [
            ("native", "native"), ("web", "web"), ("", nil), ("Native", nil), ("service", nil),
        ] as [(String, String?)])
    func `the application type is kept where it is known`(text: String, type: String?) throws {
        #expect(try parse(member: #""application_type":"\#(text)""#).applicationType == type)
    }

    @Test(arguments: [
        ("a b", "a b"), ("", ""), ("a  b", ""), ("a\\nb", ""), ("offline_access", "offline_access"),
    ])
    func `a scope is a hint`(text: String, scope: String) throws {
        #expect(try parse(member: #""scope":"\#(text)""#).scope.text == scope)
    }

    @Test(arguments: [
        "", "null", "[]", "\"x\"", "{", "{}x", #"{"redirect_uris":["https://a.example/cb"],}"#,
        #"{"client_name":"a","client_name":"b","redirect_uris":["https://a.example/cb"]}"#,
        #"{"redirect_uris":"https://a.example/cb"}"#, #"{"redirect_uris":{}}"#,
        #"{"redirect_uris":[1]}"#, #"{"redirect_uris":["https://a.example/cb",null]}"#,
        String(repeating: "[", count: 100),
    ])
    func `what is no metadata is refused`(text: String) {
        #expect(refusal { try parse(text) }?.code == .invalidClientMetadata)
    }

    @Test(arguments: [
        #""client_name":1"#, #""client_name":["x"]"#, #""scope":["a"]"#, #""scope":1"#,
        #""token_endpoint_auth_method":["none"]"#, #""grant_types":"authorization_code""#,
        #""grant_types":[1]"#, #""response_types":"code""#, #""response_types":{}"#,
        #""application_type":true"#,
    ])
    func `a member of the wrong type is refused`(member: String) {
        #expect(refusal { try parse(member: member) }?.code == .invalidClientMetadata)
    }

    @Test(arguments: [
        "{}", #"{"redirect_uris":null}"#, #"{"redirect_uris":[]}"#, #"{"redirect_uris":[""]}"#,
        #"{"redirect_uris":["http://a.example/cb","javascript:x"]}"#,
    ])
    func `no redirect URI is left`(text: String) {
        #expect(refusal { try parse(text) }?.code == .invalidRedirectURI)
    }

    @Test func `the number of redirect URIs is limited`() throws {
        func text(_ count: Int) -> String {
            let uris = (0..<count).map { "\"https://a.example/\($0)\"" }
            return #"{"redirect_uris":[\#(uris.joined(separator: ","))]}"#
        }
        #expect(try parse(text(16)).redirectURIs.count == ClientMetadata.maximumRedirectURIs)
        #expect(refusal { try parse(text(17)) }?.code == .invalidRedirectURI)
    }

    @Test func `a URI that is too long is dropped`() throws {
        let long = "https://a.example/" + String(repeating: "a", count: 500)
        let metadata = try parse(#"{"redirect_uris":["\#(long)","https://a.example/cb"]}"#)
        #expect(metadata.redirectURIs.map(\.text) == ["https://a.example/cb"])
        #expect(
            refusal { try parse(#"{"redirect_uris":["\#(long)"]}"#) }?.code == .invalidRedirectURI)
    }

    @Test func `a software statement is ignored`() throws {
        // RFC 7591 §2.3
        #expect(try parse(member: #""software_statement":"eyJ""#).redirectURIs.count == 1)
    }

    @Test(arguments: [
        ("Claude Code", "Claude Code"), (#"  a \t\n  b\r\n"#, "a b"), (#"a\u0000b\u0007"#, "ab"),
        (#"a\u202Eb\u202C\u2066\u2069\u200F"#, "ab"), (#"a\u200B\u200D\u2060\uFEFFb"#, "ab"),
        (#"a\u2028b\u2029c\u00A0\u3000d"#, "a b c d"), (#"\uE000\uF8FFa"#, "a"),
        (#"\u3164\u115F\u034F\uFE0Fa\u00AD"#, "a"), (#"\uDB40\uDC41a"#, "a"),
        ("Ünïcödé 名前 🙂 ئاب", "Ünïcödé 名前 🙂 ئاب"), ("<b>&\\\"'", "<b>&\"'"), ("", ""),
        (#"\u202E\u200B "#, ""), (#"\uFDD0a"#, "a"),
    ])
    func `a name is what a person may read of it`(text: String, name: String) throws {
        #expect(try parse(member: #""client_name":"\#(text)""#).name == name)
    }

    @Test func `the length of a name is limited`() throws {
        func name(_ text: String) throws -> String {
            try parse(member: #""client_name":"\#(text)""#).name
        }
        #expect(try name(String(repeating: "é", count: 200)).count == 128)
        // One letter with any number of marks.
        let marks = try name("a" + String(repeating: "\u{301}", count: 100_000))
        #expect(
            marks.utf8.count <= 512 && marks.unicodeScalars.starts(with: "a\u{301}".unicodeScalars))
        #expect(
            try name(String(repeating: "a", count: 127) + " b")
                == String(repeating: "a", count: 127))
    }
}
