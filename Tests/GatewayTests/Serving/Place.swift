import Configuration
import Foundation

/// A folder with a configuration file and room for a store, removed with the value.
final class Place: Sendable {
    /// The path of the configuration file.
    let path: String
    private let folder: URL

    /// Writes a configuration; `{folder}` becomes the path of the folder.
    init(_ text: String) throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "gatehouse-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: "gateway.conf").path()
        let whole = text.replacingOccurrences(of: "{folder}", with: folder.path())
        try Data(whole.utf8).write(to: URL(filePath: path))
        try Data(Self.keySet.utf8).write(to: folder.appending(path: "keys.json"))
    }

    /// Writes a file beside the configuration.
    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    struct NotLoaded: Error { let findings: [String] }

    /// The configuration as it is loaded.
    func configuration() throws -> GatewayConfiguration {
        let outcome = ConfigurationFile.load(path, environment: [:])
        guard let configuration = outcome.configuration else {
            throw NotLoaded(findings: outcome.diagnostics.map { "\($0)" })
        }
        return configuration
    }

    /// The public key of RFC 7515 appendix A.3.
    private static let keySet = """
        {"keys":[{"kty":"EC","crv":"P-256","kid":"one","use":"sig","alg":"ES256",\
        "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
        """

    /// What every configuration here begins with.
    static let start = """
        public_url: http://127.0.0.1:8080
        listen: [{ address: 127.0.0.1:8080 }]
        state: sqlite:{folder}/state.db
        sign_in: { local: { kind: users, file: users } }

        """
    /// A server whose tokens the gateway issues.
    static let tickets = """
          tickets:
            path: /tickets/mcp
            upstream: http://127.0.0.1:9000/mcp
            scopes:
              tickets:read: { tools: ["get_*"] }
              tickets:write: { tools: ["create_*"], granted_to: ["local/user:lee"] }

        """
    /// Another one.
    static let notes = "  notes: { path: /notes/mcp, upstream: \"http://127.0.0.1:9001/mcp\" }\n"
    /// A server whose tokens somebody else issues.
    static let foreign = """
          foreign:
            path: /foreign/mcp
            upstream: http://127.0.0.1:9002/mcp
            authorization_server: { issuer: "https://as.example", jwks_file: keys.json }

        """
}
