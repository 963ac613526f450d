import MCP

extension MessageTarget {
    /// What the access log calls the target; nil where nothing, or more than one thing, is named.
    var loggedName: ArraySlice<UInt8>? {
        switch self {
        case .none, .subscription: nil
        case .tool(let name), .prompt(let name), .completionOfPrompt(let name): name
        case .resource(let uri), .completionOfResource(let uri): uri
        case .task(let id): id
        }
    }
}
