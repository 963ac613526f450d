import OAuth

extension ScopePolicy {
    /// The names of the definitions, each once.
    static func names(
        _ definitions: [ScopeDefinition]
    ) throws(ScopePolicyViolation) -> [ScopeToken] {
        var names: [ScopeToken] = []
        for (scope, definition) in definitions.enumerated() {
            guard let name = ScopeToken(definition.name) else {
                throw .malformedName(scope: scope)
            }
            guard !names.contains(name) else { throw .duplicateName(scope: scope) }
            names.append(name)
        }
        return names
    }

    /// For each scope, itself and all that it includes, also through others.
    static func closures(
        _ definitions: [ScopeDefinition], _ names: [ScopeToken]
    ) throws(ScopePolicyViolation) -> [ScopeMask] {
        var includes: [[Int]] = []
        for (scope, definition) in definitions.enumerated() {
            var numbers: [Int] = []
            for include in definition.includes {
                guard let number = names.firstIndex(where: { $0.text == include }) else {
                    throw .unknownInclude(scope: scope, name: include)
                }
                numbers.append(number)
            }
            includes.append(numbers)
        }
        var closures = [ScopeMask?](repeating: nil, count: names.count)
        for scope in names.indices {
            var path: [Int] = []
            _ = try closure(of: scope, includes, names, &closures, &path)
        }
        return closures.map { $0 ?? .none }
    }

    /// The closure of one scope; `path` is the way that led there, which is at most as long as
    /// there are scopes.
    private static func closure(
        of scope: Int, _ includes: [[Int]], _ names: [ScopeToken],
        _ closures: inout [ScopeMask?], _ path: inout [Int]
    ) throws(ScopePolicyViolation) -> ScopeMask {
        if let known = closures[scope] { return known }
        if let start = path.firstIndex(of: scope) {
            let circle = path[start...] + [scope]
            throw .circle(scope: path[start], names: circle.map { names[$0].text })
        }
        path.append(scope)
        var mask = ScopeMask.none
        mask.insert(scope)
        for included in includes[scope] {
            mask.formUnion(try closure(of: included, includes, names, &closures, &path))
        }
        path.removeLast()
        closures[scope] = mask
        return mask
    }

    /// The rules of plain patterns.
    static func compile(
        _ patterns: [String], _ scope: Int
    ) throws(ScopePolicyViolation) -> [RuleTable.Rule] {
        var rules: [RuleTable.Rule] = []
        for text in patterns {
            guard let pattern = Pattern(text) else {
                throw .malformedPattern(scope: scope, pattern: text)
            }
            rules.append(RuleTable.Rule(pattern: pattern, scope: scope, conditions: []))
        }
        return rules
    }

    /// The rule of a tool entry.
    static func compile(
        _ rule: ToolRule, _ scope: Int
    ) throws(ScopePolicyViolation) -> RuleTable.Rule {
        guard let pattern = Pattern(rule.name) else {
            throw .malformedPattern(scope: scope, pattern: rule.name)
        }
        var conditions: [CompiledCondition] = []
        for condition in rule.arguments {
            conditions.append(try CompiledCondition(condition, scope: scope, tool: rule.name))
        }
        return RuleTable.Rule(pattern: pattern, scope: scope, conditions: conditions)
    }
}
