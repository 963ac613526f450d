/// Reads the head of a response, RFC 9112 §4: status line, field lines, empty line.
struct ResponseHeadReader: LineConsumer {
    static var keepsBytes: Bool { true }

    /// The status code, once the status line has been read.
    private(set) var status = 0
    private let limits: MessageLimits
    private var lines = LineReader<ResponseViolation>()
    private var section = FieldSection<ResponseViolation>()
    private var version = HTTPVersion.http11
    private var reason = 0..<0

    init(limits: MessageLimits) { self.limits = limits }

    mutating func read(_ bytes: Span<UInt8>) throws(ResponseViolation) -> Int? {
        if status == 0 {
            guard
                let line = try lines.nextLine(
                    bytes, limit: limits.startLine, tooLong: .startLineTooLong)
            else { return nil }
            try statusLine(bytes, line)
        }
        while let line = try lines.nextLine(
            bytes, limit: limits.fieldLine, tooLong: .fieldLineTooLong)
        {
            if line.isEmpty { return lines.position }
            try section.add(
                bytes, line, sizeLimit: limits.fields, tooLarge: .fieldsTooLarge,
                countLimit: limits.fieldCount)
        }
        return nil
    }

    // RFC 9112 §4 — status-line = HTTP-version SP status-code SP [ reason-phrase ]; the second SP
    // is always sent.
    private mutating func statusLine(
        _ bytes: Span<UInt8>, _ line: Range<Int>
    ) throws(ResponseViolation) {
        var versionEnd = line.lowerBound
        while versionEnd < line.upperBound, bytes[versionEnd] != .space { versionEnd += 1 }
        let code = versionEnd + 1
        guard code + 3 < line.upperBound, bytes[code + 3] == .space else {
            throw .statusLineMalformed
        }
        version = try HTTPVersion(
            bytes.extracting(line.lowerBound..<versionEnd), refusing: ResponseViolation.self)
        var number = 0
        for index in code..<(code + 3) {
            guard bytes[index].isDigit else { throw .statusLineMalformed }
            number = number * 10 + Int(bytes[index] &- 0x30)
        }
        // RFC 9110 §15 — 100 to 599; what lies outside is invalid.
        guard 100...599 ~= number else { throw .statusCodeOutOfRange }
        status = number
        reason = (code + 4)..<line.upperBound
    }

    /// Whether this is an interim answer, which is dropped, RFC 9110 §15.2.
    ///
    /// - Throws: `switchingProtocols` for 101, which needs an Upgrade that the gateway never sends,
    ///   and `interimResponseWithContent` for one that declares content it cannot have.
    func isInterim() throws(ResponseViolation) -> Bool {
        guard status < 200 else { return false }
        if status == 101 { throw .switchingProtocols }
        // RFC 9112 §6.1, RFC 9110 §8.6 — a 1xx answer MUST NOT carry either field.
        if section.entries.contains(where: {
            $0.known == .contentLength || $0.known == .transferEncoding
        }) {
            throw .interimResponseWithContent
        }
        return true
    }

    /// Becomes ready for another head.
    mutating func reset() {
        lines = LineReader()
        section = FieldSection()
        status = 0
    }

    /// The head, once it is complete; `bytes` are those it was read from.
    ///
    /// - Throws: the first deviation of the fields as a whole.
    mutating func takeHead(
        _ bytes: [UInt8], requestMethod: Method
    ) throws(ResponseViolation) -> ResponseHead {
        let fields = Fields(storage: bytes, entries: section.takeEntries())
        // RFC 9110 §8.3 — readers pick the first or the last of several; the content is judged by
        // it.
        if fields.isRepeated(.contentType) { throw .contentTypeRepeated }
        let declared = try BodyFraming.declared(
            by: fields, version: version, refusing: ResponseViolation.self)
        let framing: ResponseFraming = try .of(
            declared, status: status, requestMethod: requestMethod)
        return ResponseHead(
            status: status, version: version, fields: fields, framing: framing,
            persistent: framing != .untilClose && fields.persistent(version), reasonRange: reason)
    }
}
