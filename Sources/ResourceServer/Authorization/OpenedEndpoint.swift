/// The endpoint of an HTTP+SSE upstream that a seal of the request's principal names.
///
/// Made by ``SealedEndpoints`` from a seal that opened, and from nothing else.
package struct OpenedEndpoint: Sendable, Equatable {
    /// Path and query at the upstream.
    package let requestTarget: String
    /// The seal, which names the stream on which the client waits.
    package let seal: [UInt8]

    init(requestTarget: String, seal: ArraySlice<UInt8>) {
        self.requestTarget = requestTarget
        // A copy, so that the storage of the request's head is not kept.
        self.seal = Array(seal)
    }
}
