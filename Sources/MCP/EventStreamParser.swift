/// Splits a stream of server-sent events into its blocks (WHATWG HTML §9.2.5).
///
/// The blocks' bytes, one after another, are the stream: nothing is lost or added.
package struct EventStreamParser: Sendable {
    /// The largest event in bytes.
    package let limit: Int

    /// A parser at the start of a stream.
    ///
    /// - Parameter limit: the largest event in bytes.
    package init(limit: Int = 4 << 20) { self.limit = limit }

    /// The next complete event in `input`, from `offset` on, which moves past what was taken.
    ///
    /// - Returns: nil when all of `input` was taken and no event is complete.
    /// - Throws: ``EventStreamViolation``, after which the stream cannot be read on.
    package mutating func next(
        _ input: UnsafeRawBufferPointer, _ offset: inout Int
    ) throws(EventStreamViolation) -> EventStreamEvent? { nil }

    /// Bytes held of an event that is not complete; a client drops them when the stream ends.
    package var pendingCount: Int { 0 }
}
