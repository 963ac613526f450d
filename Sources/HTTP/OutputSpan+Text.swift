// The parts of a head, written where there is room for them.

extension OutputSpan<UInt8> {
    /// Appends `bytes` with one copy.
    @inline(__always)
    mutating func append(copying bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { bytes in unsafe append(copying: bytes) }
    }

    /// Appends text of the source.
    @inline(__always)
    mutating func append(_ text: StaticString) {
        unsafe append(
            copying: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @inline(__always)
    private mutating func append(copying bytes: UnsafeBufferPointer<UInt8>) {
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            let end = count + bytes.count
            precondition(end <= buffer.count, "room is reckoned before it is written to")
            _ = unsafe buffer.extracting(count..<end).initialize(fromContentsOf: bytes)
            count = end
        }
    }

    /// Appends the value of a field with spaces for control bytes, RFC 9110 §5.5.
    ///
    /// A line that our own parser would refuse must not come from here, whatever the value was made
    /// of.
    @inline(__always)
    mutating func append(fieldText text: Span<UInt8>) {
        let start = count
        append(copying: text)
        let control = text.firstControl(from: 0)
        if control < text.count { replaceControls(from: start + control) }
    }

    private mutating func replaceControls(from start: Int) {
        var bytes = mutableSpan
        for index in start..<bytes.count where !bytes[index].isFieldValueByte {
            bytes[index] = .space
        }
    }

    /// Appends a number in decimal digits.
    mutating func append(decimal number: Int) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        appendDigits(rest.decimalLength) {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            rest = quotient
            return 0x30 + UInt8(truncatingIfNeeded: digit)
        }
    }

    /// Appends a number in lower-case hexadecimal digits without leading zeros.
    mutating func append(hexadecimal number: UInt) {
        var rest = number
        appendDigits(max(1, (UInt.bitWidth - number.leadingZeroBitCount + 3) / 4)) {
            let digit = UInt8(truncatingIfNeeded: rest & 0xF)
            rest >>= 4
            return digit < 10 ? 0x30 + digit : 0x57 + digit
        }
    }

    /// Appends `length` digits, which `nextDigit` gives from the last to the first.
    @inline(__always)
    private mutating func appendDigits(_ length: Int, _ nextDigit: () -> UInt8) {
        let start = count
        append(repeating: 0x30, count: length)
        var bytes = mutableSpan
        var index = start + length
        while index > start {
            index -= 1
            bytes[index] = nextDigit()
        }
    }
}

extension UInt {
    /// The number of its decimal digits.
    fileprivate var decimalLength: Int {
        var length = 1
        var rest = self
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        return length
    }
}
