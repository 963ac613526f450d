import HTTP

/// What a decoder made of some bytes, however they were divided.
struct Reading: Equatable {
    /// Each head in a canonical form.
    var heads: [String] = []
    var content: [UInt8] = []
    /// Where in the content each message ended.
    var ends: [Int] = []
    /// The bytes that were taken.
    var taken = 0
    /// The case of the violation.
    var violation: String?

    /// Reads requests, each piece in memory of its own.
    static func ofRequests(
        _ pieces: [ArraySlice<UInt8>], limits: MessageLimits = .init()
    ) -> Reading {
        var reading = Reading()
        var decoder = RequestDecoder(limits: limits)
        for piece in pieces {
            let bytes = Array(piece)
            var offset = 0
            do {
                try read(bytes, &offset, &reading) { (input, offset) throws(RequestViolation) in
                    try decoder.next(input, &offset)
                } describe: {
                    "\($0.method) \($0.target) \($0.path) \($0.query ?? "-") \($0.version)"
                        + " \($0.framing) \($0.persistent) \($0.expectsContinue)"
                        + " \($0.host) \(list($0.fields))"
                }
            } catch let violation as RequestViolation {
                reading.violation = violation.rawValue
                return reading
            } catch {
                reading.violation = "an error of another type"
            }
            reading.taken += offset
        }
        return reading
    }

    /// Reads one answer, each piece in memory of its own.
    static func ofResponse(
        _ pieces: [ArraySlice<UInt8>], to method: Method, closes: Bool
    ) -> Reading {
        var reading = Reading()
        var decoder = ResponseDecoder(requestMethod: method)
        do {
            for piece in pieces where reading.ends.isEmpty {
                let bytes = Array(piece)
                var offset = 0
                try read(bytes, &offset, &reading) { (input, offset) throws(ResponseViolation) in
                    try decoder.next(input, &offset)
                } describe: {
                    "\($0.status) \($0.reason) \($0.version) \($0.framing) \($0.persistent)"
                        + " \(list($0.fields))"
                }
                reading.taken += offset
            }
            if closes { try decoder.finish() }
        } catch let violation as ResponseViolation {
            reading.violation = violation.rawValue
            reading.taken = 0
        } catch {
            reading.violation = "an error of another type"
        }
        return reading
    }

    private static func read<Head, Violation: Error>(
        _ bytes: [UInt8], _ offset: inout Int, _ reading: inout Reading,
        next: (Span<UInt8>, inout Int) throws(Violation) -> DecoderEvent<Head>,
        describe: (Head) -> String
    ) throws {
        while true {
            switch try next(bytes.span, &offset) {
            case .needMore: return
            case .head(let head): reading.heads.append(describe(head))
            case .body(let range): reading.content += bytes[range]
            case .end:
                reading.ends.append(reading.content.count)
                // A response decoder answers `.end` for ever.
                if Head.self == ResponseHead.self { return }
            }
        }
    }

    private static func list(_ fields: Fields) -> String {
        fields.map { "\($0.name.map { $0 }): \($0.value.map { $0 })" }.joined(separator: "|")
    }
}
