/// The cookies of a request (RFC 6265 §4.2), read by the grammar that servers are to set them in.
///
/// Values may be sessions, so describing the cookies shows none of them.
package struct CookieField: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The most cookies that are read; what follows is not looked at.
    package static let maximumCount = 128

    private struct Cookie: Sendable {
        let name: String
        let value: String
    }

    private let cookies: [Cookie]

    /// Reads every `Cookie` line of a request.
    ///
    /// A pair that does not follow the grammar is left out and the others stay: what other
    /// applications of the host have set is not ours to refuse.
    package init(_ fields: Fields) {
        var cookies: [Cookie] = []
        for field in fields where field.name.equalsIgnoringCase("cookie") {
            let pairs = field.value.split(separator: .semicolon, maxSplits: Self.maximumCount)
            for pair in pairs where cookies.count < Self.maximumCount {
                if let cookie = Self.cookie(pair.trimmingBlanks) { cookies.append(cookie) }
            }
        }
        self.cookies = cookies
    }

    /// The value of the cookie; nil without one, and where the name is there twice.
    ///
    /// Browsers send two of a name where a neighbouring host or another path has set one too, and
    /// their order proves nothing (RFC 6265 §4.2.2).
    package func value(_ name: String) -> String? {
        let values = cookies.filter { $0.name == name }
        return values.count == 1 ? values[0].value : nil
    }

    /// How many cookies there are.
    package var description: String { "(\(cookies.count) cookies)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    // RFC 6265 §4.1.1 — cookie-pair = token "=" ( *cookie-octet / DQUOTE *cookie-octet DQUOTE )
    private static func cookie(_ pair: ArraySlice<UInt8>) -> Cookie? {
        guard let equals = pair.firstIndex(of: .equalsSign) else { return nil }
        let name = pair[..<equals]
        var value = pair[(equals + 1)...]
        if value.count >= 2, value.first == .quote, value.last == .quote {
            value = value.dropFirst().dropLast()
        }
        guard !name.isEmpty, name.allSatisfy(\.isTokenByte), value.allSatisfy(isCookieOctet) else {
            return nil
        }
        return Cookie(name: String(ascii: name), value: String(ascii: value))
    }

    private static func isCookieOctet(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21, 0x23...0x2B, 0x2D...0x3A, 0x3C...0x5B, 0x5D...0x7E: true
        default: false
        }
    }
}
