// Encoders append to the buffer that is written to the socket; no string is made on the way.

extension [UInt8] {
    /// Appends text of the source.
    package mutating func append(_ text: StaticString) {
        append(addingCapacity: text.utf8CodeUnitCount) { $0.append(text) }
    }

    /// Appends a number in decimal digits.
    package mutating func appendDecimal(_ number: Int) {
        append(addingCapacity: Self.digitLimit) { $0.append(decimal: number) }
    }

    /// Appends a number in lower-case hexadecimal digits without leading zeros.
    package mutating func appendHexadecimal(_ number: Int) {
        precondition(number >= 0, "sizes are not negative")
        append(addingCapacity: Self.digitLimit) { $0.append(hexadecimal: UInt(number)) }
    }

    /// The most digits of a number.
    private static var digitLimit: Int { 20 }

    /// Appends a request line in HTTP/1.1, RFC 9112 §3; method and target are ours or were read by
    /// a decoder.
    package mutating func appendRequestLine(_ method: Method, _ target: String) {
        let name = method.name.utf8Span.span
        let target = target.utf8Span.span
        append(addingCapacity: name.count + target.count + 12) { line in
            line.append(copying: name)
            line.append(.space)
            line.append(fieldText: target)
            line.append(" HTTP/1.1\r\n")
        }
    }

    /// Appends a status line in HTTP/1.1 with the registered reason phrase, RFC 9112 §4.
    package mutating func appendStatusLine(_ status: Int) {
        let reason = ReasonPhrase.of(status)
        append(addingCapacity: Self.digitLimit + reason.utf8CodeUnitCount + 12) { line in
            line.append("HTTP/1.1 ")
            line.append(decimal: status)
            line.append(.space)
            line.append(reason)
            line.append("\r\n")
        }
    }

    /// Appends a field line of the source, byte for byte.
    package mutating func appendField(_ name: StaticString, _ value: StaticString) {
        appendFieldLine(name, room: value.utf8CodeUnitCount) { $0.append(value) }
    }

    /// Appends a field line with a number.
    package mutating func appendField(_ name: StaticString, _ value: Int) {
        appendFieldLine(name, room: Self.digitLimit) { $0.append(decimal: value) }
    }

    /// Appends a field line; control bytes of the value become spaces, RFC 9110 §5.5.
    package mutating func appendField(_ name: StaticString, _ value: String) {
        let value = value.utf8Span.span
        appendFieldLine(name, room: value.count) { $0.append(fieldText: value) }
    }

    /// Appends a field line; control bytes of the value become spaces, RFC 9110 §5.5.
    package mutating func appendField(_ name: StaticString, _ value: [UInt8]) {
        let value = value.span
        appendFieldLine(name, room: value.count) { $0.append(fieldText: value) }
    }

    /// Appends a field line; control bytes of the value become spaces, RFC 9110 §5.5.
    package mutating func appendField(_ name: StaticString, _ value: ArraySlice<UInt8>) {
        appendField(name, value.span)
    }

    /// Appends a field line; control bytes of the value become spaces, RFC 9110 §5.5.
    package mutating func appendField(_ name: StaticString, _ value: Span<UInt8>) {
        appendFieldLine(name, room: value.count) { $0.append(fieldText: value) }
    }

    /// Appends a field line that a decoder read, with the spelling of its name.
    package mutating func appendField(_ field: Fields.Field) {
        let bytes = field.storage.span
        let name = bytes.extracting(field.entry.name)
        let value = bytes.extracting(field.entry.value)
        append(addingCapacity: name.count + value.count + 4) { line in
            line.append(copying: name)
            line.append(": ")
            line.append(fieldText: value)
            line.append("\r\n")
        }
    }

    /// Appends a field line whose value, at most `room` bytes, `appendValue` appends.
    @inline(__always)
    private mutating func appendFieldLine(
        _ name: StaticString, room: Int, _ appendValue: (inout OutputSpan<UInt8>) -> Void
    ) {
        append(addingCapacity: name.utf8CodeUnitCount + room + 4) { line in
            line.append(name)
            line.append(": ")
            appendValue(&line)
            line.append("\r\n")
        }
    }

    /// Appends the empty line that ends a head, RFC 9112 §2.1.
    package mutating func appendEndOfFields() { append("\r\n") }

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
