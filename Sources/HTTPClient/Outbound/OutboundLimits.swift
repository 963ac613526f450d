package import HTTP

/// How much the gateway fetches at once, and how large a head may be.
package struct OutboundLimits: Sendable, Equatable {
    /// Requests under way, to all hosts together.
    package var concurrent = 64
    /// Requests under way to one host.
    package var concurrentPerHost = 8
    /// Nanoseconds for a connection to one address while there are others to try.
    package var attemptTime: UInt64 = 2_000_000_000
    /// The sizes of an answer's head; content is limited by the request.
    package var message: MessageLimits = {
        var limits = MessageLimits()
        limits.fields = 16 << 10
        return limits
    }()

    /// The limits that apply unless others are set.
    package init() {}
}
