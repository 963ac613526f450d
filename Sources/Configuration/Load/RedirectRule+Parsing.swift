internal import AuthorizationServer
internal import OAuth

extension RegistrationOptions {
    /// Reads an entry of `trusted_domains`: a host, with a port where it is not that of https.
    ///
    /// - Throws: why the text is no entry.
    static func trustedDomain(parsing text: String) throws(RedirectRuleViolation) -> String {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let name = parts.first, parts.count <= 2 else { throw .unknownKind }
        if parts.count == 2 {
            guard let port = UInt16(parts[1]), port > 0, port != 443, "\(port)" == parts[1] else {
                throw .unknownKind
            }
            // For trials on one machine.
            if name == "localhost" { return text }
        }
        _ = try RedirectRule.hostName(String(name))
        return text
    }
}

extension RegistrationOptions.RedirectRule {
    /// Reads an entry of `redirect_uris`.
    ///
    /// - Throws: why the text is no entry.
    init(parsing text: String) throws(RedirectRuleViolation) {
        switch text {
        case "known": self = .known
        case "loopback": self = .loopback
        default:
            if text.contains(":/") {
                self = .exactly(try Self.uri(text))
            } else if text.hasSuffix(":") {
                self = .scheme(try Self.scheme(text.dropLast()))
            } else {
                self = .host(try Self.hostName(text))
            }
        }
    }

    private static func uri(_ text: String) throws(RedirectRuleViolation) -> String {
        guard !text.contains("*") else { throw .wildcardInURI }
        guard RedirectURI(text) != nil else { throw .unsafeURI }
        return text
    }

    /// A private-use scheme; which schemes are none is decided where redirect URIs are read.
    ///
    /// Source: RFC 8252 §7.1, RFC 3986 §3.1.
    private static func scheme(_ text: Substring) throws(RedirectRuleViolation) -> String {
        guard case .privateUse(let scheme)? = RedirectURI("\(text):/")?.kind, scheme == text
        else { throw .unsafeScheme }
        return scheme
    }

    /// A host of at least two labels, so that a misspelt word is not taken for one.
    ///
    /// Source: RFC 1123 §2.1.
    fileprivate static func hostName(_ text: String) throws(RedirectRuleViolation) -> String {
        let isWildcard = text.hasPrefix("*.")
        let name = isWildcard ? text.dropFirst(2) : text[...]
        guard !name.contains("*") else { throw .wideWildcard }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(isLabel) else { throw .unknownKind }
        guard labels.count > 1 else { throw isWildcard ? .wideWildcard : .unknownKind }
        // A last label of digits alone makes it an IPv4 address: WHATWG URL, "ends in a number".
        guard labels.last?.first?.isNumber == false else { throw .unknownKind }
        return text
    }

    private static func isLabel(_ label: Substring) -> Bool {
        let isPlain = label.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
        }
        return isPlain && 1...63 ~= label.utf8.count && !label.hasPrefix("-")
            && !label.hasSuffix("-")
    }
}
