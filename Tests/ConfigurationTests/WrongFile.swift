import Testing

/// A file that is wrong, and everything that must be said of it.
struct WrongFile: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let findings: [String]

    var testDescription: String { name }

    init(_ name: String, _ text: String, _ findings: String...) {
        self.name = name
        self.text = text
        self.findings = findings
    }

    /// The least that works with lines behind it; they begin at line 6.
    static func least(_ name: String, plus lines: String, _ findings: String...) -> WrongFile {
        WrongFile(name, Workshop.least + lines + "\n", findings)
    }

    /// A server in block style with lines behind it; they begin at line 7 and are indented by four.
    static func server(_ name: String, plus lines: String, _ findings: String...) -> WrongFile {
        WrongFile(name, serverStart + lines + "\n", findings)
    }

    /// A server with scopes; the lines begin at line 8 and are indented by six.
    static func scopes(_ name: String, _ lines: String, _ findings: String...) -> WrongFile {
        WrongFile(name, serverStart + "    scopes:\n" + lines + "\n", findings)
    }

    /// The least that works with one of its lines replaced.
    static func line(_ number: Int, _ text: String, _ findings: String...) -> WrongFile {
        var lines = Workshop.least.split(separator: "\n", omittingEmptySubsequences: false)
        lines[number - 1] = text[...]
        return WrongFile(text, lines.joined(separator: "\n"), findings)
    }

    init(_ name: String, _ text: String, _ findings: [String]) {
        self.name = name
        self.text = text
        self.findings = findings
    }

    private static let serverStart = """
        public_url: http://127.0.0.1:8080
        listen: [{ address: 127.0.0.1:8080 }]
        sign_in: { local: { kind: users, file: users } }
        servers:
          tickets:
            path: /tickets/mcp
            upstream: http://127.0.0.1:9000/mcp

        """
}
