import HTTP
import Testing

@Suite struct ResponseWireTests {
    private func method(_ row: ResponseRow) -> HTTP.Method {
        row.requestMethod == "HEAD" ? .head : row.requestMethod == "GET" ? .get : .post
    }

    @Test(arguments: WireTable.responses)
    func `each row of the table has its verdict`(row: ResponseRow) {
        let bytes = row.bytes
        let reading = Reading.ofResponse([bytes[...]], to: method(row), closes: row.closes)
        #expect(reading.violation ?? "accept" == row.verdict)
        if row.verdict == "accept" {
            #expect(reading.content == latin1(row.content ?? ""))
            #expect(reading.taken == bytes.count)
            #expect(reading.heads.count == 1)
        }
    }

    @Test(arguments: WireTable.responses)
    func `bytes that are divided anywhere read the same`(row: ResponseRow) {
        let bytes = row.bytes
        let whole = Reading.ofResponse([bytes[...]], to: method(row), closes: row.closes)
        let single = Reading.ofResponse(
            bytes.indices.map { bytes[$0...$0] }, to: method(row), closes: row.closes)
        #expect(single.heads == whole.heads && single.violation == whole.violation)
        for position in WireTable.splits(of: bytes.count) {
            let divided = Reading.ofResponse(
                [bytes[..<position], bytes[position...]], to: method(row), closes: row.closes)
            #expect(divided == whole, "divided at \(position)")
        }
    }

    @Test func `every violation but the settable limit is provoked by a row`() {
        let provoked = Set(WireTable.responses.map(\.verdict))
        for violation in ResponseViolation.allCases where violation != .bodyTooLarge {
            #expect(provoked.contains(violation.rawValue), "\(violation.rawValue)")
        }
        #expect(WireTable.responses.count >= 60)
        #expect(Set(WireTable.responses.map(\.name)).count == WireTable.responses.count)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcde",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nabcde",
    ])
    func `a limit set for the content holds for each framing`(text: String) throws {
        for (limit, refused) in [(4, true), (5, false)] {
            var decoder = ResponseDecoder(requestMethod: .get)
            decoder.bodyLimit = limit
            let bytes = latin1(text)
            var offset = 0
            var violation: ResponseViolation?
            do {
                while case .some(let event) = try Optional(decoder.next(bytes.span, &offset)) {
                    if case .needMore = event { break }
                    if case .end = event { break }
                }
            } catch {
                violation = error
            }
            #expect(violation == (refused ? .bodyTooLarge : nil))
        }
    }

    @Test func `a decoder that refused once refuses for ever`() throws {
        let head = latin1("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na")
        var decoder = ResponseDecoder(requestMethod: .get)
        var offset = 0
        for _ in 0..<3 { _ = try decoder.next(head.span, &offset) }
        for text in ["b", "\r\n0\r\n\r\n"] {
            offset = 0
            #expect(throws: ResponseViolation.chunkDataUnterminated) {
                try decoder.next(latin1(text).span, &offset)
            }
        }
        #expect(throws: ResponseViolation.chunkDataUnterminated) { try decoder.finish() }
    }

    @Test func `what follows an answer is left in the input`() throws {
        let bytes = latin1("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\n\r\n")
        var decoder = ResponseDecoder(requestMethod: .get)
        var offset = 0
        var kinds: [String] = []
        for _ in 0..<4 {
            switch try decoder.next(bytes.span, &offset) {
            case .needMore: kinds.append("more")
            case .head: kinds.append("head")
            case .body: kinds.append("body")
            case .end: kinds.append("end")
            }
        }
        #expect(kinds == ["head", "body", "end", "end"])
        #expect(bytes.count - offset == 19)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: a, Close\r\n\r\n", false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n", true),
        ("HTTP/1.1 200 OK\r\n\r\n", false),
    ])
    func `whether the connection persists follows from version, option and framing`(
        text: String, persistent: Bool
    ) throws {
        var decoder = ResponseDecoder(requestMethod: .get)
        var offset = 0
        guard case .head(let head) = try decoder.next(latin1(text).span, &offset) else {
            Issue.record("no head")
            return
        }
        #expect(head.persistent == persistent)
    }
}
