/// A literal `sub` in which `*` stands for any run of characters; compared byte for byte.
package struct SubjectPattern: Sendable, Equatable {
    /// The longest pattern, in bytes.
    package static let lengthLimit = 256

    /// The pattern as it was written.
    package let text: String
    private let parts: [[UInt8]]

    /// A pattern; nil for an empty one and one that is too long.
    package init?(_ text: String) {
        guard (1...Self.lengthLimit).contains(text.utf8.count) else { return nil }
        self.text = text
        parts = Array(text.utf8).split(
            separator: UInt8(ascii: "*"), omittingEmptySubsequences: false
        ).map(Array.init)
    }

    /// Whether the subject is one of those that are meant.
    package func matches(_ subject: String) -> Bool {
        var rest = Array(subject.utf8)[...]
        guard let first = parts.first, rest.starts(with: first) else { return false }
        guard let last = parts.dropFirst().last else { return rest.count == first.count }
        rest = rest.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() {
            // The earliest place leaves most for what follows.
            guard let end = Self.end(of: part, in: rest) else { return false }
            rest = rest[end...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }

    /// Where the first occurrence of a part ends.
    private static func end(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard part.count <= bytes.count else { return nil }
        for start in bytes.startIndex...(bytes.endIndex - part.count)
        where bytes[start...].starts(with: part) {
            return start + part.count
        }
        return nil
    }
}
