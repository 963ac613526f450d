package import HTTP

/// The bearer token of a request, from the `Authorization` field and nowhere else.
package enum BearerToken: Sendable, Equatable {
    /// There is none.
    case absent
    /// Exactly one, in the grammar.
    case present(ArraySlice<UInt8>)
    /// The field does not follow the grammar, or there are several.
    case malformed
    /// The query has an `access_token`, where tokens end up in logs.
    case inQuery

    /// What the head of a request carries.
    ///
    /// Shape: `Bearer`, in any case, spaces, then `b64token`. Source: RFC 6750 §2.1, RFC 9110
    /// §11.4; RFC 9700 §4.3.2 for the query. Another scheme carries no bearer token.
    package init(of head: RequestHead) {
        if head.query.map(Self.namesAccessToken) ?? false {
            self = .inQuery
            return
        }
        guard let value = head.fields.bytes(of: .authorization) else {
            self = .absent
            return
        }
        guard head.fields.count(of: .authorization) == 1 else {
            self = .malformed
            return
        }
        self = Self.parse(value)
    }

    /// The token of a field value.
    private static func parse(_ value: ArraySlice<UInt8>) -> BearerToken {
        let space = UInt8(ascii: " ")
        let scheme = value.prefix { $0 != space }
        guard scheme.count == 6, zip(scheme, "bearer".utf8).allSatisfy({ $0 | 0x20 == $1 }) else {
            return .absent
        }
        let token = value.dropFirst(6).drop { $0 == space }
        let body = token.prefix { isTokenByte($0) }
        let padding = token.dropFirst(body.count)
        guard !body.isEmpty, padding.allSatisfy({ $0 == UInt8(ascii: "=") }) else {
            return .malformed
        }
        return .present(token)
    }

    /// Whether a byte may stand in a `b64token` before its padding (RFC 6750 §2.1).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    /// Whether a parameter of the query is called `access_token`, also in percent-encoding.
    private static func namesAccessToken(_ query: String) -> Bool {
        query.utf8.split { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: ";") }.contains {
            decoded($0.prefix { $0 != UInt8(ascii: "=") }).elementsEqual("access_token".utf8)
        }
    }

    /// The bytes with their percent-encodings decoded; what is no encoding stays.
    private static func decoded(_ text: some Collection<UInt8>) -> [UInt8] {
        let bytes = Array(text)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let high = Character(UnicodeScalar(bytes[index + 1])).hexDigitValue,
                let low = Character(UnicodeScalar(bytes[index + 2])).hexDigitValue
            {
                result.append(UInt8(high * 16 + low))
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }
}
