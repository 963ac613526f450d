// Character classes of RFC 9110 §5.6.2 and RFC 3986 §2 as bit sets: bit n of the pair is byte n.

private let tokenLow: UInt64 = 0x03FF_6CFA_0000_0000
private let tokenHigh: UInt64 = 0x57FF_FFFF_C7FF_FFFE
private let queryLow: UInt64 = 0xAFFF_FFD2_0000_0000
private let queryHigh: UInt64 = 0x47FF_FFFE_87FF_FFFF
private let unreservedLow: UInt64 = 0x03FF_6000_0000_0000
private let unreservedHigh: UInt64 = 0x47FF_FFFE_87FF_FFFE

extension UInt8 {
    static var tab: UInt8 { 0x09 }
    static var lineFeed: UInt8 { 0x0A }
    static var carriageReturn: UInt8 { 0x0D }
    static var space: UInt8 { 0x20 }
    static var quote: UInt8 { 0x22 }
    static var percent: UInt8 { 0x25 }
    static var comma: UInt8 { 0x2C }
    static var dot: UInt8 { 0x2E }
    static var slash: UInt8 { 0x2F }
    static var colon: UInt8 { 0x3A }
    static var semicolon: UInt8 { 0x3B }
    static var equalsSign: UInt8 { 0x3D }
    static var questionMark: UInt8 { 0x3F }
    static var backslash: UInt8 { 0x5C }

    /// Whether this byte may stand in a token: tchar, RFC 9110 §5.6.2.
    var isTokenByte: Bool { isMember(tokenLow, tokenHigh) }
    /// Whether this byte may stand in a path or query, percent-encoding aside: pchar, `/`, `?`, RFC
    /// 3986 §3.4.
    var isPathOrQueryByte: Bool { isMember(queryLow, queryHigh) }
    /// Whether percent-encoding this byte changes nothing: unreserved, RFC 3986 §2.3.
    var isUnreserved: Bool { isMember(unreservedLow, unreservedHigh) }
    /// Whether this byte is a digit.
    var isDigit: Bool { self &- 0x30 < 10 }
    /// Whether this byte is an ASCII letter.
    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    /// Whether this byte is SP or HTAB: OWS, RFC 9110 §5.6.3.
    var isBlank: Bool { self == .space || self == .tab }
    /// Whether this byte may stand in a field value: HTAB, SP, VCHAR, obs-text, RFC 9110 §5.5.
    var isFieldValueByte: Bool { self >= 0x20 ? self != 0x7F : self == .tab }

    /// The lower-case letter of an upper-case one, and every other byte itself.
    var asciiLowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// The value of a hexadecimal digit of either case.
    var hexDigitValue: UInt8? {
        if isDigit { return self &- 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : nil
    }

    @inline(__always)
    private func isMember(_ low: UInt64, _ high: UInt64) -> Bool {
        self < 128 && ((self < 64 ? low : high) >> UInt64(self & 63)) & 1 == 1
    }
}

extension String {
    /// Text of bytes that were found to be ASCII.
    init(ascii bytes: ArraySlice<UInt8>) { self.init(decoding: bytes, as: UTF8.self) }

    /// Text of bytes that were found to be ASCII.
    init(ascii bytes: Span<UInt8>) {
        unsafe self.init(unsafeUninitializedCapacity: bytes.count) { buffer in
            for index in bytes.indices { unsafe buffer[index] = bytes[index] }
            return bytes.count
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether these bytes are those of `lowercase`, ASCII letters of either case being equal.
    package func equalsIgnoringCase(_ lowercase: StaticString) -> Bool {
        span.equalsIgnoringCase(lowercase)
    }

    /// These bytes without SP and HTAB at either end: OWS, RFC 9110 §5.6.3.
    var trimmingBlanks: ArraySlice<UInt8> {
        var slice = self
        while let first = slice.first, first.isBlank { slice.removeFirst() }
        while let last = slice.last, last.isBlank { slice.removeLast() }
        return slice
    }
}
