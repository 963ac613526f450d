/// Texts in a row as bytes: each as the number of its bytes plus one, in two bytes, and the bytes; 0
/// for nil, which differs from an empty text.
enum TextParts {
    static func encode(_ parts: [String?]) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in parts {
            let text = part.map { Array($0.utf8) }
            // What is longer than two bytes can say is far over every limit; it is refused there.
            let count = min(text.map { $0.count + 1 } ?? 0, Int(UInt16.max))
            bytes += [UInt8(count >> 8), UInt8(count & 0xFF)] + (text ?? [])
        }
        return bytes
    }

    static func decode(_ bytes: [UInt8]) -> [String?]? {
        var rest = bytes[...]
        var parts: [String?] = []
        while let high = rest.popFirst() {
            guard let low = rest.popFirst() else { return nil }
            let count = Int(high) << 8 | Int(low)
            guard count > 0 else {
                parts.append(nil)
                continue
            }
            guard rest.count >= count - 1,
                let text = String(validating: rest.prefix(count - 1), as: UTF8.self)
            else { return nil }
            parts.append(text)
            rest = rest.dropFirst(count - 1)
        }
        return parts
    }
}
