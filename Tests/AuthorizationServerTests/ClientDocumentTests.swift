import Cryptography
import HTTP
import JOSE
import JSON
import OAuth
import Testing

@testable import AuthorizationServer

@Suite struct ClientDocumentTests {
    private static let url = "https://app.example/client.json"

    private static let publicKey = #"""
        {"kty":"OKP","crv":"Ed25519","kid":"k","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
        """#

    private func violation(_ body: String) -> ClientDocumentViolation? {
        guard let url = ClientDocumentURL(Self.url) else { return nil }
        do {
            _ = try ClientDocument(parsing: Array(body.utf8), at: url)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        "http://app.example/client.json", "https://app.example", "https://app.example/",
        "https://app.example/client.json#x", "https://lee@app.example/client.json",
        "https://lee:secret@app.example/client.json", "https://app.example/a/../client.json",
        "https://app.example/./client.json", "https://app.example/%2e%2e/client.json",
        "https://app.example/a/%2E/client.json", "https://APP.example/client.json",
        "HTTPS://app.example/client.json", "https://app.example./client.json",
        "https://app.example:99999/client.json", "https:///client.json", "https://app.example?x=1",
        "https://app.example/\u{E9}", "https://app.example/a b", " https://app.example/client.json",
        "app.example/client.json", "dAAAA", "",
        "https://app.example/" + String(repeating: "a", count: 500),
    ])
    func `an id that the draft does not allow is no URL of a document`(id: String) {
        #expect(ClientDocumentURL(id) == nil)
    }

    @Test(arguments: [
        "https://app.example/client.json", "https://app.example/client.json?v=2",
        "https://app.example:8443/c", "https://127.0.0.1/c", "https://[::1]:8443/c",
        "https://app.example/a.b/..c",
    ])
    func `a URL of a document is kept byte for byte`(id: String) {
        #expect(ClientDocumentURL(id)?.text == id)
    }

    @Test(arguments: [("true", true), ("false", false), (nil, false)] as [(String?, Bool)])
    func `a document says whether tokens must be bound`(value: String?, expected: Bool) throws {
        let members = value.map { "\"dpop_bound_access_tokens\":\($0)" } ?? "\"x\":1"
        let url = try #require(ClientDocumentURL(Self.url))
        let document = try ClientDocument(
            parsing: Array(RealDocument.body(at: Self.url, members: members).utf8), at: url)
        #expect(document.bindsTokens == expected)
    }

    @Test(
        arguments: [
            ("", .notAnObject), ("[]", .notAnObject), ("{", .notAnObject),
            (RealDocument.body(at: url) + " x", .notAnObject),
            (RealDocument.body(at: url, members: #""client_id":"\#(url)""#), .notAnObject),
            (RealDocument.body(at: url + "?"), .otherClient),
            (RealDocument.body(at: "https://APP.example/client.json"), .otherClient),
            (RealDocument.body(at: "https://app.example/other.json"), .otherClient),
            (#"{"client_name":"Tool","redirect_uris":["http://127.0.0.1/"]}"#, .otherClient),
            (RealDocument.body(at: url, members: #""client_secret":"x""#), .secret),
            (RealDocument.body(at: url, members: #""client_secret_expires_at":0"#), .secret),
            (
                RealDocument.body(
                    at: url, members: #""token_endpoint_auth_method":"client_secret_basic""#),
                .secret
            ),
            (
                RealDocument.body(
                    at: url, members: #""token_endpoint_auth_method":"client_secret_jwt""#),
                .secret
            ),
            (RealDocument.body(at: url, name: ""), .nameMissing),
            (RealDocument.body(at: url, name: "\\u200b\\u00ad"), .nameMissing),
            (#"{"client_id":"\#(url)","redirect_uris":["http://127.0.0.1/"]}"#, .nameMissing),
            (RealDocument.body(at: url, uris: []), .redirectURIs),
            (
                RealDocument.body(at: url, uris: ["http://app.example/", "javascript:x"]),
                .redirectURIs
            ),
            (#"{"client_id":"\#(url)","client_name":"Tool"}"#, .redirectURIs),
            (
                RealDocument.body(
                    at: url, uris: (0..<17).map { "http://127.0.0.1/\($0)" }), .redirectURIs
            ),
            (
                RealDocument.body(
                    at: url, members: #""token_endpoint_auth_method":"tls_client_auth""#), .method
            ),
            (RealDocument.body(at: url, members: #""token_endpoint_auth_method":null"#), .method),
            (
                RealDocument.body(
                    at: url, members: #""token_endpoint_auth_methods_supported":[1]"#),
                .method
            ),
            (
                RealDocument.body(
                    at: url, members: #""token_endpoint_auth_method":"private_key_jwt""#),
                .keysMissing
            ),
            (RealDocument.body(at: url, members: #""jwks_uri":"http://app.example/keys""#), .keys),
            (RealDocument.body(at: url, members: #""jwks_uri":7"#), .keys),
            (
                RealDocument.body(at: url, members: #""dpop_bound_access_tokens":"true""#),
                .boundTokens
            ),
            (RealDocument.body(at: url, members: #""jwks":{"keys":[]}"#), .keys),
            (
                RealDocument.body(
                    at: url,
                    members:
                        #""jwks":{"keys":[\#(publicKey)]},"jwks_uri":"https://app.example/keys""#),
                .keys
            ),
            (
                RealDocument.body(
                    at: url,
                    members:
                        #""jwks":{"keys":[\#(publicKey),{"kty":"oct","k":"AAAA","kid":"s"}]}"#),
                .keys
            ),
            (RealDocument.body(at: url, name: String(repeating: "a", count: 5 * 1024)), .tooLarge),
        ] as [(String, ClientDocumentViolation)])
    func `a document that describes no client is refused`(
        body: String, violation: ClientDocumentViolation
    ) {
        #expect(self.violation(body) == violation)
    }

    @Test(arguments: [
        "", #""token_endpoint_auth_method":"none""#,
        #""token_endpoint_auth_methods_supported":["none"]"#,
        #""token_endpoint_auth_methods_supported":["client_secret_basic","none"]"#,
        #""grant_types":["authorization_code"],"software_id":{},"logo_uri":7"#,
    ])
    func `a document of a public client is taken`(members: String) throws {
        let url = try #require(ClientDocumentURL(Self.url))
        let body = RealDocument.body(at: Self.url, members: members)
        let document = try ClientDocument(parsing: Array(body.utf8), at: url)
        #expect(document.method == .none)
        #expect(document.keys == nil)
    }

    @Test func `keys in the document are the client's`() throws {
        let url = try #require(ClientDocumentURL(Self.url))
        let members =
            #""token_endpoint_auth_method":"private_key_jwt","jwks":{"keys":[\#(Self.publicKey)]}"#
        let body = RealDocument.body(at: Self.url, members: members)
        let document = try ClientDocument(parsing: Array(body.utf8), at: url)
        #expect(document.method == .privateKeyJWT)
        #expect(!document.isAlsoPublic)
        guard case .set(let set) = document.keys else {
            Issue.record("there is no set")
            return
        }
        #expect(set.keys.map(\.id) == ["k"])
    }

    @Test func `a revision tells what matters from what does not`() throws {
        func revision(
            _ name: String = "Tool",
            _ uris: [String] = ["http://127.0.0.1/a", "http://127.0.0.1/b"],
            _ method: ClientAuthenticationMethod = .none, _ keys: ClientKeys? = nil
        ) -> [UInt8] {
            ClientRevision.digest(
                name: name, redirectURIs: uris.compactMap { RedirectURI($0) }, method: method,
                keys: keys)
        }
        let document = try JSONDocument(parsing: Array(Self.publicKey.utf8))
        let set = try JSONWebKeySet([try JSONWebKey(document.root)])
        let others = [
            revision("Tool2"), revision("Tool", ["http://127.0.0.1/a"]),
            revision("Tool", ["http://127.0.0.1/a", "http://127.0.0.1/c"]),
            revision("Tool", ["http://127.0.0.1/a", "http://127.0.0.1/b"], .privateKeyJWT),
            revision(
                "Tool", ["http://127.0.0.1/a", "http://127.0.0.1/b"], .none,
                .url(try AbsoluteURI(parsing: "https://app.example/keys"))),
            revision("Tool", ["http://127.0.0.1/a", "http://127.0.0.1/b"], .none, .set(set)),
        ]
        #expect(Set(others + [revision()]).count == others.count + 1)
        #expect(revision("Tool", ["http://127.0.0.1/b", "http://127.0.0.1/a"]) == revision())
    }
}
