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
        line.appendBackwards(count: decimalLength(rest)) {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            rest = quotient
            return UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
        }
    }

    /// The number of decimal digits of `value`.
    private static func decimalLength(_ value: UInt) -> Int {
        var length = 1
        var rest = value
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        return length
    }

    /// Appends `text` as a JSON string in quotes, of at most `limit` bytes before escaping.
    ///
    /// What is longer is cut at a scalar boundary and ends in `…`, which the limit includes.
    static func append(quoted text: LogText, limit: Int, to line: inout OutputSpan<UInt8>) {
        unsafe text.withBytes { bytes in
            unsafe append(quoted: bytes, limit: limit, to: &line)
        }
    }

    /// Appends a string in the same way.
    static func append(quoted text: String, limit: Int, to line: inout OutputSpan<UInt8>) {
        append(quoted: .string(text), limit: limit, to: &line)
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
        while true {
            index = unsafe endOfPlainBytes(bytes, from: index)
            guard index < bytes.count else { break }
            let byte = unsafe bytes[index]
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

    /// The first byte at or after `start` that does not stand for itself, or the end.
    @inline(__always)
    private static func endOfPlainBytes(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int {
        let words = UnsafeRawBufferPointer(bytes)
        var index = start
        while index &+ 8 <= bytes.count {
            let word = unsafe words.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let marks = markedBytes(UInt64(littleEndian: word))
            if marks != 0 { return index &+ marks.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        // What is left is looked at with bytes before it that are plain, where there are such.
        if index &- start >= 8, index < bytes.count {
            let last = bytes.count &- 8
            let word = unsafe words.loadUnaligned(fromByteOffset: last, as: UInt64.self)
            let marks = markedBytes(UInt64(littleEndian: word))
            return marks == 0 ? bytes.count : last &+ marks.trailingZeroBitCount >> 3
        }
        while index < bytes.count, unsafe isPlain(bytes[index]) { index &+= 1 }
        return index
    }

    /// A word that has the highest bit of bytes that are not plain, which besides the controls and
    /// what is not ASCII are `"` and `\`; the lowest one is exact.
    ///
    /// Carries and borrows come only from bytes that are marked themselves.
    @inline(__always)
    private static func markedBytes(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let controls = (word &- (ones &* 0x20)) | (word &+ ones)
        let quotes = (word ^ (ones &* 0x22)) &- ones
        let backslashes = (word ^ (ones &* 0x5C)) &- ones
        return (controls | quotes | backslashes) & 0x8080_8080_8080_8080
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
