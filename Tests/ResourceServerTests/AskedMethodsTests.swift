import MCP
import Testing

@testable import ResourceServer

@Suite struct AskedMethodsTests {
    private static func event(_ data: String) throws -> EventStreamEvent {
        var parser = EventStreamParser()
        var offset = 0
        let bytes = Array("data: \(data)\n\n".utf8)
        return try #require(
            try unsafe bytes.withUnsafeBytes { try unsafe parser.next($0, &offset) })
    }

    @Test func `a method is taken once`() {
        let asked = AskedMethods()
        asked.insert(.toolsList, for: .integer(1))
        asked.insert(.toolsCall, for: .string("1"))
        #expect(asked.take(.integer(2)) == nil)
        #expect(asked.take(.integer(1)) == .toolsList)
        #expect(asked.take(.integer(1)) == nil)
        #expect(asked.take(.string("1")) == .toolsCall)
    }

    @Test func `what would not fit is not remembered`() {
        let asked = AskedMethods()
        asked.insert(.ping, for: .string(String(repeating: "x", count: AskedMethods.idLimit + 1)))
        asked.insert(.ping, for: .string(String(repeating: "x", count: AskedMethods.idLimit)))
        #expect(asked.take(.string(String(repeating: "x", count: AskedMethods.idLimit + 1))) == nil)
        #expect(asked.take(.string(String(repeating: "x", count: AskedMethods.idLimit))) == .ping)
        for number in 0...Int64(AskedMethods.limit) { asked.insert(.ping, for: .integer(number)) }
        #expect(asked.take(.integer(0)) == nil)
        #expect(asked.take(.integer(Int64(AskedMethods.limit))) == .ping)
    }

    @Test func `a list that was asked for must be one, and is filtered by shape otherwise`() throws
    {
        let test = try TestServer()
        let filter = try #require(
            try test.outcome("GET", token: test.token()).forwarded?.filter)
        let asked = AskedMethods()
        filter.follow(asked, at: [1])
        let noList = try Self.event(#"{"jsonrpc":"2.0","id":1,"result":{"tool":[]}}"#)
        #expect(filter.judge(event: noList) == .unchanged)
        asked.insert(.toolsList, for: .integer(1))
        guard case .refused = filter.judge(event: noList) else {
            Issue.record("a list that cannot be understood was passed on")
            return
        }
        let list = #"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"delete_ticket"}]}}"#
        for method in [MCPMethod.toolsList, .toolsCall, nil] {
            if let method { asked.insert(method, for: .integer(1)) }
            #expect(
                filter.judge(event: try Self.event(list))
                    == .replaced(
                        Array(#"data: {"jsonrpc":"2.0","id":1,"result":{"tools":[]}}"#.utf8)
                            + [0x0A, 0x0A]))
        }
        asked.insert(.toolsList, for: .integer(1))
        let failure = try Self.event(#"{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":""}}"#)
        #expect(filter.judge(event: failure) == .unchanged)
        #expect(asked.take(.integer(1)) == nil)
    }
}
