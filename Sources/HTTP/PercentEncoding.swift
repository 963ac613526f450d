/// Percent-encoding, RFC 3986 §2.1, read and written in one way only.
package enum PercentEncoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// The bytes that are meant; nil if a `%` has no two hexadecimal digits after it.
    ///
    /// In forms `+` stands for a space, which is what `plusIsSpace` says.
    package static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == .percent {
                guard index + 2 < bytes.endIndex, let high = bytes[index + 1].hexDigitValue,
                    let low = bytes[index + 2].hexDigitValue
                else { return nil }
                decoded.append(high << 4 | low)
                index += 2
            } else {
                decoded.append(plusIsSpace && byte == .plus ? .space : byte)
            }
            index += 1
        }
        return decoded
    }

    /// The text with every byte encoded that is not unreserved, RFC 3986 §2.3.
    ///
    /// It is the same to a reader of URIs and to one of forms: a space is `%20`, never `+`.
    package static func encode(_ text: String) -> String {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if byte.isUnreserved {
                encoded.append(byte)
            } else {
                encoded += [.percent, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(ascii: encoded[...])
    }

    /// Names and values as a form or a query carries them; empty for none.
    package static func encode(form parameters: [(String, String)]) -> String {
        parameters.map { "\(encode($0.0))=\(encode($0.1))" }.joined(separator: "&")
    }
}

extension UInt8 {
    static var plus: UInt8 { 0x2B }
    static var ampersand: UInt8 { 0x26 }
}
