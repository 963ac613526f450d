/// How bytes deviate from `application/x-www-form-urlencoded`; one case each.
package enum FormViolation: Error, Sendable, Equatable, CaseIterable {
    /// A `%` without two hexadecimal digits.
    case percentEncoding
    /// A control byte, a space or a byte above 0x7E that is not percent-encoded.
    case invalidByte
    /// A name or a value that is no UTF-8 once it is decoded.
    case notUTF8
    /// More than `FormParameters.maximumCount` parameters.
    case tooManyParameters
    /// A parameter more than once where one is meant.
    case repeatedParameter
}

extension FormViolation: CustomStringConvertible {
    /// What is wrong, in a few plain words.
    package var description: String {
        switch self {
        case .percentEncoding: "a % is not followed by two hexadecimal digits"
        case .invalidByte: "a character must be percent-encoded"
        case .notUTF8: "a parameter is not UTF-8"
        case .tooManyParameters: "there are too many parameters"
        case .repeatedParameter: "a parameter is given more than once"
        }
    }
}
