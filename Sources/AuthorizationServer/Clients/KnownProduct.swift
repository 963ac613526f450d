import OAuth

/// A product that connects to MCP servers: where it receives authorization codes, and the names that
/// only it may bear there.
struct KnownProduct {
    /// One place where a product receives authorization codes.
    enum Callback {
        /// This URI.
        case exactly(String)
        /// This prefix and one segment of 1...128 letters, digits, `-` and `_`.
        case segment(after: String)

        /// The longest segment that is taken, in bytes.
        static let segmentLimit = 128

        /// Whether the URI is that place, byte for byte.
        func matches(_ uri: RedirectURI) -> Bool {
            switch self {
            case .exactly(let text): return uri.text == text
            case .segment(let prefix):
                guard uri.text.hasPrefix(prefix) else { return false }
                let segment = uri.text.utf8.dropFirst(prefix.utf8.count)
                return (1...Self.segmentLimit).contains(segment.count)
                    && segment.allSatisfy(Self.isSegmentByte)
            }
        }

        private static func isSegmentByte(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// The names, as people see them.
    let names: [NameSkeleton]
    /// Where it receives codes, apart from loopback addresses.
    let callbacks: [Callback]

    private init(names: [String], callbacks: [Callback]) {
        self.names = names.map(NameSkeleton.init)
        self.callbacks = callbacks
    }

    /// Whether the name is, or has in it, one of the product's.
    func isNamed(in name: NameSkeleton) -> Bool {
        names.contains { name.contains($0) }
    }

    /// Whether the URI is a place of the product's own.
    func receives(at uri: RedirectURI) -> Bool {
        callbacks.contains { $0.matches(uri) }
    }

    /// The products.
    static let all = [
        KnownProduct(
            names: [
                "Claude", "Claude Code", "Claude AI", "Claude Desktop", "Anthropic",
            ],
            callbacks: [
                .exactly("https://claude.ai/api/mcp/auth_callback"),
                .exactly("https://claude.com/api/mcp/auth_callback"),
            ]),
        KnownProduct(
            names: ["ChatGPT", "Chat GPT", "OpenAI"],
            callbacks: [
                .segment(after: "https://chatgpt.com/connector/oauth/"),
                .exactly("https://chatgpt.com/connector_platform_oauth_redirect"),
            ]),
        KnownProduct(
            names: ["Visual Studio Code", "VS Code", "GitHub Copilot"],
            callbacks: [
                .exactly("https://vscode.dev/redirect"),
                .exactly("https://insiders.vscode.dev/redirect"),
            ]),
        KnownProduct(
            names: ["Cursor"],
            callbacks: [
                .exactly("https://www.cursor.com/agents/mcp/oauth/callback"),
                .exactly("cursor://anysphere.cursor-mcp/oauth/callback"),
            ]),
        // Programs on the user's machine: they receive codes on loopback addresses only.
        KnownProduct(names: ["Codex", "Codex CLI"], callbacks: []),
        KnownProduct(names: ["Gemini", "Gemini CLI"], callbacks: []),
        KnownProduct(names: ["MCP Inspector"], callbacks: []),
    ]
}
