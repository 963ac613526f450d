/// What may be written as the value of a key.
indirect enum ValueType: Sendable {
    /// A mapping with the keys that the table has beneath; left out, it is as if it were empty.
    case section
    /// A mapping with the keys that the table has beneath; left out, it is not there.
    case optionalSection
    /// A mapping whose keys are names that the operator gives.
    case names(NameGrammar, of: ValueType)
    /// A list.
    case list(of: ValueType, minimum: Int = 0)
    /// One line of text, of the kind that is named, such as `a URL`; not empty.
    case text(String)
    /// Words for people; may be empty.
    case prose
    /// A duration between two ends.
    case duration(ClosedRange<Duration>)
    /// A size in bytes between two ends.
    case size(ClosedRange<Int>)
    /// A whole number between two ends.
    case count(ClosedRange<Int>)
    /// A whole number between two ends, or a word.
    case countOr(String, ClosedRange<Int>)
    /// A number of requests in a span of time, with an upper end where it has one.
    case rate(atMost: RequestRate? = nil)
    /// One of some words; those of the second list are designed but not in this version.
    case choice([String], later: [String] = [])
    /// `true` or `false`.
    case flag
    /// A JSON value that is neither list nor mapping: text, a number, `true`, `false` or `null`.
    case literal
    /// One of two types that a mapping, a list and a scalar tell apart.
    case either(ValueType, ValueType)

    /// What is expected, in the words of a message.
    var expectation: String {
        switch self {
        case .section, .optionalSection: "a mapping of keys"
        case .names: "a mapping of names"
        case .list: "a list"
        case .text(let what): what
        case .prose: "text"
        case .duration: "a duration such as 500ms, 30s, 10m, 24h or 30d"
        case .size: "a size such as 512B, 64KiB or 4MiB"
        case .count: "a whole number"
        case .countOr(let word, _): "\(word) or a whole number"
        case .rate: "a rate such as 30/min, 5/s or 1000/h"
        case .choice(let words, _): Self.alternatives(words)
        case .flag: "true or false"
        case .literal: "text, a number, true, false or null"
        case .either(let first, let second): "\(first.expectation) or \(second.expectation)"
        }
    }

    /// The ends between which a value must lie, in the words of a message.
    var bounds: String? {
        switch self {
        case .duration(let range):
            "from \(ValueText.text(range.lowerBound)) to \(ValueText.text(range.upperBound))"
        case .size(let range):
            "from \(ValueText.text(bytes: range.lowerBound)) to \(ValueText.text(bytes: range.upperBound))"
        case .count(let range), .countOr(_, let range):
            "from \(range.lowerBound) to \(range.upperBound)"
        case .rate(let limit): limit.map { "at most \($0)" }
        case .section, .optionalSection, .names, .list, .text, .prose, .choice, .flag, .literal,
            .either:
            nil
        }
    }

    /// The words as a sentence lists them: `a, b or c`.
    static func alternatives(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.joined() }
        return "\(words.dropLast().joined(separator: ", ")) or \(last)"
    }

    /// Whether a node of this shape can be of this type at all.
    func admits(_ content: YAMLNode.Content) -> Bool {
        switch (self, content) {
        case (.either(let first, let second), _): first.admits(content) || second.admits(content)
        case (.section, .mapping), (.optionalSection, .mapping), (.names, .mapping),
            (.list, .sequence):
            true
        case (.text, .scalar), (.prose, .scalar), (.duration, .scalar), (.size, .scalar),
            (.count, .scalar),
            (.countOr, .scalar), (.rate, .scalar), (.choice, .scalar), (.flag, .scalar),
            (.literal, .scalar):
            true
        case (_, _): false
        }
    }
}

/// Which names an operator may give.
enum NameGrammar: Sendable {
    /// A name of something in the file: letters, digits, `-`, `_` and `.`, beginning with a letter or digit.
    case identifier
    /// A scope token. Source: RFC 6749 §3.3.
    case scope
    /// An argument of a tool, or a JSON pointer (RFC 6901) into the arguments.
    case argument

    /// The longest name, in bytes.
    static let maximumLength = 256

    /// Whether the text is such a name.
    func accepts(_ name: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= maximumLength else { return false }
        switch self {
        case .identifier:
            return name.utf8.enumerated().allSatisfy { offset, byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): offset > 0
                default: false
                }
            }
        case .scope:
            return name.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        case .argument:
            return true
        }
    }

    /// What is expected, in the words of a message.
    var expectation: String {
        switch self {
        case .identifier:
            "1 to 64 letters, digits, \"-\", \"_\" and \".\", the first a letter or digit"
        case .scope: "1 to 256 printable ASCII characters without space, quote and backslash"
        case .argument: "1 to 256 bytes"
        }
    }

    private var maximumLength: Int {
        switch self {
        case .identifier: 64
        case .scope, .argument: Self.maximumLength
        }
    }
}
