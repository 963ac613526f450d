/// Reads the answer to one request, RFC 9112: pure, incremental, strict.
///
/// Any division of the bytes into pieces gives the same events, but for the division of content.
package struct ResponseDecoder: Sendable {
    private let limits: MessageLimits
    private let requestMethod: Method
    /// The most content bytes; without a limit at first, since a stream of events has none.
    package var bodyLimit = Int.max

    /// A decoder for the answer to a request with this method, RFC 9112 §6.3.
    package init(limits: MessageLimits = MessageLimits(), requestMethod: Method) {
        self.limits = limits
        self.requestMethod = requestMethod
    }

    /// The next event of `input` from `offset` on, which moves behind what was taken.
    ///
    /// Interim answers are read and dropped. After `.end` the connection can be used again only if the
    /// head said so and nothing is left in the input.
    ///
    /// - Throws: the first deviation of the response.
    package mutating func next(
        _ input: UnsafeRawBufferPointer, _ offset: inout Int
    ) throws(ResponseViolation) -> DecoderEvent<ResponseHead> {
        try next(unsafe Span(_unsafeBytes: input), &offset)
    }

    /// The same over memory that the compiler knows to be alive.
    package mutating func next(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(ResponseViolation) -> DecoderEvent<ResponseHead> {
        .needMore
    }

    /// Tells the decoder that the connection was closed; returns if the response is complete by it.
    ///
    /// - Throws: `closedBeforeResponse` if no byte came, `headTruncated`, `contentTruncated`.
    package mutating func finish() throws(ResponseViolation) {}
}
