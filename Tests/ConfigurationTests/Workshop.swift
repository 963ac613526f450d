import Foundation

@testable import Configuration

/// A directory with the files that a configuration names, removed with the value.
final class Workshop: Sendable {
    /// The path of the configuration file.
    let path: String
    private let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory
            .appending(path: "gateway-\(UUID().uuidString)")
        path = directory.appending(path: "gateway.conf").path()
        try FileManager.default.createDirectory(
            at: directory.appending(path: "secrets"), withIntermediateDirectories: true)
        try FileManager.default.createDirectory(
            at: directory.appending(path: "tls"), withIntermediateDirectories: true)
        for (name, text) in Self.tlsFiles { try write(name, text, mode: 0o600) }
        try write("secrets/tickets", "s3cr3t-for-tickets\n")
        try write("secrets/ci-robot", "a secret that nobody guesses\n")
        try write("secrets/oidc", "s3cr3t-for-the-provider\n")
        try write("secrets/github", "s3cr3t-for-github\n")
        try write("secrets/spaced", "two words\n")
        try write("secrets/lines", "one\ntwo\n")
        try write("secrets/empty", "\n")
        try write("secrets/short", "0123456789")
        try write("secrets/master-key", String(repeating: "ab", count: 32) + "\n")
        try write("keys.json", Self.keySet)
        try write("authorities.pem", Self.authorities)
        try write("empty.json", #"{"keys":[]}"#)
        try write("broken.json", #"{"keys":["#)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
        let file = directory.appending(path: name)
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path())
    }

    /// Reads a text as if it were the configuration file here.
    func read(_ text: String, environment: [String: String] = [:]) -> ConfigurationFile.Outcome {
        ConfigurationFile.read(Array(text.utf8), path: path, environment: environment)
    }

    /// What is said of a text, without the path of the file: `12:5: unknown key …`.
    func findings(_ text: String, environment: [String: String] = [:]) -> [String] {
        read(text, environment: environment).diagnostics.map {
            String($0.description.dropFirst(path.count + 1))
        }
    }

    /// The public key of RFC 7515 appendix A.3.
    static let keySet = """
        {"keys":[{"kty":"EC","crv":"P-256","kid":"one","use":"sig","alg":"ES256",\
        "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
        """

    /// A certificate.
    static let authorities = """
        -----BEGIN CERTIFICATE-----
        MIIBhzCCAS2gAwIBAgIUWgKwRRvjFGjtjg2rMm23UF3cZWcwCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwHhcNMjYxMTI2MTYwMDUwWhcNMzYx
        MTIzMTYwMDUwWjAZMRcwFQYDVQQDDA5UZXN0IGF1dGhvcml0eTBZMBMGByqGSM49
        AgEGCCqGSM49AwEHA0IABDt77pCm53luG63M44/VE28iC80umqLEv1wqN2P/0+eJ
        ZAz7sqXR25AYQ2Oy1n8Zsfu2WBIINmV9yz6DgQ22H8KjUzBRMB0GA1UdDgQWBBQP
        nHASs4Dp3Akd5FnmFdbPcXCZjzAfBgNVHSMEGDAWgBQPnHASs4Dp3Akd5FnmFdbP
        cXCZjzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQCixHXKn6qV
        m1jEUkbpn4EzGoigzOBh+bc6JtZfnFArlgIgJ74+pPVVUs7iSGF4p5maphDfkWE/
        lwdO9xMo8Xf+DwU=
        -----END CERTIFICATE-----
        """

    /// A file that loads: the least that works.
    static let least = """
        public_url: http://127.0.0.1:8080
        listen: [{ address: 127.0.0.1:8080 }]
        sign_in: { local: { kind: users, file: users } }
        servers:
          demo: { path: /demo/mcp, upstream: http://127.0.0.1:9000/mcp }

        """
}
