import MCP

/// What becomes of an answer's content, or of one event of a stream.
package enum FilteredAnswer: Sendable, Equatable {
    /// It goes on as it came.
    case unchanged
    /// These bytes go on in its place.
    case replaced([UInt8])
    /// Nothing goes on: the caller may not see what it names.
    case dropped
    /// It cannot be understood and so is not passed on; the reason is for the log.
    case refused(reason: String)
}

extension FilteredAnswer {
    /// The same for an event with the message that was judged.
    func rewritten(in event: EventStreamEvent) -> FilteredAnswer {
        switch self {
        case .replaced(let data): .replaced(event.rewritten(data: data))
        case .unchanged, .dropped, .refused: self
        }
    }
}
