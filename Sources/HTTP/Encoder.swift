// Encoders append to the buffer that is written to the socket; no string is made on the way.

extension [UInt8] {
    /// Appends text of the source.
    package mutating func append(_ text: StaticString) {
        unsafe append(
            contentsOf: UnsafeBufferPointer(
                start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a number in decimal digits.
    package mutating func appendDecimal(_ number: Int) {
        appendNumber(UInt(number.magnitude), radix: 10, negative: number < 0)
    }

    /// Appends a number in lower-case hexadecimal digits without leading zeros.
    package mutating func appendHexadecimal(_ number: Int) {
        precondition(number >= 0, "sizes are not negative")
        appendNumber(UInt(number), radix: 16, negative: false)
    }

    private mutating func appendNumber(_ number: UInt, radix: UInt, negative: Bool) {
        if negative { append(UInt8(ascii: "-")) }
        var divisor: UInt = 1
        while number / divisor >= radix { divisor *= radix }
        while divisor > 0 {
            let digit = UInt8(truncatingIfNeeded: number / divisor % radix)
            append(digit < 10 ? 0x30 + digit : 0x57 + digit)
            divisor /= radix
        }
    }

    /// Appends a request line in HTTP/1.1, RFC 9112 §3; method and target are ours or were read by
    /// a decoder.
    package mutating func appendRequestLine(_ method: Method, _ target: String) {
        append(contentsOf: method.name.utf8)
        append(.space)
        appendFieldText(target.utf8, from: count)
        append(" HTTP/1.1\r\n")
    }

    /// Appends a status line in HTTP/1.1 with the registered reason phrase, RFC 9112 §4.
    package mutating func appendStatusLine(_ status: Int) {
        append("HTTP/1.1 ")
        appendDecimal(status)
        append(.space)
        append(ReasonPhrase.of(status))
        append("\r\n")
    }

    /// Appends a field line of the source, byte for byte.
    package mutating func appendField(_ name: StaticString, _ value: StaticString) {
        append(name)
        append(": ")
        append(value)
        append("\r\n")
    }

    /// Appends a field line with a number.
    package mutating func appendField(_ name: StaticString, _ value: Int) {
        append(name)
        append(": ")
        appendDecimal(value)
        append("\r\n")
    }

    /// Appends a field line; control bytes of the value become spaces, RFC 9110 §5.5.
    package mutating func appendField(_ name: StaticString, _ value: String) {
        append(name)
        append(": ")
        appendFieldText(value.utf8, from: count)
        append("\r\n")
    }

    /// Appends a field line; control bytes of the value become spaces, RFC 9110 §5.5.
    package mutating func appendField(_ name: StaticString, _ value: some Collection<UInt8>) {
        append(name)
        append(": ")
        appendFieldText(value, from: count)
        append("\r\n")
    }

    /// Appends a field line that a decoder read, with the spelling of its name.
    package mutating func appendField(_ field: Fields.Field) {
        append(contentsOf: field.name)
        append(": ")
        appendFieldText(field.value, from: count)
        append("\r\n")
    }

    /// Appends the empty line that ends a head, RFC 9112 §2.1.
    package mutating func appendEndOfFields() { append("\r\n") }

    // A line that our own parser would refuse must not come from here, whatever the value was made
    // of.
    private mutating func appendFieldText(_ text: some Collection<UInt8>, from start: Int) {
        append(contentsOf: text)
        for index in start..<count where !self[index].isFieldValueByte { self[index] = .space }
    }

    /// Appends the size line of a chunk, RFC 9112 §7.1; its data and `appendChunkEnd` follow.
    ///
    /// - Precondition: `size` is not zero, which would end the content.
    package mutating func appendChunkHeader(_ size: Int) {
        precondition(size > 0, "a chunk of no bytes ends the content")
        appendHexadecimal(size)
        append("\r\n")
    }

    /// Appends the CRLF behind the data of a chunk, RFC 9112 §7.1.
    package mutating func appendChunkEnd() { append("\r\n") }

    /// Appends the last chunk and an empty trailer section, RFC 9112 §7.1.
    package mutating func appendLastChunk() { append("0\r\n\r\n") }

    /// Appends an IMF-fixdate, RFC 9110 §5.6.7, for seconds since 1970 in UTC.
    package mutating func appendHTTPDate(_ unixSeconds: Int) {
        let date = CivilDate(unixSeconds: unixSeconds)
        append(date.dayName)
        append(", ")
        appendTwoDigits(date.day)
        append(.space)
        append(date.monthName)
        append(.space)
        appendTwoDigits(date.year / 100)
        appendTwoDigits(date.year % 100)
        append(.space)
        appendTwoDigits(date.hour)
        append(.colon)
        appendTwoDigits(date.minute)
        append(.colon)
        appendTwoDigits(date.second)
        append(" GMT")
    }

    private mutating func appendTwoDigits(_ number: Int) {
        append(0x30 + UInt8(truncatingIfNeeded: number / 10 % 10))
        append(0x30 + UInt8(truncatingIfNeeded: number % 10))
    }
}
