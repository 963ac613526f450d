/// How a text deviates from RFC 8259, from the stricter reading of RFC 8725 §2.4 that names are
/// unique, or from ``JSONLimits``.
///
/// Each case carries the offset in bytes at which the deviation was seen. Reading stops there, so
/// a text with several deviations reports one of them.
package enum JSONViolation: Error, Sendable, Equatable {
    /// The text begins with a byte order mark (RFC 8259 §8.1).
    case byteOrderMark(offset: Int)
    /// The text ended where something had to follow.
    case unexpectedEnd(offset: Int)
    /// No value begins with this byte (RFC 8259 §3).
    case valueExpected(offset: Int)
    /// A member begins with a string (RFC 8259 §4).
    case nameExpected(offset: Int)
    /// A name is followed by a colon (RFC 8259 §4).
    case colonExpected(offset: Int)
    /// A comma or the end of the array or object had to follow (RFC 8259 §4, §5).
    case separatorExpected(offset: Int)
    /// A comma stands before the end of an array or object (RFC 8259 §4, §5).
    case trailingComma(offset: Int)
    /// Something other than whitespace follows the value (RFC 8259 §2).
    case trailingBytes(offset: Int)
    /// A word other than `true`, `false` and `null` (RFC 8259 §3).
    case misspelledLiteral(offset: Int)
    /// A number begins with a needless zero (RFC 8259 §6).
    case leadingZero(offset: Int)
    /// A sign, a point or an exponent is not followed by a digit (RFC 8259 §6).
    case digitExpected(offset: Int)
    /// A string is not closed (RFC 8259 §7).
    case unterminatedString(offset: Int)
    /// A control character stands in a string unescaped (RFC 8259 §7).
    case controlCharacter(offset: Int)
    /// A backslash is followed by something that is no escape (RFC 8259 §7).
    case invalidEscape(offset: Int)
    /// `\u` is not followed by four hexadecimal digits (RFC 8259 §7).
    case invalidUnicodeEscape(offset: Int)
    /// Half of a surrogate pair is escaped alone (RFC 8259 §8.2).
    case loneSurrogate(offset: Int)
    /// Bytes of a string are not UTF-8 (RFC 8259 §8.1, RFC 3629 §4).
    case invalidUTF8(offset: Int)
    /// An object has two members of one name (RFC 8259 §4); the offset is that of the later name.
    case duplicateName(offset: Int)
    /// Arrays and objects are nested deeper than ``JSONLimits/depth``.
    case tooDeep(offset: Int)
    /// An array or object has more than ``JSONLimits/members``.
    case tooManyMembers(offset: Int)
    /// A name is longer than ``JSONLimits/nameLength``.
    case nameTooLong(offset: Int)
    /// The text has 2 GiB or more, beyond what the index can address.
    case textTooLong(offset: Int)
}

extension JSONViolation: CustomStringConvertible {
    /// Where the deviation was seen, in bytes from the beginning of the text.
    package var offset: Int {
        switch self {
        case .byteOrderMark(let offset), .unexpectedEnd(let offset), .valueExpected(let offset),
            .nameExpected(let offset), .colonExpected(let offset), .separatorExpected(let offset),
            .trailingComma(let offset), .trailingBytes(let offset), .misspelledLiteral(let offset),
            .leadingZero(let offset), .digitExpected(let offset), .unterminatedString(let offset),
            .controlCharacter(let offset), .invalidEscape(let offset),
            .invalidUnicodeEscape(let offset), .loneSurrogate(let offset),
            .invalidUTF8(let offset), .duplicateName(let offset), .tooDeep(let offset),
            .tooManyMembers(let offset), .nameTooLong(let offset), .textTooLong(let offset):
            offset
        }
    }

    /// What is wrong, in words that repeat nothing of the text and may be sent to the peer.
    package var description: String { "\(reason) at byte \(offset)" }

    private var reason: String {
        switch self {
        case .byteOrderMark: "byte order mark"
        case .unexpectedEnd: "unexpected end"
        case .valueExpected: "value expected"
        case .nameExpected: "member name expected"
        case .colonExpected: "colon expected"
        case .separatorExpected: "comma or closing bracket expected"
        case .trailingComma: "closing bracket after a comma"
        case .trailingBytes: "something after the value"
        case .misspelledLiteral: "misspelled literal"
        case .leadingZero: "number with a leading zero"
        case .digitExpected: "digit expected"
        case .unterminatedString: "string not closed, begun"
        case .controlCharacter: "control character in a string"
        case .invalidEscape: "invalid escape"
        case .invalidUnicodeEscape: "invalid Unicode escape"
        case .loneSurrogate: "lone surrogate"
        case .invalidUTF8: "invalid UTF-8"
        case .duplicateName: "duplicate member name"
        case .tooDeep: "nesting too deep"
        case .tooManyMembers: "too many members"
        case .nameTooLong: "member name too long"
        case .textTooLong: "text too long"
        }
    }
}
