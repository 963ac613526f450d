/// Reads the requests of one connection, RFC 9112: pure, incremental, strict.
///
/// Any division of the bytes into pieces gives the same events, but for the division of content.
package struct RequestDecoder: Sendable {
    private let limits: MessageLimits
    /// The most content bytes of the current request; `limits.body` again with each head.
    package var bodyLimit: Int

    /// A decoder at the start of a connection.
    package init(limits: MessageLimits = MessageLimits()) {
        self.limits = limits
        self.bodyLimit = limits.body
    }

    /// The next event of `input` from `offset` on, which moves behind what was taken.
    ///
    /// After `.end` the decoder is ready for the next request of the connection. Once it has thrown it
    /// throws the same again.
    ///
    /// - Throws: the first deviation of the request.
    package mutating func next(
        _ input: UnsafeRawBufferPointer, _ offset: inout Int
    ) throws(RequestViolation) -> DecoderEvent<RequestHead> {
        try next(unsafe Span(_unsafeBytes: input), &offset)
    }

    /// The same over memory that the compiler knows to be alive.
    package mutating func next(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(RequestViolation) -> DecoderEvent<RequestHead> {
        .needMore
    }
}
