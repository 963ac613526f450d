/// The lines of one event, split at CRLF, LF or CR (WHATWG HTML §9.2.5).
struct EventStreamLines: Sequence, IteratorProtocol {
    /// One line.
    struct Line {
        /// The field's name; empty for a comment and for a blank line.
        let name: Range<Int>
        /// The field's value without the space after the colon.
        let value: Range<Int>
        /// The line with its end.
        let whole: Range<Int>
        /// Whether nothing stands before the line's end.
        let isBlank: Bool
    }

    private let bytes: [UInt8]
    private var position: Int

    /// The lines of `bytes` from `start` on.
    init(of bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        position = start
    }

    /// The next line.
    mutating func next() -> Line? {
        guard position < bytes.count else { return nil }
        let start = position
        let end =
            unsafe bytes.withUnsafeBytes { unsafe $0.firstLineEnd(from: start) } ?? bytes.count
        position = Swift.min(end + 1, bytes.count)
        if end < bytes.count, bytes[end] == .carriageReturn, position < bytes.count,
            bytes[position] == .lineFeed
        {
            position += 1
        }
        return line(content: start..<end, whole: start..<position)
    }

    /// A line without a colon is a name with an empty value; one space after the colon is dropped.
    private func line(content: Range<Int>, whole: Range<Int>) -> Line {
        let colon = bytes[content].firstIndex(of: UInt8(ascii: ":")) ?? content.upperBound
        var value = Swift.min(colon + 1, content.upperBound)
        if value < content.upperBound, bytes[value] == UInt8(ascii: " ") { value += 1 }
        return Line(
            name: content.lowerBound..<colon, value: value..<content.upperBound, whole: whole,
            isBlank: content.isEmpty)
    }
}
