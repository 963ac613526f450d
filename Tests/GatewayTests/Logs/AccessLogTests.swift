import Foundation
import Testing

@testable import Gateway

@Suite("Access log") struct AccessLogTests {
    @Test func `a request is one line with every member in order`() {
        var entry = AccessLogEntry(timeMilliseconds: 951_782_400_120, requestID: .example)
        entry.clientAddress = "192.0.2.7"
        entry.server = "tickets"
        entry.method = "POST"
        entry.path = .bytes(Array("/tickets/mcp".utf8)[...])
        entry.mcpMethod = "tools/call"
        entry.mcpTarget = "create_ticket"
        entry.subject = "local:lee"
        entry.clientID = "c1"
        entry.decision = .forwarded
        entry.reason = "allow"
        entry.status = 200
        entry.upstreamStatus = 200
        entry.bytesIn = 290
        entry.bytesOut = 1_048_576
        entry.durationMicroseconds = 731
        #expect(
            entry.line == """
                {"time":"2000-02-29T00:00:00.120Z","request_id":"00000000012000000003",\
                "client":"192.0.2.7","server":"tickets","method":"POST","path":"/tickets/mcp",\
                "mcp_method":"tools/call","mcp_target":"create_ticket","subject":"local:lee",\
                "client_id":"c1","decision":"forwarded","reason":"allow","status":200,\
                "upstream_status":200,"bytes_in":290,"bytes_out":1048576,"duration_us":731}

                """)
    }

    @Test func `what is not known is left out`() {
        let entry = AccessLogEntry(timeMilliseconds: 0, requestID: .example)
        #expect(
            entry.line == """
                {"time":"1970-01-01T00:00:00.000Z","request_id":"00000000012000000003",\
                "bytes_in":0,"bytes_out":0,"duration_us":0}

                """)
    }

    @Test(arguments: HostileText.all, textMembers)
    func `no text breaks or forges a line`(_ text: HostileText, _ member: TextMember) throws {
        var entry = AccessLogEntry(timeMilliseconds: 0, requestID: .example)
        entry.decision = .refused
        var forms: [LogText] = [.bytes(text.bytes[...])]
        if let string = String(validating: text.bytes, as: UTF8.self) {
            forms.append(.string(string))
        }
        for form in forms {
            entry[keyPath: member.path] = form
            let line = entry.line
            expectOneCleanLine(line)
            let object = try decodedObject(line)
            #expect(object[member.name] as? String == text.decoded)
            #expect(object["decision"] as? String == "refused")
            #expect(object.count == 7)
            #expect(line.components(separatedBy: "\"decision\":").count == 2)
        }
    }

    @Test(arguments: [
        "/mcp?access_token=secret", "/mcp?", "/mcp#access_token=secret", "/mcp?a#b",
    ])
    func `a query never reaches the log`(_ path: String) throws {
        var entry = AccessLogEntry(timeMilliseconds: 0, requestID: .example)
        entry.path = .string(path)
        #expect(try decodedObject(entry.line)["path"] as? String == "/mcp")
    }

    @Test(arguments: [
        (String(repeating: "a", count: 256), 256, false),
        (String(repeating: "a", count: 257), 253, true),
        (String(repeating: "a", count: 252) + "éaaaa", 252, true),
        (String(repeating: "a", count: 251) + "éaaaa", 253, true),
        (String(repeating: "a", count: 251) + "€aaaa", 251, true),
        (String(repeating: "a", count: 250) + "€aaaa", 253, true),
        (String(repeating: "a", count: 250) + "😀aaaa", 250, true),
        (String(repeating: "a", count: 249) + "😀aaaa", 253, true),
        (String(repeating: "é", count: 128), 256, false),
        (String(repeating: "é", count: 4096), 252, true),
        (String(repeating: "\n", count: 4096), 253, true),
    ])
    func `long text is cut between characters`(_ text: String, _ kept: Int, _ isCut: Bool) throws {
        for member in textMembers {
            var entry = AccessLogEntry(timeMilliseconds: 0, requestID: .example)
            entry[keyPath: member.path] = .string(text)
            let decoded = try #require(try decodedObject(entry.line)[member.name] as? String)
            let expected = String(decoding: text.utf8.prefix(kept), as: UTF8.self)
            #expect(decoded == expected + (isCut ? "…" : ""))
            #expect(decoded.utf8.count <= LogEncoding.textLimit)
        }
    }

    @Test func `long bytes that are not text are cut too`() throws {
        var entry = AccessLogEntry(timeMilliseconds: 0, requestID: .example)
        entry.path = .bytes([UInt8](repeating: 0xBF, count: 5000)[...])
        let decoded = try #require(try decodedObject(entry.line)["path"] as? String)
        #expect(decoded == String(repeating: "\\xbf", count: 253) + "…")
    }

    @Test(arguments: ["\u{1B}", "\u{85}", "\u{202E}", "\u{E0041}", "\""])
    func `the longest line has room`(_ scalar: String) throws {
        let text = String(repeating: scalar, count: LogEncoding.textLimit)
        var entry = AccessLogEntry(timeMilliseconds: .min, requestID: .example)
        for member in textMembers { entry[keyPath: member.path] = .string(text) }
        entry.decision = .forwarded
        entry.status = .min
        entry.upstreamStatus = .min
        entry.bytesIn = .min
        entry.bytesOut = .min
        entry.durationMicroseconds = .min
        let line = entry.line
        #expect(line.utf8.count <= AccessLogFormatter.lineLimit)
        #expect(try decodedObject(line).count == 17)
    }

    @Test(arguments: [
        (0, "0"), (9, "9"), (10, "10"), (-1, "-1"), (Int.max, "9223372036854775807"),
        (Int.min, "-9223372036854775808"),
    ])
    func `an integer has its digits`(_ number: Int, _ digits: String) {
        var bytes: [UInt8] = []
        LogEncoding.append(number, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == digits)
    }
}

/// A member of an entry that holds text of a peer.
struct TextMember: Sendable, CustomTestStringConvertible {
    let name: String
    let path: any WritableKeyPath<AccessLogEntry, LogText?> & Sendable

    var testDescription: String { name }
}

private let textMembers = [
    TextMember(name: "client", path: \.clientAddress),
    TextMember(name: "server", path: \.server),
    TextMember(name: "method", path: \.method),
    TextMember(name: "path", path: \.path),
    TextMember(name: "mcp_method", path: \.mcpMethod),
    TextMember(name: "mcp_target", path: \.mcpTarget),
    TextMember(name: "subject", path: \.subject),
    TextMember(name: "client_id", path: \.clientID),
    TextMember(name: "reason", path: \.reason),
]

extension AccessLogEntry {
    fileprivate var line: String {
        var formatter = AccessLogFormatter()
        var bytes: [UInt8] = []
        formatter.append(self, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension RequestIdentifier {
    fileprivate static let example = RequestIdentifier(prefix: 64, sequence: 3)
}
