import FuzzSupport
import HTTP

/// What must hold of the requests of a connection.
struct RequestLaws {
    let bytes: [UInt8]
    var choices: Choices

    mutating func check() {
        let limits = choices.once(in: 4) ? MessageLimits.tiny : MessageLimits()
        let whole = transcript([bytes], limits)
        let place = choices.below(bytes.count + 1)
        let halves = transcript(bytes.cut(at: [place]), limits)
        require(whole.agrees(with: halves), "requests are the same in two pieces, cut at \(place)")
        if choices.once(in: 4) {
            require(whole.agrees(with: byteByByte(limits)), "requests are the same byte by byte")
        }
        require(whole.content.count <= bytes.count, "no more content than came")
        guard limits == MessageLimits() else { return }
        checkEncoding(whole)
        if choices.once(in: 4) { checkLenientReader(whole) }
    }

    private func transcript(_ pieces: [[UInt8]], _ limits: MessageLimits) -> Transcript {
        var decoder = RequestDecoder(limits: limits)
        var transcript = Transcript()
        for piece in pieces {
            let goesOn = transcript.read(
                piece.span,
                { (input, offset) throws(RequestViolation) in try decoder.next(input, &offset) },
                stopsAtEnd: false, head: \.canonical)
            if !goesOn { break }
        }
        return transcript
    }

    private func byteByByte(_ limits: MessageLimits) -> Transcript {
        var decoder = RequestDecoder(limits: limits)
        var transcript = Transcript()
        for index in bytes.indices {
            let goesOn = transcript.read(
                bytes.span.extracting(index..<(index + 1)),
                { (input, offset) throws(RequestViolation) in try decoder.next(input, &offset) },
                stopsAtEnd: false, head: \.canonical)
            if !goesOn { break }
        }
        return transcript
    }

    /// What our encoder writes of a request is read as the same request.
    private func checkEncoding(_ whole: Transcript) {
        guard whole.violation == nil, let messages = RequestStream.messages(bytes) else { return }
        var written: [UInt8] = []
        for (head, content) in messages {
            guard head.version == .http11 else { return }
            written.appendRequestLine(head.method, head.target)
            for field in head.fields { written.appendField(field) }
            written.appendEndOfFields()
            guard head.framing == .chunked else {
                written += content
                continue
            }
            if !content.isEmpty {
                written.appendChunkHeader(content.count)
                written += content
                written.appendChunkEnd()
            }
            written.appendLastChunk()
            checkLookups(head.fields)
        }
        var again = transcript([written], MessageLimits())
        require(again.taken == written.count, "what was written is read whole")
        again.taken = whole.taken
        require(again == whole, "what was written is read as what it was made of")
    }

    /// Looking a field up finds what going through all of them finds.
    private func checkLookups(_ fields: Fields) {
        for field in fields.prefix(8) {
            let spelling = String(decoding: field.name, as: UTF8.self)
            let name = FieldName(spelling)
            let same = fields.filter {
                String(decoding: $0.name, as: UTF8.self).lowercased() == spelling.lowercased()
            }
            require(fields.count(of: name) == same.count, "fields of one name are counted")
            require(
                fields.bytes(of: name).map { Array($0) } == same.first.map { Array($0.value) },
                "the first field of a name is found")
        }
    }

    /// What is accepted means the same to a reader that guesses.
    private mutating func checkLenientReader(_ whole: Transcript) {
        guard whole.violation == nil, let messages = RequestStream.messages(bytes) else { return }
        let expected = messages.map { head, content in
            LenientReader.Message(
                method: head.method.name, target: head.target, host: head.host,
                authorization: head.fields[.authorization] ?? "", content: content)
        }
        // It stops after 20 messages.
        guard (1..<20).contains(expected.count) else { return }
        // It reads text by Latin-1, the decoder by UTF-8.
        guard bytes.allSatisfy({ $0 < 0x80 }) else { return }
        let reader = LenientReader.all[choices.below(LenientReader.all.count)]
        require(reader.messages(bytes) == expected, "\(reader) reads the same")
    }
}

/// The requests of a stream with their content.
enum RequestStream {
    /// The requests; nil if one is refused or not complete.
    static func messages(_ bytes: [UInt8]) -> [(RequestHead, [UInt8])]? {
        var decoder = RequestDecoder()
        var messages: [(RequestHead, [UInt8])] = []
        var offset = 0
        while let event = try? decoder.next(bytes.span, &offset) {
            switch event {
            case .needMore: return decoder.isBetweenRequests ? messages : nil
            case .head(let head): messages.append((head, []))
            case .body(let range): messages[messages.count - 1].1 += bytes[range]
            case .end: break
            }
        }
        return nil
    }
}

extension MessageLimits {
    /// Limits that a short input reaches.
    static var tiny: MessageLimits {
        var limits = MessageLimits()
        limits.startLine = 48
        limits.fieldLine = 40
        limits.fields = 120
        limits.fieldCount = 4
        limits.body = 24
        limits.chunkLine = 12
        limits.chunkExtensions = 16
        limits.trailers = 32
        limits.interimResponseCount = 2
        return limits
    }
}
