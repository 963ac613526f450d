/// How a stream of server-sent events deviates.
package enum EventStreamViolation: Error, Sendable, Hashable {
    /// One event is larger than the limit, in bytes.
    case eventTooLarge(limit: Int)
}
