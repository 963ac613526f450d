// Character classes of RFC 3986 §2 and RFC 6749, appendix A.
extension UInt8 {
    /// Whether this byte is an ASCII letter in lower case.
    var isLowercaseLetter: Bool { 0x61...0x7A ~= self }
    /// Whether this byte is a digit.
    var isDigit: Bool { 0x30...0x39 ~= self }
    /// Whether this byte is unreserved: letters, digits, `-`, `.`, `_`, `~`.
    var isUnreserved: Bool {
        (self | 0x20).isLowercaseLetter || isDigit || [0x2D, 0x2E, 0x5F, 0x7E].contains(self)
    }
    /// Whether this byte is printable ASCII or a space: VSCHAR.
    var isVisible: Bool { 0x20...0x7E ~= self }
}
