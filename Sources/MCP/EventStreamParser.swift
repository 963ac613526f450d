/// Splits a stream of server-sent events into its blocks (WHATWG HTML §9.2.5).
///
/// The blocks' bytes, one after another, are the stream: nothing is lost or added. A block
/// is handed over as soon as its blank line is there, whatever ends the lines.
package struct EventStreamParser: Sendable {
    /// The largest event in bytes.
    package let limit: Int

    private var pending: [UInt8] = []
    private var state = State.lineStart
    private var isAtStart = true

    /// What the bytes read last were.
    private enum State {
        /// The end of a line or of an event, or nothing yet.
        case lineStart
        /// Part of a line that is not blank.
        case inLine
        /// The CR of a line that is not blank; a LF now belongs to it.
        case afterCR
        /// The CR of a blank line that ended the input; a LF now belongs to it, but the event was
        /// not held back for that.
        case afterEventCR
    }

    /// A parser at the start of a stream.
    ///
    /// - Parameter limit: the largest event in bytes.
    package init(limit: Int = 4 << 20) { self.limit = limit }

    /// The bytes held of an event that is not complete; a client drops them when the stream ends.
    package var pendingCount: Int { pending.count }

    /// The next complete event in `input`, from `offset` on, which moves past what was taken.
    ///
    /// - Returns: nil when all of `input` was taken and no event is complete.
    /// - Throws: ``EventStreamViolation``, after which the stream cannot be read on.
    package mutating func next(
        _ input: UnsafeRawBufferPointer, _ offset: inout Int
    ) throws(EventStreamViolation) -> EventStreamEvent? {
        let start = offset
        let end = unsafe endOfEvent(in: input, from: start)
        let taken = start..<(end ?? input.count)
        guard pending.count + taken.count <= limit else {
            throw .eventTooLarge(limit: limit)
        }
        unsafe pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: input[taken]))
        offset = taken.upperBound
        guard end != nil else { return nil }
        var bytes: [UInt8] = []
        swap(&bytes, &pending)
        defer { isAtStart = false }
        return EventStreamEvent(bytes: bytes, isFirst: isAtStart)
    }

    /// Moves the state over `input` and returns the offset after the first blank line, if there is
    /// one.
    private mutating func endOfEvent(
        in input: UnsafeRawBufferPointer, from start: Int
    ) -> Int? {
        var position = start
        while position < input.count {
            switch state {
            case .afterCR:
                state = .lineStart
                if unsafe input[position] == .lineFeed { position += 1 }
            case .afterEventCR:
                state = .lineStart
                // A block of its own, at once: clients that look for CR LF CR LF wait for it.
                if unsafe input[position] == .lineFeed { return position + 1 }
            case .lineStart:
                switch unsafe input[position] {
                case .lineFeed:
                    return position + 1
                case .carriageReturn:
                    guard position + 1 < input.count else {
                        state = .afterEventCR
                        return position + 1
                    }
                    return unsafe input[position + 1] == .lineFeed ? position + 2 : position + 1
                default:
                    state = .inLine
                }
            case .inLine:
                guard let end = unsafe input.firstLineEnd(from: position) else { return nil }
                state = unsafe input[end] == .lineFeed ? .lineStart : .afterCR
                position = end + 1
            }
        }
        return nil
    }
}
