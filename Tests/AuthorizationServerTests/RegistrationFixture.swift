import AuthorizationServer
import Cryptography
import Foundation
import HTTP
import JSON
import OAuth
import Seals
import Storage
import Testing

/// An authorization server's part that knows clients, over a store of its own in a temporary folder.
final class RegistrationFixture: Sendable {
    static let now: Int64 = 1_790_000_000
    static let newKey = SecretBytes([UInt8](repeating: 2, count: 32))
    static let oldKey = SecretBytes([UInt8](repeating: 1, count: 32))

    let store: SQLiteStore
    let options: RegistrationOptions
    private let folder: String

    init(_ options: RegistrationOptions = RegistrationOptions()) async throws {
        let base = FileManager.default.temporaryDirectory
        let folder = base.appendingPathComponent("gatehouse-clients-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.folder = folder.path
        self.options = options
        store = try await SQLiteStore.open(path: folder.path + "/gatehouse.db")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A directory over the same store.
    func directory(
        _ keys: [SecretBytes] = [newKey], options: RegistrationOptions? = nil,
        documents: ClientDocuments? = nil
    ) -> ClientDirectory {
        ClientDirectory(
            store: store, ring: KeyRing(keys), options: options ?? self.options,
            documents: documents)
    }

    func endpoint(rates: RegistrationRates? = nil) -> RegistrationEndpoint {
        RegistrationEndpoint(
            directory: directory(),
            rates: rates
                ?? RegistrationRates(
                    perMinute: options.perMinute, totalPerMinute: options.totalPerMinute),
            options: options, issuer: "https://gw.example", keySets: MachineKeys.lookUp)
    }

    /// The rows of clients in the store.
    func rowCount() async throws -> Int {
        try await store.clients(limit: 10_000).count
    }

    /// What a registration came to, if it was accepted.
    func register(
        _ body: String, in directory: ClientDirectory? = nil, at now: Int64 = now
    ) async throws -> ClientRegistration {
        let metadata = try ClientMetadata(parsing: Array(body.utf8))
        switch try await (directory ?? self.directory()).register(metadata, at: now) {
        case .accepted(let registration): return registration
        case .full, .uninvited: throw Refused.full
        }
    }

    /// Puts a row into the store; its id.
    func keep(_ metadata: [UInt8]) async throws -> String {
        let id = "r" + Base64URL.encode(randomBytes(16))
        let row = ClientRecord(
            id: id, name: "Tool", status: .active, metadata: metadata, createdAt: Self.now,
            expiresAt: nil)
        guard try await store.register(row, limit: 1000, at: Self.now) else { throw Refused.full }
        return id
    }

    enum Refused: Error { case full }

    /// A request as it comes from the wire.
    static func request(
        _ method: String = "POST", type: String? = "application/json", body: String = "",
        query: String = "", fields: String = "", from address: String = "192.0.2.1",
        atMilliseconds now: Int64 = now * 1000
    ) throws -> EndpointRequest {
        let field = type.map { "Content-Type: \($0)\r\n" } ?? ""
        let text =
            "\(method) /register\(query) HTTP/1.1\r\nHost: gw.example\r\n\(field)\(fields)\r\n"
        var decoder = RequestDecoder()
        var offset = 0
        let event = try decoder.next(Array(text.utf8).span, &offset)
        guard case .head(let head) = event else { throw Refused.full }
        return EndpointRequest(
            head: head, body: Array(body.utf8), clientAddress: address, nowMilliseconds: now)
    }

    /// A body with a name and redirect URIs.
    static func body(_ name: String, _ uris: [String], method: String = "none") -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("client_name")
        writer.string(name)
        writer.name("token_endpoint_auth_method")
        writer.string(method)
        writer.name("redirect_uris")
        writer.beginArray()
        for uri in uris { writer.string(uri) }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// What a client sends when it registers itself, and how many of its redirect URIs are kept.
struct RealRegistration: Sendable, CustomTestStringConvertible {
    let body: String
    let name: String
    let kept: Int
    var method = "none"

    var testDescription: String { name }

    static let all = [
        RealRegistration(
            body: """
                {"client_name":"Claude Code (tickets)","redirect_uris":["http://localhost:3118/callback"],\
                "grant_types":["authorization_code","refresh_token"],"response_types":["code"],\
                "token_endpoint_auth_method":"none","application_type":"native"}
                """,
            name: "Claude Code (tickets)", kept: 1),
        RealRegistration(
            body: """
                {"client_name":"Claude","redirect_uris":["https://claude.ai/api/mcp/auth_callback"],\
                "grant_types":["authorization_code","refresh_token"],"response_types":["code"],\
                "token_endpoint_auth_method":"client_secret_post","scope":"tickets:read"}
                """,
            name: "Claude", kept: 1, method: "client_secret_post"),
        RealRegistration(
            body: """
                {"client_name":"Cursor","redirect_uris":["cursor://anysphere.cursor-mcp/oauth/callback",\
                "https://www.cursor.com/agents/mcp/oauth/callback","http://localhost:8787/callback"],\
                "grant_types":["authorization_code","refresh_token"],"response_types":["code"],\
                "token_endpoint_auth_method":"none","application_type":"web"}
                """,
            name: "Cursor", kept: 3),
        RealRegistration(
            body: """
                {"client_name":"Visual Studio Code","client_uri":"https://code.visualstudio.com",\
                "grant_types":["authorization_code","refresh_token",\
                "urn:ietf:params:oauth:grant-type:device_code"],"response_types":["code"],\
                "redirect_uris":["https://insiders.vscode.dev/redirect","https://vscode.dev/redirect",\
                "http://127.0.0.1/","http://127.0.0.1:33418/"],"scope":"tickets:read tickets:write",\
                "token_endpoint_auth_method":"none","application_type":"native"}
                """,
            name: "Visual Studio Code", kept: 4),
        RealRegistration(
            body: """
                {"redirect_uris":["http://localhost:6274/oauth/callback"],\
                "token_endpoint_auth_method":"none","grant_types":["authorization_code","refresh_token"],\
                "response_types":["code"],"client_name":"MCP Inspector",\
                "client_uri":"https://github.com/modelcontextprotocol/inspector",\
                "scope":"","application_type":"native"}
                """,
            name: "MCP Inspector", kept: 1),
        RealRegistration(
            body: """
                {"redirect_uris":["http://localhost:6274/oauth/callback",\
                "http://localhost:6274/oauth/callback/debug"],"token_endpoint_auth_method":"none",\
                "grant_types":["authorization_code","refresh_token"],"response_types":["code"],\
                "client_name":"MCP Inspector"}
                """,
            name: "MCP Inspector", kept: 2),
        RealRegistration(
            body: """
                {"client_name":"Codex","redirect_uris":["http://127.0.0.1:51763/callback/9f2c4a7d"],\
                "grant_types":["authorization_code","refresh_token"],\
                "token_endpoint_auth_method":"none","response_types":["code"],\
                "application_type":"native"}
                """,
            name: "Codex", kept: 1),
        RealRegistration(
            body: """
                {"client_name":"goose","redirect_uris":["http://127.0.0.1:49211/oauth_callback"],\
                "grant_types":["authorization_code","refresh_token"],\
                "token_endpoint_auth_method":"none","response_types":["code"],"scope":"tickets:read",\
                "application_type":"native"}
                """,
            name: "goose", kept: 1),
        RealRegistration(
            body: """
                {"client_name":"Gemini CLI MCP Client",\
                "redirect_uris":["http://localhost:40321/oauth/callback"],\
                "grant_types":["authorization_code","refresh_token"],"response_types":["code"],\
                "token_endpoint_auth_method":"none","scope":""}
                """,
            name: "Gemini CLI MCP Client", kept: 1),
        RealRegistration(
            body: """
                {"redirect_uris":["http://localhost:19832/oauth/callback"],\
                "token_endpoint_auth_method":"none","grant_types":["authorization_code","refresh_token"],\
                "response_types":["code"],"client_name":"MCP CLI Client",\
                "client_uri":"https://github.com/modelcontextprotocol/mcp-cli",\
                "software_id":"2e6dc280-f3c3-4e01-99a7-8181dbd1d23d","software_version":"0.1.29",\
                "scope":"openid email profile"}
                """,
            name: "MCP CLI Client", kept: 1),
        RealRegistration(
            body: """
                {"client_name":"ChatGPT",\
                "redirect_uris":["https://chatgpt.com/connector/oauth/aBc_123-xyz"],\
                "grant_types":["authorization_code","refresh_token"],"response_types":["code"],\
                "token_endpoint_auth_method":"client_secret_basic"}
                """,
            name: "ChatGPT", kept: 1, method: "client_secret_basic"),
        // The Python SDK leaves the method out unless it is told one.
        RealRegistration(
            body: """
                {"redirect_uris":["http://localhost:3030/callback"],"grant_types":\
                ["authorization_code","refresh_token"],"response_types":["code"],\
                "client_name":"FastMCP Client"}
                """,
            name: "FastMCP Client", kept: 1),
    ]
}
