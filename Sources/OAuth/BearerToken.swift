package import HTTP

/// The access token of a request, from the `Authorization` field and nowhere else.
package enum BearerToken: Sendable, Equatable {
    /// There is none.
    case absent
    /// Exactly one, in the grammar, that is shown as it is.
    case present(ArraySlice<UInt8>)
    /// Exactly one, in the grammar, under the `DPoP` scheme: a proof comes with it.
    case proven(ArraySlice<UInt8>)
    /// The field does not follow the grammar, or there are several.
    case malformed
    /// The query has an `access_token`, where tokens end up in logs.
    case inQuery

    /// The token, under whatever scheme; nil where there is not exactly one.
    package var bytes: ArraySlice<UInt8>? {
        switch self {
        case .present(let bytes), .proven(let bytes): bytes
        case .absent, .malformed, .inQuery: nil
        }
    }

    /// What the head of a request carries.
    ///
    /// Shape: `Bearer` or `DPoP`, in any case, spaces, then `b64token`. Source: RFC 6750 §2.1, RFC
    /// 9449 §7.1, RFC 9110 §11.4; RFC 9700 §4.3.2 for the query. Another scheme carries no token.
    package init(of head: borrowing RequestHead) {
        if head.hasQuery, head.query.map(Self.namesAccessToken) ?? false {
            self = .inQuery
            return
        }
        guard let value = head.fields.bytes(of: .authorization) else {
            self = .absent
            return
        }
        guard head.fields.hasOne(.authorization) else {
            self = .malformed
            return
        }
        self = Self.parse(value)
    }

    /// The token of a field value.
    static func parse(_ value: ArraySlice<UInt8>) -> BearerToken {
        let text = value.span
        let isProven: Bool
        var start: Int
        if value.prefix(6).equalsIgnoringCase("bearer") {
            (isProven, start) = (false, 6)
        } else if value.prefix(4).equalsIgnoringCase("dpop") {
            (isProven, start) = (true, 4)
        } else {
            return .absent
        }
        guard text.count == start || text[start] == UInt8(ascii: " ") else { return .absent }
        while start < text.count, text[start] == UInt8(ascii: " ") { start += 1 }
        var padding = text.count
        while padding > start, text[padding - 1] == UInt8(ascii: "=") { padding -= 1 }
        guard start < padding, TokenBytes.fill(text.extracting(start..<padding)) else {
            return .malformed
        }
        return isProven ? .proven(value.dropFirst(start)) : .present(value.dropFirst(start))
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
