import JSON

/// The rules of all scopes for one vocabulary: tools, prompts, resources or methods.
struct RuleTable: Sendable {
    /// One rule: which names, whose scope, under which conditions.
    struct Rule: Sendable {
        let pattern: Pattern
        let scope: Int
        let conditions: [CompiledCondition]
    }

    /// What the rules say about one name.
    private struct Entry: Sendable {
        /// The scopes with a rule for the name that has no condition.
        var openers = ScopeMask.none
        /// The places of the rules for the name that have conditions.
        var conditional: [Int] = []
    }

    private let rules: [Rule]
    private let patterned: [Int]
    private let literals: NameTable
    private let entries: [Entry]

    /// A table of the rules.
    init(_ rules: [Rule]) {
        self.rules = rules
        patterned = rules.indices.filter { !rules[$0].pattern.isLiteral }
        let names = rules.filter(\.pattern.isLiteral).map { Array($0.pattern.text.utf8) }
        literals = NameTable(names)
        var entries = [Entry](repeating: Entry(), count: literals.count)
        for name in names {
            guard let number = literals.number(of: name.span) else { continue }
            entries[number] = Self.entry(name.span, rules, among: rules.indices)
        }
        self.entries = entries
    }

    /// The scopes that open the name whatever the arguments.
    func openers(of name: Span<UInt8>) -> ScopeMask {
        if let number = literals.number(of: name) { return entries[number].openers }
        var mask = ScopeMask.none
        for place in patterned where rules[place].conditions.isEmpty {
            // A scope that opens the name already is not asked twice.
            guard !mask.contains(rules[place].scope), rules[place].pattern.matches(name) else {
                continue
            }
            mask.insert(rules[place].scope)
        }
        return mask
    }

    /// The rules for the name that have conditions.
    func conditional(for name: Span<UInt8>) -> [Rule] {
        if let number = literals.number(of: name) {
            return entries[number].conditional.map { rules[$0] }
        }
        return Self.entry(name, rules, among: patterned).conditional.map { rules[$0] }
    }

    /// The scopes with a rule for the name, whatever its conditions.
    func mentions(of name: Span<UInt8>) -> ScopeMask {
        var mask = openers(of: name)
        for rule in conditional(for: name) { mask.insert(rule.scope) }
        return mask
    }

    /// The scopes with a pattern that some expansion of the template could match.
    func openers(ofSome template: ResourceTemplate) -> ScopeMask {
        var mask = ScopeMask.none
        for rule in rules where !mask.contains(rule.scope) && template.couldMatch(rule.pattern) {
            mask.insert(rule.scope)
        }
        return mask
    }

    /// What the chosen rules say about the name.
    private static func entry(
        _ name: Span<UInt8>, _ rules: [Rule], among places: some Sequence<Int>
    ) -> Entry {
        var entry = Entry()
        for place in places where rules[place].pattern.matches(name) {
            if rules[place].conditions.isEmpty {
                entry.openers.insert(rules[place].scope)
            } else {
                entry.conditional.append(place)
            }
        }
        return entry
    }
}
