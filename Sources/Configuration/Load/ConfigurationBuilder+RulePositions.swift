internal import ResourceServer

extension ConfigurationBuilder {
    /// Notes where a scope and its rules stand, in the order in which the definition has them.
    mutating func notePositions(_ scope: DecodedSection, _ entry: DecodedName, server: String) {
        rulePositions.addScope(entry.name, at: server, entry.position)
        for item in scope.list("includes") ?? [] {
            guard let included = item.text else { continue }
            rulePositions.addInclude(included, in: entry.name, at: server, item.position)
        }
        for vocabulary in RuleReference.Vocabulary.allCases {
            for item in scope.list(vocabulary.rawValue) ?? [] {
                guard let (pattern, position) = Self.pattern(of: item) else { continue }
                rulePositions.addRule(vocabulary, pattern, of: entry.name, at: server, position)
            }
        }
    }

    /// The pattern of a rule and where it is written, which for a tool with conditions is its name.
    private static func pattern(of item: DecodedValue) -> (String, SourcePosition)? {
        if let text = item.text { return (text, item.position) }
        guard case .section(let tool) = item.content, let name = tool["name"],
            let text = name.text
        else { return nil }
        return (text, name.position)
    }
}
