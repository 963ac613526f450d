/// What a decoder found next in its input.
package enum DecoderEvent<Head: Sendable>: Sendable {
    /// Everything up to the end of the input has been taken; more of it is needed.
    case needMore
    /// The head of a message is complete and was accepted.
    case head(Head)
    /// Content bytes, at these offsets of the caller's input; never empty.
    case body(Range<Int>)
    /// The message is complete; what follows in the input belongs to the next one.
    case end
}
