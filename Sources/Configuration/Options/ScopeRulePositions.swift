internal import OAuth
package import ResourceServer

/// Where in the file the rules of the servers' scopes stand.
///
/// Beside the options and not in them, so that what decides knows nothing of files.
package struct ScopeRulePositions: Sendable, Equatable {
    /// One rule as the file has it.
    private struct Entry: Sendable, Equatable {
        let scope: String
        let pattern: String
        let position: SourcePosition
    }

    private struct Key: Hashable {
        let server: String
        let vocabulary: RuleReference.Vocabulary
    }

    private struct Name: Hashable {
        let server: String
        let scope: String
    }

    /// The rules of each vocabulary of a server, in the order of the file.
    private var rules: [Key: [Entry]] = [:]
    private var scopes: [Name: SourcePosition] = [:]
    private var includes: [Name: [String: SourcePosition]] = [:]

    /// Where a rule of a server stands; nil for the rule of a server that names no scopes.
    package func position(
        of rule: RuleReference, at server: String
    ) -> SourcePosition? {
        let entries = rules[Key(server: server, vocabulary: rule.vocabulary)] ?? []
        guard entries.indices.contains(rule.place) else { return nil }
        let entry = entries[rule.place]
        guard entry.scope == rule.scope.text, entry.pattern == rule.pattern else { return nil }
        return entry.position
    }

    /// Where a scope of a server begins.
    package func position(ofScope scope: String, at server: String) -> SourcePosition? {
        scopes[Name(server: server, scope: scope)]
    }

    /// Where a scope of a server says that it includes another.
    package func position(
        of included: String, includedBy scope: String, at server: String
    ) -> SourcePosition? {
        includes[Name(server: server, scope: scope)]?[included]
    }

    /// Notes the next rule of a vocabulary of a server.
    mutating func addRule(
        _ vocabulary: RuleReference.Vocabulary, _ pattern: String, of scope: String,
        at server: String, _ position: SourcePosition
    ) {
        rules[Key(server: server, vocabulary: vocabulary), default: []]
            .append(Entry(scope: scope, pattern: pattern, position: position))
    }

    /// Notes a scope of a server.
    mutating func addScope(_ scope: String, at server: String, _ position: SourcePosition) {
        scopes[Name(server: server, scope: scope)] = position
    }

    /// Notes that a scope of a server includes another.
    mutating func addInclude(
        _ included: String, in scope: String, at server: String, _ position: SourcePosition
    ) {
        includes[Name(server: server, scope: scope), default: [:]][included] = position
    }
}
