/// The request line, RFC 9112 §3; ranges are offsets of the bytes that it was read from.
struct RequestLine: Sendable {
    let method: Method
    let version: HTTPVersion
    let target: Range<Int>
    /// The offset of the `?` that ends the path, or the end of the target.
    let pathEnd: Int

    /// The longest method that is looked at; the registered ones have at most 17 bytes.
    private static let methodLimit = 32

    /// Reads `method SP request-target SP HTTP-version`, which lies at `line` of `bytes`.
    ///
    /// - Throws: the first deviation, from left to right once there are three parts.
    init(_ bytes: Span<UInt8>, _ line: Range<Int>) throws(RequestViolation) {
        let methodEnd = Self.part(bytes, line.lowerBound, line.upperBound)
        let targetEnd = Self.part(bytes, methodEnd + 1, line.upperBound)
        // RFC 9112 §3 — the lenient parsing on whitespace that it allows ends in request smuggling:
        // one SP each.
        guard methodEnd > line.lowerBound, methodEnd + 1 != targetEnd else {
            throw .requestLineSpacing
        }
        guard targetEnd < line.upperBound else { throw .requestLineIncomplete }
        let version = bytes.extracting((targetEnd + 1)..<line.upperBound)
        for index in version.indices where version[index].isBlank { throw .requestLineSpacing }

        let method = bytes.extracting(line.lowerBound..<methodEnd)
        for index in method.indices where !method[index].isTokenByte { throw .methodInvalid }
        // RFC 9112 §3 — a method longer than any that is implemented: 501.
        if method.count > Self.methodLimit { throw .methodTooLong }
        self.version = try HTTPVersion(version, refusing: RequestViolation.self)
        self.method = Method(token: method)
        self.target = (methodEnd + 1)..<targetEnd
        self.pathEnd = try Self.pathEnd(bytes, target, self.method)
    }

    private static func part(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index < end, bytes[index] != .space { index += 1 }
        return min(index, end)
    }

    /// Checks the target and finds the end of its path, RFC 9112 §3.2.
    private static func pathEnd(
        _ bytes: Span<UInt8>, _ target: Range<Int>, _ method: Method
    ) throws(RequestViolation) -> Int {
        // RFC 9110 §9.3.6 — CONNECT asks for a tunnel, and a gateway is no proxy for one.
        if method == .connect { throw .connectUnsupported }
        if bytes[target.lowerBound] != .slash {
            guard target.count == 1, bytes[target.lowerBound] == UInt8(ascii: "*") else {
                // RFC 9112 §3.2.2 asks servers to accept the absolute-form. It names the host
                // beside the Host field, nothing in use sends it to an origin server, and readers
                // disagree which name wins.
                throw .targetNotOriginForm
            }
            // RFC 9112 §3.2.4 — the asterisk-form is for OPTIONS only.
            if method != .options { throw .asteriskWithoutOptions }
            return target.upperBound
        }
        var pathEnd = target.upperBound
        for index in target {
            let byte = bytes[index]
            if byte.isPathOrQueryByte {
                if byte == .questionMark, pathEnd == target.upperBound { pathEnd = index }
            } else if byte == .percent {
                // RFC 3986 §2.1 — pct-encoded = "%" HEXDIG HEXDIG.
                guard index + 2 < target.upperBound, bytes[index + 1].hexDigitValue != nil,
                    bytes[index + 2].hexDigitValue != nil
                else { throw .targetPercentEncoding }
            } else {
                // RFC 9112 §3.2 — a fragment is no part of any form, and an invalid target SHOULD
                // be refused.
                throw byte == UInt8(ascii: "#") ? .targetFragment : .targetInvalidByte
            }
        }
        return pathEnd
    }
}

extension HTTPVersion {
    /// Reads `HTTP/` DIGIT `.` DIGIT, RFC 9112 §2.3.
    ///
    /// - Throws: `versionMalformed` for anything else, `versionUnsupported` for versions other than
    ///   1.0 and 1.1.
    init<Violation: MessageViolation>(
        _ bytes: Span<UInt8>, refusing _: Violation.Type
    ) throws(Violation) {
        if bytes.equals("HTTP/1.1") {
            self = .http11
        } else if bytes.equals("HTTP/1.0") {
            self = .http10
        } else {
            guard bytes.count == 8, bytes.extracting(..<5).equals("HTTP/"), bytes[5].isDigit,
                bytes[6] == UInt8(ascii: "."), bytes[7].isDigit
            else { throw .versionMalformed }
            // RFC 9110 §2.5 would read 1.2 as 1.1; no sender has it, so it is refused with the
            // others.
            throw .versionUnsupported
        }
    }
}
