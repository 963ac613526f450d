import JSON
import OAuth

/// The rules of all scopes for one vocabulary: tools, prompts, resources or methods.
struct RuleTable: Sendable {
    /// One rule: which names, whose scope, under which conditions.
    struct Rule: Sendable {
        let pattern: Pattern
        let scope: Int
        let conditions: [CompiledCondition]
    }

    /// What the rules say about one name.
    struct Entry: Sendable {
        /// The scopes with a rule for the name that has no condition.
        var openers = ScopeMask.none
        /// The places of the rules for the name, ascending.
        var places: [Int] = []
        /// Whether one of them has conditions.
        var hasConditions = false

        fileprivate mutating func add(_ place: Int, _ rule: Rule) {
            places.append(place)
            if rule.conditions.isEmpty { openers.insert(rule.scope) } else { hasConditions = true }
        }
    }

    /// The rules in the operator's order.
    let rules: [Rule]
    /// The same as what decisions name.
    let references: [RuleReference]

    private let literals: NameTable
    /// What all rules say about each literal name.
    private let entries: [Entry]
    private let prefixed: AffixTable
    private let suffixed: AffixTable
    /// Rules whose patterns begin and end with a star.
    private let free: PairTable
    /// By place.
    private let sieves: [NameSieve]

    /// A table of the rules of scopes with these names.
    init(_ rules: [Rule], _ vocabulary: RuleReference.Vocabulary, scopes: [ScopeToken]) {
        self.rules = rules
        references = rules.enumerated().map { place, rule in
            RuleReference(
                vocabulary, pattern: rule.pattern.text, scope: scopes[rule.scope],
                isConditional: !rule.conditions.isEmpty, place: place)
        }
        sieves = rules.map { NameSieve(of: $0.pattern) }
        let patterned = rules.indices.filter { !rules[$0].pattern.isLiteral }
        var shared: [[UInt8]: Int] = [:]
        for place in patterned {
            for affix in [rules[place].pattern.prefix, rules[place].pattern.suffix] {
                shared[affix, default: 0] += 1
            }
        }
        var prefixes: [(affix: [UInt8], number: Int)] = []
        var suffixes: [(affix: [UInt8], number: Int)] = []
        var free: [(pattern: Pattern, number: Int)] = []
        for place in patterned {
            let pattern = rules[place].pattern
            // Under the end that fewer others have.
            let isPrefixRarer = (shared[pattern.prefix] ?? 0) <= (shared[pattern.suffix] ?? 0)
            if !pattern.prefix.isEmpty, isPrefixRarer || pattern.suffix.isEmpty {
                prefixes.append((pattern.prefix, place))
            } else if !pattern.suffix.isEmpty {
                suffixes.append((pattern.suffix, place))
            } else {
                free.append((pattern, place))
            }
        }
        prefixed = AffixTable(prefixes, at: .front)
        suffixed = AffixTable(suffixes, at: .back)
        self.free = PairTable(free)
        let names = rules.filter(\.pattern.isLiteral).map { Array($0.pattern.text.utf8) }
        literals = NameTable(names)
        var entries = [Entry](repeating: Entry(), count: literals.count)
        for name in names {
            guard let number = literals.number(of: name.span) else { continue }
            var entry = Entry()
            for (place, rule) in rules.enumerated() where rule.pattern.matches(name.span) {
                entry.add(place, rule)
            }
            entries[number] = entry
        }
        self.entries = entries
    }

    /// What the rules say about the name.
    func entry(for name: Span<UInt8>) -> Entry {
        if let number = literals.number(of: name) { return entries[number] }
        let sieve = NameSieve(of: name)
        var places: [Int] = []
        prefixed.appendMembers(of: name, to: &places)
        suffixed.appendMembers(of: name, to: &places)
        free.appendMembers(of: name, to: &places)
        var found: [Int] = []
        for place in places
        where sieve.mayHold(sieves[place]) && rules[place].pattern.matches(name) {
            found.append(place)
        }
        found.sort()
        var entry = Entry()
        for place in found where entry.places.last != place { entry.add(place, rules[place]) }
        return entry
    }

    /// The same as if no rule had conditions.
    func entryIgnoringConditions(for name: Span<UInt8>) -> Entry {
        var entry = entry(for: name)
        guard entry.hasConditions else { return entry }
        for place in entry.places { entry.openers.insert(rules[place].scope) }
        entry.hasConditions = false
        return entry
    }

    /// The scopes with a rule for the name, whatever its conditions.
    func mentions(of name: Span<UInt8>) -> ScopeMask {
        entryIgnoringConditions(for: name).openers
    }

    /// The first rule of the entry that opens the name by a scope of the set.
    ///
    /// While the entry has conditions only rules without any open it.
    func opener(of entry: Entry, in scopes: ScopeMask) -> RuleReference? {
        entry.places.first {
            scopes.contains(rules[$0].scope)
                && (!entry.hasConditions || rules[$0].conditions.isEmpty)
        }.map { references[$0] }
    }

    /// The scopes with a pattern that some expansion of the template could match, and the first such
    /// rule of each.
    func entry(forSome template: ResourceTemplate) -> Entry {
        var entry = Entry()
        for (place, rule) in rules.enumerated()
        where !entry.openers.contains(rule.scope) && template.couldMatch(rule.pattern) {
            entry.add(place, rule)
        }
        return entry
    }
}
