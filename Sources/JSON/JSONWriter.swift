/// Writes a JSON text without whitespace, value by value.
///
/// Commas are the writer's affair; that every name is followed by a value, and that what is begun
/// is ended, is the caller's.
package struct JSONWriter: Sendable {
    /// What has been written so far.
    package private(set) var bytes: [UInt8]

    /// Whether a comma stands before what comes next.
    private var needsComma = false

    /// A writer that has written nothing, with room for `capacity` bytes.
    package init(capacity: Int = 256) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Begins an object; names and values follow in turn.
    package mutating func beginObject() {
        separate()
        bytes.append(ASCII.beginObject)
        needsComma = false
    }

    /// Ends the innermost object.
    package mutating func endObject() {
        bytes.append(ASCII.endObject)
        needsComma = true
    }

    /// Begins an array; values follow.
    package mutating func beginArray() {
        separate()
        bytes.append(ASCII.beginArray)
        needsComma = false
    }

    /// Ends the innermost array.
    package mutating func endArray() {
        bytes.append(ASCII.endArray)
        needsComma = true
    }

    /// Writes the name of a member whose value follows.
    package mutating func name(_ name: StaticString) {
        string(name)
        bytes.append(ASCII.colon)
        needsComma = false
    }

    /// Writes the name of a member whose value follows.
    package mutating func name(_ name: String) {
        string(name)
        bytes.append(ASCII.colon)
        needsComma = false
    }

    /// Writes a string.
    package mutating func string(_ value: String) {
        separate()
        var value = value
        value.withUTF8 { quote(unsafe $0.span) }
        needsComma = true
    }

    /// Writes a string.
    package mutating func string(_ value: StaticString) {
        separate()
        value.withUTF8Buffer { quote(unsafe $0.span) }
        needsComma = true
    }

    /// Writes a number.
    package mutating func integer(_ value: some BinaryInteger) {
        raw(String(value).utf8)
    }

    /// Writes `true` or `false`.
    package mutating func bool(_ value: Bool) {
        raw((value ? "true" : "false").utf8)
    }

    /// Writes `null`.
    package mutating func null() {
        raw("null".utf8)
    }

    /// Writes bytes that are one JSON value already.
    package mutating func raw(_ value: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: value)
        needsComma = true
    }

    /// Writes a value of a document as it stands there.
    package mutating func value(_ value: JSONValue) {
        raw(value.rawBytes)
    }

    private mutating func separate() {
        if needsComma { bytes.append(ASCII.comma) }
    }

    /// Appends UTF-8 as a string, of which only what must be is escaped (RFC 8259 §7).
    private mutating func quote(_ text: Span<UInt8>) {
        bytes.append(ASCII.quotationMark)
        for offset in text.indices {
            switch text[offset] {
            case ASCII.quotationMark, ASCII.backslash:
                bytes += [ASCII.backslash, text[offset]]
            case ..<ASCII.space:
                appendControl(text[offset])
            default:
                bytes.append(text[offset])
            }
        }
        bytes.append(ASCII.quotationMark)
    }

    private mutating func appendControl(_ character: UInt8) {
        switch character {
        case 0x08: bytes += "\\b".utf8
        case ASCII.tab: bytes += "\\t".utf8
        case ASCII.lineFeed: bytes += "\\n".utf8
        case 0x0C: bytes += "\\f".utf8
        case ASCII.carriageReturn: bytes += "\\r".utf8
        default:
            let digits = "0123456789abcdef".utf8
            bytes += "\\u00".utf8
            for digit in [character >> 4, character & 15] {
                bytes.append(digits[digits.index(digits.startIndex, offsetBy: Int(digit))])
            }
        }
    }
}
