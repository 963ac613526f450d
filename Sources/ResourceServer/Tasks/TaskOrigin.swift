import MCP

/// The request that a task was made by, as far as decisions on the task rest on it.
package struct TaskOrigin: Sendable, Hashable {
    /// The name of the method.
    package let method: [UInt8]
    /// The tool, prompt or resource that it named; empty for none.
    package let target: [UInt8]

    /// The origin that `request` is for the task that answers it.
    package init(of request: borrowing AuthorizedRequest) {
        method = Array((request.method?.name ?? "").utf8)
        target = request.target.name.map { Array($0) } ?? []
    }

    init(method: [UInt8], target: [UInt8]) {
        self.method = method
        self.target = target
    }

    /// What a caller of the task must be allowed to do; nil where a valid token is enough.
    ///
    /// Conditions on arguments were met when the task was made, and are not asked again.
    var operation: Operation? {
        let method = MCPMethod(utf8: method[...])
        switch method.requirement {
        case .tool: return .taskOfTool(name: target[...])
        case .prompt: return .prompt(name: target[...])
        case .resource: return .resource(uri: target[...])
        case .methodScope: return .method(name: self.method[...])
        case .token, .list, .completion, .subscription, .task: return nil
        }
    }
}
