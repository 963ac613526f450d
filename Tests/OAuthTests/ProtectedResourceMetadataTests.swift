import JSON
import OAuth
import Testing

@Suite struct ProtectedResourceMetadataTests {
    @Test func `the document has the members of RFC 9728 in one order`() throws {
        let document = ProtectedResourceMetadata(
            resource: "https://mcp.example.com/tickets/mcp/",
            authorizationServers: ["https://mcp.example.com"],
            scopesSupported: try #require(ScopeSet(parsing: "a b")), resourceName: "Tickets")
        #expect(
            String(decoding: document.body, as: UTF8.self)
                == #"{"resource":"https://mcp.example.com/tickets/mcp/","#
                + #""authorization_servers":["https://mcp.example.com"],"#
                + #""scopes_supported":["a","b"],"bearer_methods_supported":["header"],"#
                + #""resource_name":"Tickets"}"#)
    }

    @Test func `members have the shape of the example of RFC 9728 §3.2`() throws {
        let example = #"""
            {
             "resource": "https://resource.example.com",
             "authorization_servers": ["https://as1.example.com", "https://as2.example.net"],
             "bearer_methods_supported": ["header", "body"],
             "scopes_supported": ["profile", "email", "phone"],
             "resource_documentation": "https://resource.example.com/resource_documentation.html"
            }
            """#
        let ours = try JSONDocument(
            parsing: ProtectedResourceMetadata(
                resource: "https://resource.example.com",
                authorizationServers: ["https://as1.example.com", "https://as2.example.net"],
                scopesSupported: try #require(ScopeSet(parsing: "profile email phone"))
            ).body
        ).root
        for (name, value) in try JSONDocument(parsing: Array(example.utf8)).root.members {
            let name = try #require(name.string)
            // The gateway takes tokens in the header only, and has no documentation to name.
            switch name {
            case "resource_documentation": #expect(ours.member(name) == nil)
            case "bearer_methods_supported":
                #expect(ours.member(name)?.elements.compactMap(\.string) == ["header"])
            case "resource": #expect(ours.member(name)?.string == value.string)
            default:
                #expect(
                    ours.member(name)?.elements.compactMap(\.string)
                        == value.elements.compactMap(\.string))
            }
        }
    }

    @Test func `empty members are left out`() {
        let document = ProtectedResourceMetadata(
            resource: "https://h/x", authorizationServers: ["https://h"],
            scopesSupported: ScopeSet())
        #expect(
            String(decoding: document.body, as: UTF8.self)
                == #"{"resource":"https://h/x","authorization_servers":["https://h"],"#
                + #""bearer_methods_supported":["header"]}"#)
    }

    @Test func `an error has no empty members`() {
        let error = OAuthErrorBody(error: "invalid_token")
        #expect(String(decoding: error.bytes, as: UTF8.self) == #"{"error":"invalid_token"}"#)
        let full = OAuthErrorBody(
            error: "insufficient_scope", errorDescription: "more",
            scope: ScopeSet(parsing: "a b") ?? ScopeSet())
        #expect(
            String(decoding: full.bytes, as: UTF8.self)
                == #"{"error":"insufficient_scope","error_description":"more","scope":"a b"}"#)
    }
}
