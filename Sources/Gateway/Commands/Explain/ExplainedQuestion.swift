import JSON
import MCP
import ResourceServer

/// What is asked about, in the policy's terms.
struct ExplainedQuestion: Sendable {
    /// What decides.
    enum Ground: Sendable {
        /// The policy, on this.
        case policy(ResourceServer.Operation)
        /// A valid token alone.
        case token
    }

    /// The method that is called.
    let method: String
    /// What it is called for; nil where the method says all.
    let name: String?
    let ground: Ground

    /// - Throws: ``ExplainUsage``, or ``StartFailure`` where a file cannot be read.
    init(_ asked: ExplainCommand.Asked, limits: JSONLimits) throws {
        switch asked {
        case .tool(let tool, let text):
            method = "tools/call"
            name = tool
            ground = .policy(
                .tool(name: Self.bytes(tool), arguments: try Self.arguments(text, limits)))
        case .prompt(let prompt):
            method = "prompts/get"
            name = prompt
            ground = .policy(.prompt(name: Self.bytes(prompt)))
        case .resource(let uri):
            // As completions do; an URI has no braces (RFC 3986 §2).
            let isTemplate = uri.utf8.contains(UInt8(ascii: "{"))
            method = isTemplate ? "completion/complete" : "resources/read"
            name = uri
            ground = .policy(
                isTemplate ? .resourceTemplate(Self.bytes(uri)) : .resource(uri: Self.bytes(uri)))
        case .method(let text):
            method = text
            name = nil
            ground = try Self.ground(of: text)
        }
    }

    /// What it is, for people.
    var description: String { name.map { "\(method) of \($0)" } ?? method }

    private static func bytes(_ text: String) -> ArraySlice<UInt8> { Array(text.utf8)[...] }

    private static func arguments(_ text: String?, _ limits: JSONLimits) throws -> JSONValue? {
        guard let text else { return nil }
        let bytes =
            text.hasPrefix("@")
            ? try CommandInput.read(String(text.dropFirst())) : Array(text.utf8)
        let root: JSONValue
        do throws(JSONViolation) {
            root = try JSONDocument(parsing: bytes, limits: limits).root
        } catch {
            throw ExplainUsage("--arguments is not JSON: \(error)")
        }
        guard root.kind == .object else { throw ExplainUsage("--arguments is not a JSON object") }
        return root
    }

    /// What decides on a method by itself.
    private static func ground(of text: String) throws -> Ground {
        let method = MCPMethod(utf8: bytes(text))
        switch method.requirement {
        case .token, .list: return .token
        case .methodScope: return .policy(.method(name: bytes(text)))
        case .tool: throw ExplainUsage("\(text) is decided on the tool: --tool NAME")
        case .prompt: throw ExplainUsage("\(text) is decided on the prompt: --prompt NAME")
        case .resource, .subscription:
            throw ExplainUsage("\(text) is decided on the resource: --resource URI")
        case .completion:
            throw ExplainUsage(
                "\(text) is decided on what it completes: --prompt NAME or --resource URI")
        case .task:
            guard method == .tasksList else {
                throw ExplainUsage(
                    "\(text) is decided on what the task was made by: --tool NAME")
            }
            return .token
        }
    }
}
