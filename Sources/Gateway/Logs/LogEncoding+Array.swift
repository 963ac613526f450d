// The same for lines whose length is not known before.
extension LogEncoding {
    /// Appends a literal of ours as it is.
    static func append(_ literal: StaticString, to line: inout [UInt8]) {
        line.append(addingCapacity: literal.utf8CodeUnitCount) { append(literal, to: &$0) }
    }

    /// Appends the decimal digits of `value`.
    static func append(_ value: Int, to line: inout [UInt8]) {
        line.append(addingCapacity: 20) { append(value, to: &$0) }
    }

    /// Appends `text` as a JSON string in quotes, of at most `limit` bytes before escaping.
    static func append(quoted text: String, limit: Int, to line: inout [UInt8]) {
        let room = quotedLength(limit: min(text.utf8.count, limit))
        line.append(addingCapacity: room) { append(quoted: .string(text), limit: limit, to: &$0) }
    }
}
