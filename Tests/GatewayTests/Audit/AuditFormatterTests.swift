import Foundation
import ResourceServer
import Testing

@testable import Gateway

@Suite struct AuditFormatterTests {
    private static func line(_ entry: borrowing AuditEntry) -> String {
        var formatter = AuditFormatter(chain: "AbCdEfGhIjKl")
        var bytes: [UInt8] = []
        formatter.append(entry, sequence: 7, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a decision is one line with its members in order`() {
        var generator = RequestIdentifierGenerator()
        var entry = AuditEntry(timeMilliseconds: 1_800_000_000_120, event: .decision)
        let id = generator.next()
        entry.requestID = id
        entry.clientAddress = "10.0.0.9"
        entry.principal = LogEncoding.members(
            of: Principal(
                issuer: "https://mcp.example.com", subject: "local:abc", clientID: "client"))
        entry.server = "tickets"
        entry.method = "tools/call"
        entry.target = "get_one"
        entry.decision = "allow"
        entry.rule = "tools:get_*"
        entry.scope = "tickets:read"
        entry.grantID = "g"
        entry.isObserved = true
        entry.reason = "because"
        entry.status = 200
        entry.upstreamStatus = 202
        entry.latencyMicroseconds = 1234
        #expect(
            Self.line(entry)
                == #"{"chain":"AbCdEfGhIjKl","seq":7,"time":"2027-01-15T08:00:00.120Z","event":"decision","#
                + #""request_id":"\#(id)","client":"10.0.0.9","issuer":"https://mcp.example.com","subject":"local:abc","#
                + #""client_id":"client","server":"tickets","method":"tools/call","target":"get_one","decision":"allow","#
                + #""rule":"tools:get_*","scope":"tickets:read","grant_id":"g","observed":true,"reason":"because","#
                + #""status":200,"upstream_status":202,"latency_us":1234}"# + "\n")
    }

    @Test func `hostile text stays on its line and fits into a message of the system's log`() throws
    {
        let hostile = String(repeating: "\n\"\u{202E}{\"chain\":\"x\"}", count: 400)
        var entry = AuditEntry(timeMilliseconds: 0, event: .decision)
        entry.target = .string(hostile)
        entry.principal = LogEncoding.members(
            of: Principal(issuer: hostile, subject: hostile, clientID: hostile))
        entry.reason = hostile
        let line = Self.line(entry)
        #expect(line.utf8.filter { $0 == 0x0A }.count == 1 && line.hasSuffix("}\n"))
        #expect(line.utf8.count < 8192)
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["chain"] as? String == "AbCdEfGhIjKl")
    }

    @Test func `an administrator's event survives its way over the control socket`() throws {
        for action in AdministratorEvent.Action.allCases {
            var event = AdministratorEvent(action)
            event.stage = .failed
            event.userName = "lee \"x\""
            event.grantID = "g"
            event.reason = "because\n"
            event.sudoUser = "morgan"
            #expect(try #require(AdministratorEvent(parsing: event.json)) == event)
        }
        for text in ["", "[]", "{}", #"{"action":"reboot","stage":"done","unix_user":"x"}"#] {
            #expect(AdministratorEvent(parsing: Array(text.utf8)) == nil)
        }
    }
}
