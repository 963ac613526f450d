/// How text deviates from the URIs that the gateway reads, RFC 3986; one case each.
package enum URIViolation: Error, Sendable, Equatable, CaseIterable {
    /// No scheme, or one other than `http` and `https`.
    case schemeUnsupported
    /// No `//` after the scheme, or nothing after it.
    case authorityMissing
    /// RFC 9110 §4.2.4: user information before the host.
    case userInformation
    /// RFC 3986 §3.2.2: a host that is no domain name, IPv4 address or IPv6 address.
    case hostInvalid
    /// RFC 3986 §3.2.3: a port that is empty, zero, above 65535, or no number.
    case portInvalid
    /// RFC 3986 §3.3: a byte that neither path nor query may hold.
    case invalidByte
    /// RFC 3986 §2.1: a `%` without two hexadecimal digits.
    case percentEncoding
    /// RFC 3986 §3.5: a fragment.
    case fragment
    /// RFC 3986 §6.2.2: a path that another reader may take for a different one, as by its dot segments.
    case pathAmbiguous
    /// Something other than an origin: a path, a query, or more than one.
    case notAnOrigin
}

extension URIViolation: CustomStringConvertible {
    /// What is wrong, in a few plain words.
    package var description: String {
        switch self {
        case .schemeUnsupported: "the scheme is neither http nor https"
        case .authorityMissing: "there is no host"
        case .userInformation: "a user name or password stands before the host"
        case .hostInvalid: "the host is no domain name, IPv4 address or IPv6 address in brackets"
        case .portInvalid: "the port is no number from 1 to 65535"
        case .invalidByte: "a character must be percent-encoded"
        case .percentEncoding: "a % is not followed by two hexadecimal digits"
        case .fragment: "there is a fragment"
        case .pathAmbiguous: "the path can be read in two ways"
        case .notAnOrigin: "an origin has neither path nor query"
        }
    }
}
