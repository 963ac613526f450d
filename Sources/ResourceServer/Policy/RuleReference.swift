package import OAuth

/// A rule of a server's `scopes:` block, as the operator wrote it: what a decision names as its
/// ground.
///
/// An object made with the policy, so that naming the rule of a request costs one reference.
package final class RuleReference: Sendable {
    /// The keys of a scope under which rules stand.
    package enum Vocabulary: String, Sendable, CaseIterable {
        case tools, prompts, resources, methods
    }

    /// The key under which it stands.
    package let vocabulary: Vocabulary
    /// The pattern.
    package let pattern: String
    /// The scope that it belongs to.
    package let scope: ScopeToken
    /// The rule as logs name it: `tools:get_*`.
    package let name: String
    /// Whether it holds only under conditions on the arguments.
    package let isConditional: Bool
    /// Its place among the rules of its vocabulary, in the operator's order.
    package let place: Int

    init(
        _ vocabulary: Vocabulary, pattern: String, scope: ScopeToken, isConditional: Bool,
        place: Int
    ) {
        self.vocabulary = vocabulary
        self.pattern = pattern
        self.scope = scope
        self.isConditional = isConditional
        self.place = place
        name = "\(vocabulary.rawValue):\(pattern)"
    }
}

extension RuleReference: Equatable {
    /// Whether both are the same rule of equal policies.
    package static func == (left: RuleReference, right: RuleReference) -> Bool {
        left.vocabulary == right.vocabulary && left.place == right.place
            && left.scope == right.scope && left.pattern == right.pattern
    }
}
