/// Base64url without padding (RFC 4648 §5, RFC 7515 §2), in its one canonical spelling.
package enum Base64URL {
    /// The text of `bytes`; only letters, digits, `-` and `_`.
    package static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: encodedBytes(bytes[...]), as: UTF8.self)
    }

    /// The text of `bytes` as ASCII.
    package static func encodedBytes(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var index = bytes.startIndex
        while bytes.endIndex - index >= 3 {
            let group =
                UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8
                | UInt32(bytes[index + 2])
            for shift in [UInt32(18), 12, 6, 0] { text.append(letter(group >> shift)) }
            index += 3
        }
        if bytes.endIndex - index == 2 {
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8
            for shift in [UInt32(18), 12, 6] { text.append(letter(group >> shift)) }
        } else if bytes.endIndex - index == 1 {
            let group = UInt32(bytes[index]) << 16
            for shift in [UInt32(18), 12] { text.append(letter(group >> shift)) }
        }
        return text
    }

    /// The bytes that `text` spells, or nil.
    ///
    /// Padding, white space, the letters `+` and `/`, an impossible length and trailing bits that
    /// are not zero (RFC 4648 §3.5) are refused, so that no two texts open to the same bytes.
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        for letter in text {
            let value = values[Int(letter)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        guard bits & (1 << UInt32(count) - 1) == 0 else { return nil }
        return bytes
    }

    /// The bytes that `text` spells, or nil; as strict as the form on slices.
    package static func decode(_ text: [UInt8]) -> [UInt8]? {
        decode(text[...])
    }

    /// The bytes that `text` spells, or nil; as strict as the form on slices.
    package static func decode(_ text: String) -> [UInt8]? {
        decode(Array(text.utf8)[...])
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()

    private static func letter(_ bits: UInt32) -> UInt8 {
        alphabet[Int(bits & 63)]
    }
}
