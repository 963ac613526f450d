package import OAuth

/// What was decided on a request and why, for log, audit and metrics.
package struct Ruling: Sendable, Equatable {
    /// The row of the decision table.
    package let kind: DecisionKind
    /// The rule behind it; nil where a valid token is enough, and where no rule knows the request.
    package let rule: RuleReference?
    /// The scope that a step-up asks for.
    package let neededScope: ScopeToken?
    /// Whether the request was forwarded all the same, since the server is in observe mode; `kind`
    /// says what would have become of it.
    package let isObserved: Bool

    /// A ruling.
    package init(
        _ kind: DecisionKind, rule: RuleReference? = nil, neededScope: ScopeToken? = nil,
        isObserved: Bool = false
    ) {
        self.kind = kind
        self.rule = rule
        self.neededScope = neededScope
        self.isObserved = isObserved
    }
}
