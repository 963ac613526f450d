/// A resource template as far as a list needs it: literal text, and expressions that may become
/// anything.
///
/// Source: RFC 6570 §2; MCP `resources/templates/list`.
struct ResourceTemplate {
    /// The longest template that is judged, in bytes.
    static let maximumLength = 2048

    /// Literal bytes; nil for an expression.
    private let elements: [UInt8?]

    /// A template, or nil where braces do not pair or it is too long.
    init?(_ text: some Collection<UInt8>) {
        guard text.count <= Self.maximumLength else { return nil }
        var elements: [UInt8?] = []
        var isInside = false
        for byte in text {
            switch byte {
            case UInt8(ascii: "{"):
                guard !isInside else { return nil }
                isInside = true
                elements.append(nil)
            case UInt8(ascii: "}"):
                guard isInside else { return nil }
                isInside = false
            default:
                if !isInside { elements.append(byte) }
            }
        }
        guard !isInside else { return nil }
        self.elements = elements
    }

    /// Whether some expansion of the template could match the pattern.
    ///
    /// Both sides hold wildcards, so the sets of places are walked together: the time is the
    /// product of the two lengths, both of which are limited.
    func couldMatch(_ pattern: Pattern) -> Bool {
        let other = Self.elements(of: pattern)
        // reachable[j]: the template read so far and the first j elements can spell the same text.
        var reachable = [Bool](repeating: false, count: other.count + 1)
        reachable[0] = true
        Self.skipStars(&reachable, other)
        for element in elements {
            var next = [Bool](repeating: false, count: other.count + 1)
            if element == nil {
                // An expression spells any text: every later place is reached.
                guard let first = reachable.firstIndex(of: true) else { return false }
                for index in first...other.count { next[index] = true }
            } else {
                for index in other.indices where reachable[index] {
                    if other[index] == nil { next[index] = true }
                    if other[index] == element { next[index + 1] = true }
                }
            }
            Self.skipStars(&next, other)
            reachable = next
        }
        return reachable[other.count]
    }

    /// A star may spell nothing, so the place behind it is reached with it.
    private static func skipStars(_ reachable: inout [Bool], _ other: [UInt8?]) {
        for index in other.indices where reachable[index] && other[index] == nil {
            reachable[index + 1] = true
        }
    }

    /// The pattern's bytes, nil for a star.
    private static func elements(of pattern: Pattern) -> [UInt8?] {
        pattern.text.utf8.map { $0 == UInt8(ascii: "*") ? nil : $0 }
    }
}
