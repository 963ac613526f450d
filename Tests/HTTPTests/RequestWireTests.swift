import HTTP
import Testing

@Suite struct RequestWireTests {
    @Test(arguments: WireTable.requests)
    func `each row of the table has its verdict`(row: RequestRow) {
        let bytes = row.bytes
        let reading = Reading.ofRequests([bytes[...]])
        #expect(reading.violation ?? "accept" == row.verdict)
        if row.verdict == "accept" {
            #expect(reading.content == latin1(row.content ?? ""))
            #expect(reading.taken == bytes.count)
            #expect(!reading.ends.isEmpty && reading.ends.count == reading.heads.count)
        } else {
            #expect(RequestViolation(rawValue: row.verdict)?.status == row.status)
            #expect(!row.forwarded)
        }
    }

    @Test(arguments: WireTable.requests)
    func `bytes that come one by one read the same`(row: RequestRow) {
        let bytes = row.bytes
        let whole = Reading.ofRequests([bytes[...]])
        let single = Reading.ofRequests(bytes.indices.map { bytes[$0...$0] })
        #expect(single.heads == whole.heads)
        #expect(single.violation == whole.violation)
        #expect(single.ends == whole.ends)
        // What was relayed before a deviation may be less when more came at once, never something
        // else.
        #expect(whole.violation != nil || single.content == whole.content)
    }

    @Test(arguments: WireTable.requests)
    func `bytes that are divided anywhere read the same`(row: RequestRow) {
        let bytes = row.bytes
        let whole = Reading.ofRequests([bytes[...]])
        for position in WireTable.splits(of: bytes.count) {
            let divided = Reading.ofRequests([bytes[..<position], bytes[position...]])
            #expect(
                divided.heads == whole.heads && divided.violation == whole.violation
                    && divided.content == whole.content && divided.ends == whole.ends,
                "divided at \(position)")
        }
    }

    @Test func `every violation is provoked by a row`() {
        let provoked = Set(WireTable.requests.map(\.verdict))
        for violation in RequestViolation.allCases {
            #expect(provoked.contains(violation.rawValue), "\(violation.rawValue)")
        }
        #expect(provoked.count == RequestViolation.allCases.count + 1)
    }

    @Test func `the table is large enough and names each row once`() {
        #expect(WireTable.requests.count >= 160)
        #expect(Set(WireTable.requests.map(\.name)).count == WireTable.requests.count)
    }

    @Test func `each violation has a status and a description that may be sent`() {
        for violation in RequestViolation.allCases {
            #expect([400, 413, 414, 415, 417, 431, 501, 505].contains(violation.status))
            #expect(violation.description.utf8.allSatisfy { 0x20..<0x7F ~= $0 })
        }
        #expect(
            Set(RequestViolation.allCases.map(\.description)).count
                == RequestViolation.allCases.count)
    }

    @Test func `a decoder that refused once refuses for ever`() throws {
        let head = latin1("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na")
        var decoder = RequestDecoder()
        var offset = 0
        for _ in 0..<3 { _ = try decoder.next(head.span, &offset) }
        // The first piece goes on wrongly, the second one as if it had not.
        for text in ["b", "\r\n0\r\n\r\n"] {
            offset = 0
            #expect(throws: RequestViolation.chunkDataUnterminated) {
                try decoder.next(latin1(text).span, &offset)
            }
        }
    }

    @Test func `requests may follow each other without a pause`() {
        let first = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
        let second = "POST /b?c HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nxyz"
        let third =
            "POST /d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nz\r\n0\r\n\r\n"
        let reading = Reading.ofRequests([latin1(first + second + third + first)[...]])
        #expect(reading.violation == nil)
        #expect(reading.ends == [0, 3, 4, 4])
        #expect(reading.content == latin1("xyzz"))
    }
}
