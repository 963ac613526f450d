/// Writes HTML so that what a stranger chose can only ever be text.
///
/// Markup is taken as `StaticString`, which only the source can spell; everything else goes through
/// `text` or `attribute`, which escape it (HTML §13.1.2, §13.3).
struct HTMLWriter: Sendable {
    /// What was written, in UTF-8.
    private(set) var bytes: [UInt8] = []

    /// Markup as the source spells it.
    mutating func markup(_ markup: StaticString) {
        unsafe bytes.append(
            contentsOf: UnsafeBufferPointer(
                start: markup.utf8Start, count: markup.utf8CodeUnitCount))
    }

    /// Any text between tags.
    mutating func text(_ text: String) {
        for scalar in text.unicodeScalars { escape(scalar) }
    }

    /// Any text between tags, kept from changing the direction of what stands around it.
    mutating func isolated(_ text: String) {
        markup("<bdi>")
        self.text(text)
        markup("</bdi>")
    }

    /// What another writer wrote.
    mutating func append(_ other: HTMLWriter) { bytes.append(contentsOf: other.bytes) }

    /// An attribute of the tag that is open, with any text as its value.
    mutating func attribute(_ name: StaticString, _ value: String) {
        markup(" ")
        markup(name)
        markup("=\"")
        text(value)
        markup("\"")
    }

    /// Writes one character, escaped in the way that is right in text and in a quoted value.
    private mutating func escape(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "&": markup("&amp;")
        case "<": markup("&lt;")
        case ">": markup("&gt;")
        case "\"": markup("&quot;")
        case "'": markup("&#39;")
        default:
            bytes.append(
                contentsOf: UTF8.encode(Self.shown(scalar)) ?? UTF8.encodedReplacementCharacter)
        }
    }

    /// The character itself, or U+FFFD for one that is no text or that reorders what stands around
    /// it (Unicode Standard Annex 9, §2).
    private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x09, 0x0A: scalar
        case 0x00..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0x061C,
            0x200E, 0x200F:
            "\u{FFFD}"
        default: scalar
        }
    }
}
