/// A decision and the rule that it rests on.
package struct Verdict: Sendable, Equatable {
    /// What the policy says.
    package let decision: Decision
    /// The rule that opens the operation: for an allowed one the first whose scope is held, for a
    /// step-up the first that the scope asked for would bring, for a failed condition the rule with
    /// the condition; nil where no rule knows the operation.
    package let rule: RuleReference?
}
