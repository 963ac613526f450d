/// Fields that disagree with the body, and the era to say so in.
package struct HeaderDisagreement: Error, Sendable, Equatable {
    /// How they disagree.
    package let violation: HeaderViolation
    /// The era of the request as far as it could be told.
    package let era: ProtocolEra

    /// The answer to it.
    package var answer: JSONRPCError { violation.answer(for: era) }
}
