/// One value, or one member's name, of an indexed text.
///
/// Nodes stand in the order of the text: an object is followed by name, value, name, value …, an
/// array by its elements, each with all of its own content.
struct JSONNode: BitwiseCopyable, Sendable {
    /// Offset of the first byte.
    var start: UInt32
    /// Offset after the last byte.
    var end: UInt32
    /// The node after a value and all of its content, or the fingerprint of a name.
    var link: UInt32
    /// What kind of value it is, and whether it has escapes.
    var tag: Tag

    /// Where the content of a string lies, without its quotation marks.
    var content: Range<Int> { Int(start) + 1..<Int(end) - 1 }

    /// The kind in the low bits, the flags above.
    struct Tag: RawRepresentable, BitwiseCopyable, Equatable, Sendable {
        var rawValue: UInt32

        static let object = Tag(rawValue: 0)
        static let array = Tag(rawValue: 1)
        static let string = Tag(rawValue: 2)
        static let number = Tag(rawValue: 3)
        static let `true` = Tag(rawValue: 4)
        static let `false` = Tag(rawValue: 5)
        static let null = Tag(rawValue: 6)

        /// A string with at least one backslash.
        static let escapedString = Tag(rawValue: 2 | 8)
        /// A number of digits, and perhaps a minus sign, only.
        static let integer = Tag(rawValue: 3 | 16)

        /// The kind without the flags.
        var kind: Tag { Tag(rawValue: rawValue & 7) }
    }
}
