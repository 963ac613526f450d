/// The bytes of a log line: JSON (RFC 8259) that stays on one line and means what it says, whatever
/// a peer sent.
///
/// Stricter than JSON asks: besides what RFC 8259 §7 escapes, everything that ends a line, moves a
/// terminal's cursor or reorders text is written as `\uXXXX`, and a byte that is not UTF-8 as the
/// text `\xNN`.
enum LogEncoding {
    /// The most bytes that one byte of text can become: `\u001b`.
    private static let expansion = 6

    /// The most bytes that text of at most `limit` bytes takes, its quotes included.
    static func quotedLength(limit: Int) -> Int {
        expansion * limit + 2
    }

    /// Appends a literal of ours as it is.
    @inline(__always)
    static func append(_ literal: StaticString, to line: inout OutputSpan<UInt8>) {
        let bytes = unsafe UnsafeBufferPointer(
            start: literal.utf8Start, count: literal.utf8CodeUnitCount)
        unsafe line.append(copying: bytes)
    }

    /// Appends the decimal digits of `value`.
    static func append(_ value: Int, to line: inout OutputSpan<UInt8>) {
        if value < 0 { line.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var first = digits.count
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            rest = quotient
        } while rest > 0
        while first < digits.count {
            line.append(digits[first])
            first += 1
        }
    }

    /// Appends `text` as a JSON string in quotes, of at most `limit` bytes before escaping.
    ///
    /// What is longer is cut at a scalar boundary and ends in `…`, which the limit includes.
    static func append(quoted text: LogText, limit: Int, to line: inout OutputSpan<UInt8>) {
        unsafe text.withBytes { bytes in
            unsafe append(quoted: bytes, limit: limit, to: &line)
        }
    }

    /// Appends `bytes` as a JSON string in quotes, of at most `limit` bytes before escaping.
    static func append(
        quoted bytes: UnsafeBufferPointer<UInt8>, limit: Int, to line: inout OutputSpan<UInt8>
    ) {
        line.append(UInt8(ascii: "\""))
        if bytes.count <= limit {
            unsafe append(escaped: bytes, to: &line)
        } else {
            let end = unsafe cut(bytes, atMost: limit - ellipsisLength)
            unsafe append(escaped: UnsafeBufferPointer(rebasing: bytes[..<end]), to: &line)
            append("…", to: &line)
        }
        line.append(UInt8(ascii: "\""))
    }

    /// The length of `…` in UTF-8.
    private static let ellipsisLength = 3

    /// The last scalar boundary that is not behind `length`.
    private static func cut(_ bytes: UnsafeBufferPointer<UInt8>, atMost length: Int) -> Int {
        let limit = max(length, 0)
        var end = limit
        // RFC 3629 §3: a scalar has at most three continuation bytes.
        while end > 0, limit - end < 3, unsafe bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return unsafe bytes[end] & 0xC0 == 0x80 ? limit : end
    }

    private static func append(
        escaped bytes: UnsafeBufferPointer<UInt8>, to line: inout OutputSpan<UInt8>
    ) {
        var runStart = 0
        var index = 0
        while index < bytes.count {
            let byte = unsafe bytes[index]
            if isPlain(byte) {
                index += 1
                continue
            }
            let scalar = byte < 0x80 ? nil : unsafe UTF8Scalar(in: bytes, at: index)
            if let scalar, !scalar.isDeceptive {
                index += scalar.length
                continue
            }
            unsafe line.append(copying: UnsafeBufferPointer(rebasing: bytes[runStart..<index]))
            if let scalar {
                append(unicodeEscape: scalar.value, to: &line)
            } else if byte < 0x80 {
                append(escapeOf: byte, to: &line)
            } else {
                append("\\\\x", to: &line)
                append(hexadecimal: UInt32(byte), digits: 2, to: &line)
            }
            index += scalar?.length ?? 1
            runStart = index
        }
        unsafe line.append(copying: UnsafeBufferPointer(rebasing: bytes[runStart...]))
    }

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte &- 0x20 < 0x5F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func append(escapeOf byte: UInt8, to line: inout OutputSpan<UInt8>) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"", to: &line)
        case UInt8(ascii: "\\"): append("\\\\", to: &line)
        case UInt8(ascii: "\n"): append("\\n", to: &line)
        case UInt8(ascii: "\r"): append("\\r", to: &line)
        case UInt8(ascii: "\t"): append("\\t", to: &line)
        default: append(unicodeEscape: UInt32(byte), to: &line)
        }
    }

    /// RFC 8259 §7: beyond the basic plane a scalar is two escapes, its UTF-16 surrogates.
    private static func append(unicodeEscape scalar: UInt32, to line: inout OutputSpan<UInt8>) {
        if scalar > 0xFFFF {
            append(unicodeEscape: 0xD800 + (scalar - 0x10000) >> 10, to: &line)
            append(unicodeEscape: 0xDC00 + scalar & 0x3FF, to: &line)
        } else {
            append("\\u", to: &line)
            append(hexadecimal: scalar, digits: 4, to: &line)
        }
    }

    private static func append(
        hexadecimal value: UInt32, digits: Int, to line: inout OutputSpan<UInt8>
    ) {
        for place in (0..<digits).reversed() {
            let digit = UInt8(truncatingIfNeeded: value >> (4 * UInt32(place))) & 0xF
            line.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
