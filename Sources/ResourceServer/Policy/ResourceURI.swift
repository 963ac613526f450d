/// The rules that a resource URI must keep before it is matched against patterns, so that what was
/// matched is what the upstream reads.
package enum ResourceURI {
    /// The longest resource URI that is taken, in bytes.
    package static let maximumLength = 8192

    /// The first rule that the URI breaks, or nil.
    package static func violation(in uri: some Collection<UInt8>) -> ResourceURIViolation? {
        let bytes = Array(uri)
        guard !bytes.isEmpty, bytes.count <= maximumLength else { return .length }
        if let violation = characterViolation(bytes) { return violation }
        let scheme = schemeEnd(bytes)
        if let scheme, bytes[..<scheme].contains(where: isUpperCase) { return .upperCase }
        let start = scheme.map { $0 + 1 } ?? 0
        let path = pathStart(bytes, from: start)
        if path > start, let violation = authorityViolation(bytes[(start + 2)..<path]) {
            return violation
        }
        return hasDotSegment(bytes[path...]) ? .dotSegment : nil
    }

    /// The violations that single characters and encoded characters make.
    private static func characterViolation(_ bytes: [UInt8]) -> ResourceURIViolation? {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte <= 0x20 || byte == 0x7F { return .controlCharacter }
            if byte == UInt8(ascii: "\\") { return .backslash }
            guard byte == UInt8(ascii: "%") else { continue }
            guard let decoded = encoded(bytes, at: index) else { return .malformedEncoding }
            index += 2
            if isNeedlesslyEncoded(decoded) { return .needlessEncoding }
            // `%25` before two digits would decode into another encoding.
            if decoded == UInt8(ascii: "%"), encoded(bytes, at: index) != nil {
                return .needlessEncoding
            }
        }
        return nil
    }

    /// The byte that two hexadecimal digits spell.
    private static func encoded(_ bytes: [UInt8], at index: Int) -> UInt8? {
        guard index + 1 < bytes.count,
            let high = Character(UnicodeScalar(bytes[index])).hexDigitValue,
            let low = Character(UnicodeScalar(bytes[index + 1])).hexDigitValue
        else { return nil }
        return UInt8(high * 16 + low)
    }

    /// Whether a byte's encoding could be read in two ways: unreserved characters (RFC 3986 §2.3,
    /// the dot among them), slash, backslash and controls.
    private static func isNeedlesslyEncoded(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        case UInt8(ascii: "/"), UInt8(ascii: "\\"), 0...0x1F, 0x7F: true
        default: false
        }
    }

    /// The place of the colon that ends the scheme (RFC 3986 §3.1), or nil without one.
    private static func schemeEnd(_ bytes: [UInt8]) -> Int? {
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: ":"): return index > 0 ? index : nil
            case 0x41...0x5A, 0x61...0x7A: continue
            case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                if index == 0 { return nil }
            default: return nil
            }
        }
        return nil
    }

    /// Where the path begins: behind the authority when there is one.
    private static func pathStart(_ bytes: [UInt8], from start: Int) -> Int {
        let slash = UInt8(ascii: "/")
        guard bytes.count >= start + 2, bytes[start] == slash, bytes[start + 1] == slash else {
            return start
        }
        return bytes[(start + 2)...].firstIndex(where: isAuthorityEnd) ?? bytes.count
    }

    /// Whether the byte ends an authority (RFC 3986 §3.2).
    private static func isAuthorityEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    /// The violations of an authority.
    private static func authorityViolation(
        _ authority: ArraySlice<UInt8>
    ) -> ResourceURIViolation? {
        if authority.contains(UInt8(ascii: "@")) { return .userinfo }
        // RFC 3986 §6.2.2.1 — the digits of an encoding are no letters of the host.
        let letters = authority.indices.filter { index in
            !authority[max(authority.startIndex, index - 2)..<index].contains(UInt8(ascii: "%"))
        }
        if letters.contains(where: { isUpperCase(authority[$0]) }) { return .upperCase }
        // `notes://../secret` has a host that a careless reader takes for a segment.
        return isDotSegment(authority) ? .dotSegment : nil
    }

    /// Whether any segment, also behind `?` and `#`, is a dot segment.
    private static func hasDotSegment(_ path: ArraySlice<UInt8>) -> Bool {
        var start = path.startIndex
        for index in path.indices where isAuthorityEnd(path[index]) {
            if isDotSegment(path[start..<index]) { return true }
            start = index + 1
        }
        return isDotSegment(path[start...])
    }

    /// Whether a segment is `.` or `..`, path parameters aside; also to who decodes before
    /// splitting, to whom `..%3Fx` ends at its `?`.
    private static func isDotSegment(_ segment: ArraySlice<UInt8>) -> Bool {
        let name = segment.prefix { $0 == UInt8(ascii: ".") }
        guard 1...2 ~= name.count else { return false }
        let rest = segment[name.endIndex...]
        guard let first = rest.first, first != UInt8(ascii: ";") else { return true }
        let encoding = rest.prefix(3).map { $0 | 0x20 }
        return ["%3b", "%3f", "%23"].contains { encoding.elementsEqual($0.utf8.map { $0 | 0x20 }) }
    }

    /// Whether the byte is an upper-case ASCII letter.
    private static func isUpperCase(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte)
    }
}
