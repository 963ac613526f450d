package import MCP

extension ScopePolicy {
    /// The lists that may look different under another policy.
    package func changedLists(to other: ScopePolicy) -> [ListChange] {
        ListChange.allCases.filter { $0.rules(of: definitions) != $0.rules(of: other.definitions) }
    }
}

/// What of a scope decides on one list.
private struct ListRules: Equatable {
    let name: String
    let includes: [String]
    let patterns: [String]
}

extension ListChange {
    fileprivate func rules(of definitions: [ScopeDefinition]) -> [ListRules] {
        definitions.map { definition in
            let patterns =
                switch self {
                // Conditions never hide a tool.
                case .tools: definition.tools.map(\.name)
                case .prompts: definition.prompts
                case .resources: definition.resources
                }
            return ListRules(
                name: definition.name, includes: definition.includes, patterns: patterns)
        }
    }
}
