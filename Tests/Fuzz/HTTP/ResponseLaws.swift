import FuzzSupport
import HTTP

/// What must hold of the answer to a request.
struct ResponseLaws {
    let bytes: [UInt8]
    var choices: Choices

    mutating func check() {
        let limits = choices.once(in: 4) ? MessageLimits.tiny : MessageLimits()
        let method: Method = [.get, .post, .head][choices.below(3)]
        let bodyLimit = choices.once(in: 4) ? choices.below(32) : Int.max
        let decoder = { () -> ResponseDecoder in
            var decoder = ResponseDecoder(limits: limits, requestMethod: method)
            decoder.bodyLimit = bodyLimit
            return decoder
        }
        let whole = transcript([bytes], decoder())
        let place = choices.below(bytes.count + 1)
        let halves = transcript(bytes.cut(at: [place]), decoder())
        require(whole.agrees(with: halves), "a response is the same in two pieces, cut at \(place)")
        if choices.once(in: 4) {
            require(
                whole.agrees(with: transcript(bytes.map { [$0] }, decoder())),
                "a response is the same byte by byte")
        }
        require(whole.content.count <= bytes.count, "no more content than came")
        if bodyLimit == .max, limits == MessageLimits() { checkEncoding(whole, method) }
    }

    private func transcript(_ pieces: [[UInt8]], _ decoder: ResponseDecoder) -> Transcript {
        var decoder = decoder
        var transcript = Transcript()
        for piece in pieces {
            let goesOn = transcript.read(
                piece.span,
                { (input, offset) throws(ResponseViolation) in try decoder.next(input, &offset) },
                stopsAtEnd: true, head: \.canonical)
            if !goesOn { break }
        }
        // A close ends what may end so, and is a violation elsewhere.
        if transcript.violation == nil {
            do throws(ResponseViolation) {
                try decoder.finish()
                require(transcript.heads.count == 1, "what is complete has a head")
            } catch {
                require(transcript.ends.isEmpty, "what has ended stays complete")
                transcript.violation = error.rawValue
            }
        }
        return transcript
    }

    /// What our encoder writes of a response is read as the same response.
    private func checkEncoding(_ whole: Transcript, _ method: Method) {
        var decoder = ResponseDecoder(requestMethod: method)
        var offset = 0
        guard whole.violation == nil,
            case .head(let head)? = try? decoder.next(bytes.span, &offset),
            head.version == .http11
        else { return }
        var written: [UInt8] = []
        written.appendStatusLine(head.status)
        for field in head.fields { written.appendField(field) }
        written.appendEndOfFields()
        if head.framing == .chunked {
            if !whole.content.isEmpty {
                written.appendChunkHeader(whole.content.count)
                written += whole.content
                written.appendChunkEnd()
            }
            written.appendLastChunk()
        } else {
            written += whole.content
        }
        var again = transcript([written], ResponseDecoder(requestMethod: method))
        require(again.taken == written.count, "what was written is read whole")
        again.taken = whole.taken
        require(again == whole, "what was written is read as what it was made of")
    }
}
