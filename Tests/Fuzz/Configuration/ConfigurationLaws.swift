import Configuration
import FuzzSupport
import HTTP
import OAuth
import ResourceServer

/// What must hold of a configuration file, and of what is said about it.
struct ConfigurationLaws {
    let text: [UInt8]
    var choices: Choices

    private static let secret = "s3cr3t-0f-f1le"
    private static let value = "v4lue-0f-envir0nment"
    private static let address = "10.9.8.7:65"
    private static let files: [String: [UInt8]] = [
        "/conf/secret": Array("\(secret)\n".utf8),
        "/conf/spaced": Array("two \(secret)".utf8),
        "/conf/key": Array(String(repeating: "ab", count: 32).utf8),
        "/conf/keys.json": Array(
            #"""
            {"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
            """#.utf8),
    ]

    /// When the file is read, in Unix seconds: 25 July 2026.
    private static let now: Int64 = 1_785_000_000

    mutating func check() {
        let outcome = read()
        require((outcome.configuration == nil) == !outcome.errors.isEmpty, "nothing without errors")
        check(outcome.diagnostics)
        guard let configuration = outcome.configuration else { return }
        check(configuration)
        for server in configuration.servers { check(server, of: configuration) }
        // A time that is over is not refused, since it becomes so by itself; it is told.
        require(
            configuration.servers.count { $0.observesUntil.map { $0 <= Self.now } ?? false }
                == outcome.warnings.count { $0.message.hasPrefix("observe mode of server") },
            "observing that is over is told")
        guard choices.once(in: 16) else { return }
        require(read().configuration == configuration, "the same file is the same configuration")
        require(
            !Self.holds("\(configuration)", Self.secret) || isWritten,
            "describing it shows no secret")
    }

    /// Whether the file itself may hold what it must not show.
    private var isWritten: Bool {
        ["0f", "10.9"].contains { part in
            text.indices.contains { text[$0...].starts(with: part.utf8) }
        }
    }

    private func read() -> ConfigurationFile.Outcome {
        ConfigurationFile.read(
            text, path: "/conf/gateway.conf",
            environment: ["V": Self.value, "A": Self.address, "E": ""], at: Self.now,
            files: Self.files)
    }

    private func check(_ diagnostics: [Diagnostic]) {
        require(diagnostics.count <= 201, "there are not too many findings")
        var last = SourcePosition.start
        for diagnostic in diagnostics {
            let line = diagnostic.description
            require(Self.isLine(line), "a finding is one line")
            require(!Self.holds(line, Self.secret) || isWritten, "and shows no secret")
            require(!Self.holds(line, Self.value) || isWritten, "nor what a variable holds")
            require(!Self.holds(line, Self.address) || isWritten, "be it an address")
            guard let position = diagnostic.position else { continue }
            require(last <= position, "findings come by their place")
            require(1...(text.count + 1) ~= position.line, "a line is one of the file")
            require(1...(text.count + 2) ~= position.column, "a column is one of the line")
            last = position
        }
    }

    private func check(_ configuration: GatewayConfiguration) {
        require(!configuration.listeners.isEmpty, "something is listened on")
        require(!configuration.servers.isEmpty, "something is served")
        let paths = configuration.servers.map(\.path)
        require(Set(paths).count == paths.count, "each server has a path of its own")
        require(Set(configuration.servers.map(\.name)).count == paths.count, "and a name")
        require(
            configuration.tokens.refreshLifetime >= configuration.tokens.accessLifetime,
            "a refresh token lasts")
        let summary = configuration.summary
        require(summary.hasSuffix("\n"), "a summary is lines")
        require(!Self.holds(summary, Self.secret) || isWritten, "and shows no secret")
        for line in summary.utf8.split(separator: 0x0A) {
            require(Self.isLine(String(Substring(line))), "its lines are lines")
        }
        let again = try? AbsoluteURI(parsing: "\(configuration.publicURL)")
        require(again == configuration.publicURL, "the public URL is itself")
    }

    private func check(_ server: ServerOptions, of configuration: GatewayConfiguration) {
        require(server.path.hasPrefix("/") && !server.path.hasSuffix("/"), "a path is a path")
        require(!RequestTarget(server.path).isAmbiguous, "that is read in one way")
        require(server.url == "\(configuration.publicURL)\(server.path)", "beneath the public URL")
        require(ResourceIndicator(server.url)?.text == server.url, "which names the resource")
        require(server.upstream.url.scheme == .http, "what is behind is reached")
        require(server.upstream.url.query == nil, "at a path")
        require(!server.scopes.isEmpty, "it has scopes")
        let policy = try? ScopePolicy(server.scopes, serverName: server.name)
        require(policy != nil, "which can be decided by")
        require(
            server.title.unicodeScalars.count <= ServerOptions.maximumTitleLength, "and a title")
        if let end = server.observesUntil {
            require(end <= Self.now + ObservationPeriod.longest, "observing ends")
        }
        for origin in server.allowedOrigins {
            require((try? Origin(parsing: origin.description)) == origin, "origins are themselves")
        }
    }

    /// Whether the text has the secret or the value in it; byte by byte, which is quick.
    private static func holds(_ text: String, _ word: String) -> Bool {
        var rest = text.utf8[...]
        while let start = rest.firstIndex(where: { $0 == word.utf8.first }) {
            if rest[start...].starts(with: word.utf8) { return true }
            rest = rest[start...].dropFirst()
        }
        return false
    }

    /// Whether no character of the text could end a line or move a cursor.
    private static func isLine(_ text: String) -> Bool {
        text.utf8.allSatisfy { 0x20..<0x7F ~= $0 }
            || !text.unicodeScalars.contains(where: isControl)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
