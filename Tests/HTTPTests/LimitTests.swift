import HTTP
import Testing

@Suite struct LimitTests {
    private func verdict(_ text: String, _ change: (inout MessageLimits) -> Void) -> String {
        var limits = MessageLimits()
        change(&limits)
        let bytes = latin1(text)
        let whole = Reading.ofRequests([bytes[...]], limits: limits)
        let single = Reading.ofRequests(bytes.indices.map { bytes[$0...$0] }, limits: limits)
        #expect(whole.violation == single.violation)
        return whole.violation ?? "accept"
    }

    @Test func `the defaults are those of the configuration reference`() {
        let limits = MessageLimits()
        #expect(limits.startLine == 8_192 && limits.fieldLine == 8_192)
        #expect(limits.fields == 32_768 && limits.fieldCount == 100)
        #expect(limits.body == 4 * 1_024 * 1_024)
    }

    @Test(arguments: [(18, "startLineTooLong"), (19, "accept")])
    func `the start line may be as long as its limit`(limit: Int, expected: String) {
        let text = "GET /abcde HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(verdict(text) { $0.startLine = limit } == expected)
    }

    @Test(arguments: [(9, "fieldLineTooLong"), (10, "accept")])
    func `a field line may be as long as its limit`(limit: Int, expected: String) {
        let text = "GET / HTTP/1.1\r\nHost: abcd\r\n\r\n"
        #expect(verdict(text) { $0.fieldLine = limit } == expected)
    }

    @Test(arguments: [(17, "fieldsTooLarge"), (18, "accept")])
    func `the fields may be as large as their limit`(limit: Int, expected: String) {
        let text = "GET / HTTP/1.1\r\nHost: a\r\nX-A: bc\r\n\r\n"
        #expect(verdict(text) { $0.fields = limit } == expected)
    }

    @Test(arguments: [(1, "tooManyFields"), (2, "accept")])
    func `there may be as many fields as the limit`(limit: Int, expected: String) {
        let text = "GET / HTTP/1.1\r\nHost: a\r\nX-A: bc\r\n\r\n"
        #expect(verdict(text) { $0.fieldCount = limit } == expected)
    }

    @Test(
        arguments: [(4, "bodyTooLarge"), (5, "accept")],
        [
            "Content-Length: 5\r\n\r\nabcde",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        ])
    func `the content may be as large as its limit`(limit: (Int, String), rest: String) {
        let text = "POST / HTTP/1.1\r\nHost: a\r\n" + rest
        #expect(verdict(text) { $0.body = limit.0 } == limit.1)
    }

    @Test(arguments: [(3, "chunkLineTooLong"), (4, "accept")])
    func `a chunk line may be as long as its limit`(limit: Int, expected: String) {
        #expect(verdict(chunks("0;ab\r\n\r\n")) { $0.chunkLine = limit } == expected)
    }

    @Test(arguments: [(5, "chunkExtensionsTooLarge"), (6, "accept")])
    func `extensions may be as large together as their limit`(limit: Int, expected: String) {
        let text = chunks("1;ab\r\nx\r\n0;cd\r\n\r\n")
        #expect(verdict(text) { $0.chunkExtensions = limit } == expected)
    }

    @Test(arguments: [(15, "trailersTooLarge"), (16, "accept")])
    func `trailers may be as large as their limit`(limit: Int, expected: String) {
        let text = chunks("0\r\nX-A: b\r\nX-C: d\r\n\r\n")
        #expect(verdict(text) { $0.trailers = limit } == expected)
    }

    private func chunks(_ text: String) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + text
    }

    @Test func `a server's own limit replaces the general one after the head`() throws {
        let head = latin1("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n")
        for (limit, refused) in [(8, true), (9, false)] {
            var decoder = RequestDecoder()
            var offset = 0
            guard case .head = try decoder.next(head.span, &offset) else {
                Issue.record("no head")
                return
            }
            decoder.bodyLimit = limit
            // Nothing of the content has to come for the refusal.
            var violation: RequestViolation?
            do { _ = try decoder.next(head.span, &offset) } catch { violation = error }
            #expect(violation == (refused ? .bodyTooLarge : nil))
        }
    }

    @Test func `the limit of one server is forgotten with the next request`() throws {
        let request = latin1("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
        var decoder = RequestDecoder()
        for _ in 0..<2 {
            var offset = 0
            guard case .head = try decoder.next(request.span, &offset) else {
                Issue.record("no head")
                return
            }
            #expect(decoder.bodyLimit == MessageLimits().body)
            decoder.bodyLimit = 1
            _ = try decoder.next(request.span, &offset)
            guard case .end = try decoder.next(request.span, &offset) else {
                Issue.record("no end")
                return
            }
            #expect(decoder.isBetweenRequests)
        }
    }
}
