/// The value of `Mcp-Method`, `Mcp-Name` or `Mcp-Param-*`, which may be wrapped in base64
/// (MCP 2026-07-28 basic/transports/streamable-http, value encoding).
package enum HeaderText {
    private static let opening: StaticString = "=?base64?"
    private static let closing: StaticString = "?="

    /// The value that stands for `text`: itself where it is plain, else wrapped.
    package static func encode(_ text: [UInt8]) -> [UInt8] {
        let isPlain =
            text.allSatisfy { (0x21...0x7E).contains($0) } && !text.span.begins(with: opening)
        guard !isPlain else { return text }
        return Array("\(opening)".utf8) + base64(encoding: text) + Array("\(closing)".utf8)
    }

    /// Encodes by RFC 4648 §4 with padding.
    private static func base64(encoding bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                let isPadding = place > group.count
                result.append(
                    isPadding ? UInt8(ascii: "=") : alphabet[(bits >> (18 - 6 * place)) & 63])
            }
        }
        return result
    }

    /// The text that `value` stands for: itself, or what `=?base64?…?=` wraps.
    ///
    /// - Returns: nil if the wrapped text is not canonical base64 of UTF-8, and for characters that
    ///   had to be wrapped: what is not ASCII (control characters never get past the reader of HTTP).
    static func decode(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let opened = opening.utf8CodeUnitCount
        let closed = closing.utf8CodeUnitCount
        let text = value.span
        guard text.isASCII else { return nil }
        guard
            text.begins(with: opening), text.count >= opened + closed,
            text.extracting(last: closed).begins(with: closing)
        else { return value }
        let wrapped = value.dropFirst(opened).dropLast(closed)
        guard let bytes = base64(wrapped), String(validating: bytes, as: UTF8.self) != nil else {
            return nil
        }
        return bytes[...]
    }

    /// Decodes RFC 4648 §4 with padding and without slack: unused bits are zero (§3.5).
    private static func base64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padding = text.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var held = 0
        for character in text.dropLast(padding) {
            guard let value = value(of: character) else { return nil }
            bits = bits << 6 | value
            held += 6
            guard held >= 8 else { continue }
            held -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
        }
        guard bits & ((1 << UInt32(held)) - 1) == 0 else { return nil }
        return bytes
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character) - 97 + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character) - 48 + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
