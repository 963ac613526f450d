/// How the content of a request is delimited, RFC 9112 §6.3.
package enum BodyFraming: Sendable, Hashable {
    /// No content.
    case none
    /// Exactly that many bytes; zero is possible.
    case length(Int)
    /// The chunked transfer coding, RFC 9112 §7.1.
    case chunked

    /// The framing that the fields of a message declare: the one place where framing is decided.
    ///
    /// Whatever could be framed in a second way is refused; nothing is repaired.
    ///
    /// - Throws: the first deviation, in the order of RFC 9112 §6.3.
    static func declared<Violation: MessageViolation>(
        by fields: Fields, version: HTTPVersion, refusing _: Violation.Type
    ) throws(Violation) -> BodyFraming {
        let length = fields.value(of: .contentLength)
        if let coding = fields.value(of: .transferEncoding) {
            // RFC 9112 §6.1 — Transfer-Encoding in HTTP/1.0: the framing is faulty.
            if version == .http10 { throw .transferEncodingInHTTP10 }
            // RFC 9112 §6.1 — a list may be spread over lines; readers that take one of them exist.
            if fields.isRepeated(.transferEncoding) { throw .transferEncodingRepeated }
            // RFC 9112 §6.3, 3 — both fields: ought to be handled as an error.
            if length != nil { throw .contentLengthWithTransferEncoding }
            // RFC 9112 §7 — names of codings are case-insensitive.
            if coding.equalsIgnoringCase("chunked") { return .chunked }
            throw codingDeviation(coding) as Violation
        }
        guard let length else {
            // RFC 9112 §6.3, 7 — a request without either has no content.
            return .none
        }
        // RFC 9112 §6.3, 5 — identical values may be taken for one; they are refused all the same,
        // because a sender that frames twice is broken or an attacker.
        if fields.isRepeated(.contentLength) { throw .contentLengthRepeated }
        return .length(try decimal(length, Violation.self))
    }

    // RFC 9110 §8.6 — Content-Length = 1*DIGIT. Leading zeros are refused: some readers take them
    // for octal.
    private static func decimal<Violation: MessageViolation>(
        _ digits: ArraySlice<UInt8>, _: Violation.Type
    ) throws(Violation) -> Int {
        let digits = digits.span
        guard !digits.isEmpty, digits[0] != UInt8(ascii: "0") || digits.count == 1 else {
            throw .contentLengthInvalid
        }
        for index in digits.indices where !digits[index].isDigit { throw .contentLengthInvalid }
        var number = 0
        for index in digits.indices {
            let (product, overflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(digits[index] &- 0x30))
            // RFC 9110 §8.6 — a recipient MUST anticipate large numerals and prevent overflow.
            if overflow || carry { throw .contentLengthOverflow }
            number = sum
        }
        return number
    }

    private static func codingDeviation<Violation: MessageViolation>(
        _ value: ArraySlice<UInt8>
    ) -> Violation {
        let codings = value.split(separator: .comma, omittingEmptySubsequences: false)
            .map(\.trimmingBlanks)
        let chunkedCount = codings.count { $0.equalsIgnoringCase("chunked") }
        // RFC 9112 §6.3, 4 — chunked is not the final coding: 400.
        guard codings.last?.equalsIgnoringCase("chunked") == true,
            codings.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isTokenByte) })
        else { return .transferEncodingNotChunked }
        // RFC 9112 §7 — chunked MUST NOT be applied more than once.
        if chunkedCount > 1 { return .chunkedTwice }
        // RFC 9112 §6.1 — a coding that is not understood: 501.
        return .transferCodingUnsupported
    }
}

/// How the content of a response is delimited, RFC 9112 §6.3.
package enum ResponseFraming: Sendable, Hashable {
    /// No content, whatever the fields say: the answer to HEAD, and 204 and 304.
    case none
    /// Exactly that many bytes; zero is possible.
    case length(Int)
    /// The chunked transfer coding, RFC 9112 §7.1.
    case chunked
    /// Everything up to the close of the connection.
    case untilClose

    /// The framing of a final response, by what its fields declare, its status, and the request's
    /// method.
    ///
    /// - Throws: `noContentWithContent` for a 204 that declares content.
    static func of(
        _ declared: BodyFraming, status: Int, requestMethod: Method
    ) throws(ResponseViolation) -> ResponseFraming {
        // RFC 9112 §6.1, RFC 9110 §8.6 — 204 MUST NOT carry either field. `Content-Length: 0` is
        // common and can be read in one way only.
        if status == 204, declared != .none, declared != .length(0) { throw .noContentWithContent }
        // RFC 9112 §6.3, 1 — no content after HEAD, 204 and 304, whatever the fields say.
        if requestMethod == .head || status == 204 || status == 304 { return .none }
        return switch declared {
        case .chunked: .chunked
        case .length(let length): .length(length)
        // RFC 9112 §6.3, 8 — a response without either extends to the close.
        case .none: .untilClose
        }
    }
}
