/// A literal name in which `*` stands for any run of bytes without NUL, also an empty one.
///
/// A name with NUL ends there for a server written in C, so `*` would open it for what follows.
/// Bytes are compared as they are, without case or Unicode folding. Matching takes time that is
/// linear in the name, whatever the pattern: each literal part is sought leftmost, in one pass that
/// never goes back (Knuth, Morris, Pratt).
package struct Pattern: Sendable, Hashable {
    /// The longest pattern that is taken, in bytes.
    package static let maximumLength = 1024

    /// The pattern as written.
    package let text: String
    /// The literal parts between the stars; one part when there is no star.
    let parts: [[UInt8]]
    /// For each part, the length of the longest proper prefix of it that ends at each byte.
    private let borders: [[Int]]

    /// The literal bytes before the first star.
    var prefix: [UInt8] { parts.first ?? [] }
    /// The literal bytes behind the last star.
    var suffix: [UInt8] { parts.last ?? [] }

    /// Whether the pattern has no star, so that it matches one name only.
    package var isLiteral: Bool { parts.count == 1 }
    /// Whether the pattern matches every name.
    package var isUniversal: Bool { parts.count > 1 && parts.allSatisfy(\.isEmpty) }

    /// A pattern, or nil where the text is too long, or empty without leave to be.
    package init?(_ text: String, allowsEmpty: Bool = false) {
        guard allowsEmpty || !text.isEmpty, text.utf8.count <= Self.maximumLength else {
            return nil
        }
        self.text = text
        let split = text.utf8.split(
            separator: UInt8(ascii: "*"), omittingEmptySubsequences: false
        ).map { Array($0) }
        // Neighbouring stars say the same as one, so an empty part in the middle is dropped.
        var parts: [[UInt8]] = []
        for (index, part) in split.enumerated() {
            let isEnd = index == 0 || index == split.count - 1
            if isEnd || !part.isEmpty { parts.append(part) }
        }
        self.parts = parts
        borders = parts.map(Self.borders)
    }

    /// Whether the pattern matches the whole text.
    package func matches(_ name: String) -> Bool {
        matches(name.utf8.span)
    }

    /// Whether the pattern matches the whole name.
    package func matches(_ name: Span<UInt8>) -> Bool {
        guard let first = parts.first, let last = parts.last else { return false }
        guard parts.count > 1 else {
            return first.count == name.count && Self.occurs(first, in: name, at: 0)
        }
        guard name.count >= first.count + last.count,
            Self.occurs(first, in: name, at: 0),
            Self.occurs(last, in: name, at: name.count - last.count)
        else { return false }
        for index in name.indices where name[index] == 0 { return false }
        var position = first.count
        let end = name.count - last.count
        for number in 1..<(parts.count - 1) {
            guard let found = find(number, in: name, from: position, to: end) else { return false }
            position = found + parts[number].count
        }
        return true
    }

    /// Whether the part stands at the position; the caller knows that it fits.
    private static func occurs(
        _ part: [UInt8], in name: Span<UInt8>, at position: Int
    ) -> Bool {
        for index in part.indices {
            guard name[position + index] == part[index] else { return false }
        }
        return true
    }

    /// The leftmost place of the numbered part that lies wholly within the range.
    private func find(
        _ number: Int, in name: Span<UInt8>, from start: Int, to end: Int
    ) -> Int? {
        let part = parts[number]
        let borders = borders[number]
        var matched = 0
        for position in start..<end {
            let byte = name[position]
            while matched > 0, part[matched] != byte { matched = borders[matched - 1] }
            if part[matched] == byte { matched += 1 }
            if matched == part.count { return position + 1 - part.count }
        }
        return nil
    }

    /// The border table of a part.
    private static func borders(of part: [UInt8]) -> [Int] {
        var result = [Int](repeating: 0, count: part.count)
        var length = 0
        for index in part.indices.dropFirst() {
            while length > 0, part[length] != part[index] { length = result[length - 1] }
            if part[length] == part[index] { length += 1 }
            result[index] = length
        }
        return result
    }
}
