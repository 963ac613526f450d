/// Reads the answer to one request, RFC 9112: pure, incremental, strict.
///
/// Any division of the bytes into pieces gives the same events, but for the division of content.
package struct ResponseDecoder: Sendable {
    private enum Phase {
        case head
        case length(total: Int, remaining: Int)
        case chunked
        case untilClose(received: Int)
        case done
    }

    /// The most content bytes; without a limit at first, since a stream of events has none.
    package var bodyLimit = Int.max

    private let limits: MessageLimits
    private let requestMethod: Method
    private var phase = Phase.head
    private var headReader: Gatherer<ResponseHeadReader>
    private var chunks: ChunkedDecoder<ResponseViolation>
    private var interimResponseCount = 0
    private var violation: ResponseViolation?

    /// A decoder for the answer to a request with this method, RFC 9112 §6.3.
    package init(limits: MessageLimits = MessageLimits(), requestMethod: Method) {
        self.limits = limits
        self.requestMethod = requestMethod
        self.headReader = Gatherer(ResponseHeadReader(limits: limits))
        self.chunks = ChunkedDecoder(limits: limits)
    }

    /// The next event of `input` from `offset` on, which moves behind what was taken.
    ///
    /// Interim answers are read and dropped. After `.end` nothing more is taken: the connection can
    /// be used again only if the head said so and nothing is left in the input.
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
        if let violation { throw violation }
        do {
            switch phase {
            case .head: return try head(input, &offset)
            case .length(let total, let remaining):
                return try content(input, &offset, total, remaining)
            case .chunked: return try chunk(input, &offset)
            case .untilClose(let received): return try rest(input, &offset, received)
            case .done: return .end
            }
        } catch {
            violation = error
            throw error
        }
    }

    /// Tells the decoder that the connection was closed; returns if the response is complete, by it
    /// or before.
    ///
    /// - Throws: `closedBeforeResponse` if no byte came, `headTruncated`, `contentTruncated`.
    package mutating func finish() throws(ResponseViolation) {
        if let violation { throw violation }
        switch phase {
        case .head:
            // RFC 9112 §9.3.1 — a request that got no answer at all may be tried again if that is
            // safe.
            if headReader.isEmpty, interimResponseCount == 0 { throw .closedBeforeResponse }
            throw .headTruncated
        case .length(_, let remaining):
            // RFC 9112 §8 — fewer bytes than announced: incomplete.
            if remaining > 0 { throw .contentTruncated }
        // RFC 9112 §8 — chunked content without its last chunk: incomplete.
        case .chunked: throw .contentTruncated
        case .untilClose, .done: break
        }
        phase = .done
    }

    private mutating func head(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(ResponseViolation) -> DecoderEvent<ResponseHead> {
        while let bytes = try headReader.read(input, &offset) {
            if try headReader.consumer.isInterim() {
                // RFC 9110 §15.2 — a client MUST be able to parse 1xx answers before the final one.
                interimResponseCount += 1
                if interimResponseCount > limits.interimResponseCount {
                    throw .tooManyInterimResponses
                }
                headReader.consumer.reset()
                continue
            }
            let head = try headReader.consumer.takeHead(bytes, requestMethod: requestMethod)
            switch head.framing {
            case .none: phase = .length(total: 0, remaining: 0)
            case .length(let length): phase = .length(total: length, remaining: length)
            case .chunked: phase = .chunked
            case .untilClose: phase = .untilClose(received: 0)
            }
            return .head(head)
        }
        return .needMore
    }

    private mutating func content(
        _ input: Span<UInt8>, _ offset: inout Int, _ total: Int, _ remaining: Int
    ) throws(ResponseViolation) -> DecoderEvent<ResponseHead> {
        if total > bodyLimit { throw .bodyTooLarge }
        if remaining == 0 {
            phase = .done
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
    ) throws(ResponseViolation) -> DecoderEvent<ResponseHead> {
        switch try chunks.next(input, &offset, bodyLimit: bodyLimit) {
        case .needMore: return .needMore
        case .body(let range): return .body(range)
        case .end:
            phase = .done
            return .end
        }
    }

    private mutating func rest(
        _ input: Span<UInt8>, _ offset: inout Int, _ received: Int
    ) throws(ResponseViolation) -> DecoderEvent<ResponseHead> {
        guard offset < input.count else { return .needMore }
        let range = offset..<input.count
        if range.count > bodyLimit - received { throw .bodyTooLarge }
        offset = range.upperBound
        phase = .untilClose(received: received + range.count)
        return .body(range)
    }
}
