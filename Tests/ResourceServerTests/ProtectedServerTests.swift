import OAuth
import Testing

@testable import ResourceServer

@Suite struct ProtectedServerTests {
    @Test(
        arguments: [
            (
                "/.well-known/oauth-protected-resource/tickets/mcp",
                "https://mcp.example.com/tickets/mcp"
            ),
            (
                "/.well-known/oauth-protected-resource/tickets/mcp/",
                "https://mcp.example.com/tickets/mcp/"
            ),
            (
                "/tickets/mcp/.well-known/oauth-protected-resource",
                "https://mcp.example.com/tickets/mcp"
            ),
            ("/.well-known/oauth-protected-resource", nil),
            ("/.well-known/oauth-protected-resource/", nil),
            ("/.well-known/oauth-protected-resource/tickets", nil),
            ("/.well-known/oauth-protected-resource/tickets/mcp//", nil),
            ("/.well-known/oauth-protected-resource/tickets/mcpx", nil),
            ("/.well-known/oauth-protected-resource/TICKETS/mcp", nil),
            ("/.well-known/oauth-protected-resourcex/tickets/mcp", nil),
            ("/x/.well-known/oauth-protected-resource/tickets/mcp", nil),
        ] as [(String, String?)])
    func `metadata is where clients look, with the URL that they typed`(
        path: String, resource: String?
    ) throws {
        let server = try TestServer().server
        #expect(server.metadata(at: path)?.resource == resource)
    }

    @Test func `metadata names the issuer and the scopes that a client begins with`() throws {
        let document = try TestServer().server.metadata()
        #expect(document.authorizationServers == ["https://mcp.example.com"])
        #expect(document.scopesSupported.text == "tickets:read tickets:write")
        #expect(document.resourceName == "Tickets")
    }

    @Test(
        arguments: [
            ("/tickets/mcp", ProtectedServer.Spelling.plain), ("/tickets/mcp/", .trailingSlash),
            ("/tickets/mcp//", nil), ("/tickets/mcpx", nil), ("/tickets", nil), ("", nil),
            ("/Tickets/mcp", nil),
        ] as [(String, ProtectedServer.Spelling?)])
    func `a path is the server's with one slash or none`(
        path: String, spelling: ProtectedServer.Spelling?
    ) throws {
        #expect(try TestServer().server.spelling(of: Array(path.utf8)[...]) == spelling)
    }

    @Test func `servers are told apart even when they are alike`() throws {
        #expect(try TestServer().server.identity != TestServer().server.identity)
    }
}
