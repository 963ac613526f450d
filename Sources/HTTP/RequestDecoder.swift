/// Reads the requests of one connection, RFC 9112: pure, incremental, strict.
///
/// Any division of the bytes into pieces gives the same events, but for the division of content.
package struct RequestDecoder: Sendable {
    private enum Phase {
        case head
        case length(total: Int, remaining: Int)
        case chunked
    }

    /// The most content bytes of the current request; `limits.body` again with each head.
    package var bodyLimit: Int

    private let limits: MessageLimits
    private var phase = Phase.head
    private var headReader: Gatherer<RequestHeadReader>
    private var chunks: ChunkedDecoder<RequestViolation>
    private var violation: RequestViolation?

    /// A decoder at the start of a connection.
    package init(limits: MessageLimits = MessageLimits()) {
        self.limits = limits
        self.bodyLimit = limits.body
        self.headReader = Gatherer(RequestHeadReader(limits: limits))
        self.chunks = ChunkedDecoder(limits: limits)
    }

    /// Whether nothing of a request has come yet, so that a close here is an ordinary one.
    package var isBetweenRequests: Bool {
        if case .head = phase { headReader.isEmpty } else { false }
    }

    /// The next event of `input` from `offset` on, which moves behind what was taken.
    ///
    /// After `.end` the decoder is ready for the next request of the connection. Once it has thrown
    /// it throws the same again.
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
        // What follows a refused request has no defined beginning.
        if let violation { throw violation }
        do {
            switch phase {
            case .head: return try head(input, &offset)
            case .length(let total, let remaining):
                return try content(input, &offset, total, remaining)
            case .chunked: return try chunk(input, &offset)
            }
        } catch {
            violation = error
            throw error
        }
    }

    private mutating func head(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(RequestViolation) -> DecoderEvent<RequestHead> {
        guard let bytes = try headReader.read(input, &offset) else { return .needMore }
        let head = try headReader.consumer.takeHead(bytes)
        headReader.consumer.reset()
        bodyLimit = limits.body
        switch head.framing {
        case .none: phase = .length(total: 0, remaining: 0)
        case .length(let length): phase = .length(total: length, remaining: length)
        case .chunked:
            chunks = ChunkedDecoder(limits: limits)
            phase = .chunked
        }
        return .head(head)
    }

    private mutating func content(
        _ input: Span<UInt8>, _ offset: inout Int, _ total: Int, _ remaining: Int
    ) throws(RequestViolation) -> DecoderEvent<RequestHead> {
        // RFC 9110 §15.5.14 — announced is enough: not a byte of it is taken.
        if total > bodyLimit { throw .bodyTooLarge }
        if remaining == 0 {
            phase = .head
            return .end
        }
        guard offset < input.count else { return .needMore }
        let range = offset..<(offset + min(input.count - offset, remaining))
        offset = range.upperBound
        phase = .length(total: total, remaining: remaining - range.count)
        return .body(range)
    }

    private mutating func chunk(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(RequestViolation) -> DecoderEvent<RequestHead> {
        switch try chunks.next(input, &offset, bodyLimit: bodyLimit) {
        case .needMore: return .needMore
        case .body(let range): return .body(range)
        case .end:
            phase = .head
            return .end
        }
    }
}
