import HTTP
import Testing

@Suite struct EncoderTests {
    private func bytes(_ write: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        write(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a response is written as it is read`() throws {
        var out: [UInt8] = []
        out.appendStatusLine(401)
        out.appendField("Content-Type", "application/json" as StaticString)
        out.appendField("WWW-Authenticate", "Bearer scope=\"a\"")
        out.appendField("X-Bytes", latin1("b c")[...])
        out.appendField("Content-Length", 2)
        out.appendEndOfFields()
        out += latin1("{}")
        let reading = Reading.ofResponse([out[...]], to: .get, closes: false)
        #expect(reading.violation == nil && reading.content == latin1("{}"))
        #expect(
            String(decoding: out, as: UTF8.self)
                == "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n"
                + "WWW-Authenticate: Bearer scope=\"a\"\r\nX-Bytes: b c\r\nContent-Length: 2\r\n\r\n{}"
        )
    }

    @Test func `a request is written as it is read`() {
        var out: [UInt8] = []
        out.appendRequestLine(.post, "/mcp?a=b")
        out.appendField("Host", "127.0.0.1:9000")
        out.appendField("Transfer-Encoding", "chunked" as StaticString)
        out.appendEndOfFields()
        for chunk in ["abc", String(repeating: "d", count: 300)] {
            out.appendChunkHeader(chunk.utf8.count)
            out += Array(chunk.utf8)
            out.appendChunkEnd()
        }
        out.appendLastChunk()
        let reading = Reading.ofRequests([out[...]])
        #expect(reading.violation == nil)
        #expect(reading.content.count == 303 && reading.taken == out.count)
    }

    @Test(arguments: ["a\r\nX-B: c", "a\nb", "a\rb", "a\0b", "a\u{7F}b", "a\u{1B}b"])
    func `no value begins a line of its own`(value: String) {
        let text = bytes {
            $0.appendField("X-A", value)
            $0.appendField("X-A", Array(value.utf8))
            $0.appendRequestLine(.get, "/" + value)
        }
        #expect(text.utf8.count { $0 < 0x20 || $0 == 0x7F } == 6)
        #expect(text.split(separator: "\r\n").count == 3)
    }

    @Test func `a field that was read is written with its own spelling`() throws {
        var decoder = RequestDecoder()
        var offset = 0
        let input = latin1("GET / HTTP/1.1\r\nHost: a\r\nX-oDD:  b\tc \r\n\r\n")
        guard case .head(let head) = try decoder.next(input.span, &offset) else {
            Issue.record("no head")
            return
        }
        #expect(bytes { $0.appendField(head.fields[1]) } == "X-oDD: b\tc\r\n")
    }

    @Test(arguments: [
        (0, "0"), (7, "7"), (10, "10"), (4_194_304, "4194304"), (-12, "-12"),
        (Int.max, "9223372036854775807"), (Int.min, "-9223372036854775808"),
    ])
    func `numbers are decimal`(number: Int, text: String) {
        #expect(bytes { $0.appendDecimal(number) } == text)
    }

    @Test(arguments: [0, 1, 9, 10, 15, 16, 255, 256, 4_096, 0xFFFF_FFFF, Int.max])
    func `sizes are hexadecimal`(number: Int) {
        #expect(bytes { $0.appendHexadecimal(number) } == String(number, radix: 16))
    }

    // RFC 9110 §5.6.7 has the first; the others are ends of years, leap days and the ends of
    // calendars.
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_078_012_799, "Sat, 28 Feb 2004 23:59:59 GMT"),
        (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"),
        (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
    ])
    func `dates are IMF-fixdates`(seconds: Int, text: String) {
        #expect(bytes { $0.appendHTTPDate(seconds) } == text)
    }

    @Test func `statuses of violations and of the gateway have a reason`() {
        for status in [
            200, 202, 204, 302, 400, 401, 403, 404, 405, 406, 408, 421, 429, 500, 502, 503, 504,
        ] {
            #expect(ReasonPhrase.of(status).utf8CodeUnitCount > 0, "\(status)")
        }
        for violation in RequestViolation.allCases {
            #expect(ReasonPhrase.of(violation.status).utf8CodeUnitCount > 0)
        }
        #expect(bytes { $0.appendStatusLine(599) } == "HTTP/1.1 599 \r\n")
    }
}
