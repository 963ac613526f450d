/// Reads tokens and quoted strings, RFC 9110 §5.6, from a field value.
struct ParameterReader {
    private var rest: ArraySlice<UInt8>

    init(bytes: ArraySlice<UInt8>) { self.rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    func isAt(_ byte: UInt8) -> Bool { rest.first == byte }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    mutating func skipBlanks() {
        rest = rest.drop(while: \.isBlank)
    }

    /// A token, RFC 9110 §5.6.2.
    mutating func token() -> String? {
        let bytes = rest.prefix(while: \.isTokenByte)
        if bytes.isEmpty { return nil }
        rest = rest[bytes.endIndex...]
        return String(ascii: bytes)
    }

    /// A token or the content of a quoted string, RFC 9110 §5.6.4.
    mutating func tokenOrQuotedString() -> String? {
        guard skip(.quote) else { return token() }
        var content: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case .quote:
                return String(decoding: content, as: UTF8.self)
            case .backslash:
                guard let escaped = rest.popFirst(), escaped.isFieldValueByte else { return nil }
                content.append(escaped)
            default:
                guard byte.isFieldValueByte else { return nil }
                content.append(byte)
            }
        }
        return nil
    }
}
