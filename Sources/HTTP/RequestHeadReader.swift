/// Reads the head of a request, RFC 9112 §2.1: request line, field lines, empty line.
struct RequestHeadReader: LineConsumer {
    static var keepsBytes: Bool { true }

    private let limits: MessageLimits
    private var lines = LineReader<RequestViolation>()
    private var section = FieldSection<RequestViolation>()
    private var requestLine: RequestLine?
    private var skippedEmptyLine = false
    /// The last Host that was found to be valid: a connection has one, mostly.
    private var validHost: [UInt8] = []

    init(limits: MessageLimits) { self.limits = limits }

    mutating func read(_ bytes: Span<UInt8>) throws(RequestViolation) -> Int? {
        while requestLine == nil {
            guard
                let line = try lines.nextLine(
                    bytes, limit: limits.startLine, tooLong: .startLineTooLong)
            else { return nil }
            if !line.isEmpty {
                requestLine = try RequestLine(bytes, line)
            } else if skippedEmptyLine {
                throw .emptyLinesBeforeRequest
            } else {
                // RFC 9112 §2.2 — a server SHOULD ignore at least one empty line before the request
                // line.
                skippedEmptyLine = true
            }
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

    /// Becomes ready for another head of the same connection.
    mutating func reset() {
        lines = LineReader()
        section = FieldSection()
        requestLine = nil
        skippedEmptyLine = false
    }

    /// The head, once it is complete; `bytes` are those it was read from.
    ///
    /// - Throws: the first deviation of the fields as a whole.
    mutating func takeHead(_ bytes: [UInt8]) throws(RequestViolation) -> RequestHead {
        guard let requestLine else { throw .requestLineIncomplete }
        let fields = Fields(storage: bytes, entries: section.takeEntries())
        try checkRepetition(fields)
        if section.hasUnusualName { try checkTwins(fields) }
        try checkHost(fields, requestLine.version)
        let framing = try BodyFraming.declared(
            by: fields, version: requestLine.version, refusing: RequestViolation.self)
        let expectsContinue = try expectation(fields, requestLine.version)
        // RFC 9110 §8.4 — encoded content would be judged unread: 415.
        if fields.present & WellKnownField.contentEncoding.bit != 0,
            fields.contains(where: {
                $0.known == .contentEncoding && !$0.value.equalsIgnoringCase("identity")
            })
        {
            throw .contentCodingUnsupported
        }
        return RequestHead(
            method: requestLine.method, version: requestLine.version, fields: fields,
            framing: framing, persistent: fields.persistent(requestLine.version),
            expectsContinue: expectsContinue && framing != .none && framing != .length(0),
            targetRange: requestLine.target, pathEnd: requestLine.pathEnd)
    }

    /// Fields that name one thing, and that readers pick the first or the last of, occur once.
    private func checkRepetition(_ fields: Fields) throws(RequestViolation) {
        if fields.repeated == 0 { return }
        // RFC 9112 §3.2 — more than one Host: 400.
        if fields.isRepeated(.host) { throw .hostRepeated }
        // RFC 9110 §5.3 — a sender MUST NOT repeat a field that is no list.
        if fields.isRepeated(.authorization) { throw .authorizationRepeated }
        if fields.isRepeated(.contentType) { throw .contentTypeRepeated }
        if fields.isRepeated(.origin) { throw .originRepeated }
        if fields.isRepeated(.expect) { throw .expectRepeated }
    }

    // RFC 3875 §4.1.18 — CGI, and what took its conventions over, names fields with `_` for `-`, so
    // that `Content_Length` is read as Content-Length there and as nothing here.
    private func checkTwins(_ fields: Fields) throws(RequestViolation) {
        for field in fields where field.known == nil {
            let folded = field.name.map {
                $0.isLetter || $0.isDigit ? $0.asciiLowercased : UInt8(ascii: "-")
            }
            if WellKnownField(matching: folded.span) != nil { throw .fieldNameTwin }
        }
    }

    private mutating func checkHost(
        _ fields: Fields, _ version: HTTPVersion
    ) throws(RequestViolation) {
        if fields.withOnly(.host, { $0.equals(validHost.span) && !$0.isEmpty }) { return }
        guard let host = fields.value(of: .host) else {
            // RFC 9112 §3.2 — HTTP/1.1 without Host: 400. Load balancers probe with HTTP/1.0 and
            // none.
            if version == .http11 { throw .hostMissing }
            return
        }
        // RFC 9110 §7.2 — Host = uri-host [ ":" port ].
        if !URIHost.isHostField(host) { throw .hostInvalid }
        validHost = Array(host)
    }

    private func expectation(
        _ fields: Fields, _ version: HTTPVersion
    ) throws(RequestViolation) -> Bool {
        guard let value = fields.value(of: .expect) else { return false }
        // RFC 9110 §10.1.1 — an expectation other than 100-continue: 417.
        if !value.equalsIgnoringCase("100-continue") { throw .expectationUnsupported }
        // RFC 9110 §10.1.1 — in HTTP/1.0 the expectation MUST be ignored.
        return version == .http11
    }
}

extension Fields {
    func isRepeated(_ name: WellKnownField) -> Bool { repeated & name.bit != 0 }

    /// Whether the connection outlives the message, RFC 9112 §9.3.
    func persistent(_ version: HTTPVersion) -> Bool {
        guard has(.connection) else { return version == .http11 }
        if listContains(.connection, "close") { return false }
        return version == .http11 || listContains(.connection, "keep-alive")
    }
}
