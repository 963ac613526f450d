/// Why a resource URI is refused before any pattern sees it: it could be read in two ways.
///
/// Source: RFC 3986 §5.2.4, §6.2.2.
package enum ResourceURIViolation: Error, Sendable, Equatable, CaseIterable {
    /// There is nothing, or more than `ResourceURI.maximumLength` bytes.
    case length
    /// A control character, a space or DEL.
    case controlCharacter
    /// A segment that is `.` or `..`, with path parameters or without.
    case dotSegment
    /// A backslash, which some servers take for a slash.
    case backslash
    /// `%` without two hexadecimal digits.
    case malformedEncoding
    /// An encoded slash, backslash, dot, unreserved or control character, or an encoded `%` before
    /// two hexadecimal digits.
    case needlessEncoding
    /// Something before `@` in the authority.
    case userinfo
    /// An upper-case letter in the scheme or the host.
    case upperCase

    /// What is wrong, for the caller.
    package var description: String {
        switch self {
        case .length: "the resource URI is empty or too long"
        case .controlCharacter: "the resource URI has a control character or a space"
        case .dotSegment: "the resource URI has a dot segment"
        case .backslash: "the resource URI has a backslash"
        case .malformedEncoding: "the resource URI has a malformed percent-encoding"
        case .needlessEncoding: "the resource URI encodes a character that must not be encoded"
        case .userinfo: "the resource URI has userinfo"
        case .upperCase: "the resource URI has an upper-case scheme or host"
        }
    }
}
