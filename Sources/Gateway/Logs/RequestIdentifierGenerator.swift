/// Makes the request identifiers of one event loop: a random prefix, then a counter.
///
/// The prefix is 64 bits of the system's randomness, drawn once per generator, so loops, processes
/// and replicas do not meet and an outsider cannot name a request that it has not seen.
package struct RequestIdentifierGenerator: Sendable {
    private var following: RequestIdentifier

    /// Draws a prefix from the system's source of randomness.
    package init() {
        var source = SystemRandomNumberGenerator()
        self.init(using: &source)
    }

    /// Draws a prefix from `source`.
    package init(using source: inout some RandomNumberGenerator) {
        following = RequestIdentifier(prefix: source.next(), sequence: 0)
    }

    /// The next identifier; no two of one generator are equal.
    package mutating func next() -> RequestIdentifier {
        defer { following = following.next }
        return following
    }
}
