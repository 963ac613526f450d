/// Fields that disagree with the body, and the era to say so in.
package struct HeaderDisagreement: Error, Sendable, Equatable {
    /// How they disagree.
    package let violation: HeaderViolation
    /// The era of the request as far as it could be told.
    package let era: ProtocolEra

    /// A disagreement in a request of that era.
    package init(violation: HeaderViolation, era: ProtocolEra) {
        self.violation = violation
        self.era = era
    }

    /// The answer to it.
    package var answer: JSONRPCError { violation.answer(for: era) }
}
