/// Scope names in the order in which they were first given, each once.
///
/// Source: RFC 6749 §3.3; the order carries no meaning there and is kept so that answers are the
/// same each time.
package struct ScopeSet: Hashable, Sendable, CustomStringConvertible {
    /// The most names that one set is parsed from.
    package static let maximumCount = 256

    /// The names, each once.
    package private(set) var tokens: [ScopeToken]

    /// The names in their order, one space between two; empty for no names.
    package var text: String { tokens.map(\.text).joined(separator: " ") }

    /// The set's text.
    package var description: String { text }

    /// Whether there is no name in the set.
    package var isEmpty: Bool { tokens.isEmpty }

    /// A set of the given names.
    package init(_ tokens: [ScopeToken] = []) {
        self.tokens = []
        self.tokens.reserveCapacity(tokens.count)
        for token in tokens { insert(token) }
    }

    /// The set that a `scope` value spells, or nil where the value does not follow the grammar.
    ///
    /// Shape: tokens with exactly one space between two, none before or after; at most
    /// `maximumCount`. An empty text is the empty set, which some issuers write.
    package init?(parsing text: String) {
        self.init()
        guard !text.isEmpty else { return }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count <= Self.maximumCount else { return nil }
        for part in parts {
            guard let token = ScopeToken(String(part)) else { return nil }
            insert(token)
        }
    }

    /// Whether the name is in the set.
    package func contains(_ token: ScopeToken) -> Bool {
        tokens.contains(token)
    }

    /// Adds the name unless the set has it.
    package mutating func insert(_ token: ScopeToken) {
        guard !tokens.contains(token) else { return }
        tokens.append(token)
    }

    /// The names of this set, then those of the other that are new.
    package func union(_ other: ScopeSet) -> ScopeSet {
        var result = self
        for token in other.tokens { result.insert(token) }
        return result
    }
}
