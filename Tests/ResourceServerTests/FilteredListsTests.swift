import MCP
import Testing

@testable import ResourceServer

@Suite struct FilteredListsTests {
    private static let padding = String(repeating: "words ", count: 400)

    private static let tools =
        #""tools":[{"name":"search","description":"\#(padding)"},{"name":"create_ticket"},"#
        + #"{"name":"\u0067et_x"},{"name":"other"}]"#
    private static let shown =
        #""tools":[{"name":"search","description":"\#(padding)"},{"name":"\u0067et_x"}]"#

    private static func message(_ result: String, id: String, idLast: Bool = false) -> String {
        idLast
            ? #"{"jsonrpc":"2.0","result":{\#(result)}, "id":\#(id)}"#
            : #"{"jsonrpc":"2.0","id":\#(id),"result":{\#(result)}}"#
    }

    private static let modern = ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/list"]
    private static let meta =
        #","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","#
        + #""io.modelcontextprotocol/clientCapabilities":{}}}"#

    /// What becomes of an answer to a request with the id: the same when it comes anew, again, and
    /// once it may be kept.
    private static func answer(
        _ test: TestServer, _ content: String, id: String, scope: String = "tickets:read",
        method: String = "tools/list", modern isModern: Bool = false,
        at now: Int64 = TestServer.now
    ) throws -> String {
        let outcomes = try (0..<3).map { _ in
            try once(
                test, content, id: id, scope: scope, method: method, modern: isModern, at: now)
        }
        #expect(Set(outcomes).count == 1)
        return outcomes[0]
    }

    private static func once(
        _ test: TestServer, _ content: String, id: String, scope: String = "tickets:read",
        method: String = "tools/list", modern isModern: Bool = false,
        at now: Int64 = TestServer.now
    ) throws -> String {
        let outcome = try test.outcome(
            token: test.token(scope: scope), isModern ? modern : [],
            body: #"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)"\#(isModern ? meta : "")}"#,
            at: now)
        return switch try #require(outcome.forwarded).filter.judge(content: Array(content.utf8)) {
        case .unchanged: content
        case .replaced(let bytes): String(decoding: bytes, as: UTF8.self)
        case .dropped: "dropped"
        case .refused: "refused"
        }
    }

    private static func isKept(
        _ test: TestServer, _ content: String, id: String, shown: ScopeMask? = nil
    ) throws -> Bool {
        let scopes = try test.verify(test.token()).effectiveScopes
        return test.server.filteredLists.known(
            Array(content.utf8), id: Array(id.utf8)[...],
            under: .init(kind: .tools, era: .legacy, shown: shown ?? scopes.granted)) != nil
    }

    @Test(arguments: [false, true])
    func `the same list is the same to the next request, with its id`(idLast: Bool) throws {
        let test = try TestServer()
        for id in ["7", "8", #""a-longer-id""#, "-1", #""\u0061""#] {
            let content = Self.message(Self.tools, id: id, idLast: idLast)
            let expected = Self.message(Self.shown, id: id, idLast: idLast)
            #expect(try Self.answer(test, content, id: id) == expected)
            // Kept once, each is known again whatever its id.
            #expect(try Self.isKept(test, content, id: id))
        }
    }

    @Test func `a list is kept when it comes again, and one that differs each time is not`() throws
    {
        let test = try TestServer()
        let content = Self.message(Self.tools, id: "7")
        _ = try Self.once(test, content, id: "7")
        #expect(try !Self.isKept(test, content, id: "7"))
        for number in 0..<FilteredLists.onceLimit - 1 {
            let other = Self.message(Self.tools + #","nextCursor":"\#(number)""#, id: "7")
            _ = try Self.once(test, other, id: "7")
            #expect(try !Self.isKept(test, other, id: "7"))
        }
        let again = Self.message(Self.tools, id: "8")
        _ = try Self.once(test, again, id: "8")
        #expect(try Self.isKept(test, again, id: "8"))
    }

    @Test func `what came once is forgotten after enough others`() throws {
        let test = try TestServer()
        let content = Self.message(Self.tools, id: "7")
        _ = try Self.once(test, content, id: "7")
        for number in 0..<FilteredLists.onceLimit {
            _ = try Self.once(
                test, Self.message(Self.tools + #","nextCursor":"\#(number)""#, id: "7"), id: "7")
        }
        _ = try Self.once(test, content, id: "7")
        #expect(try !Self.isKept(test, content, id: "7"))
    }

    @Test func `a list of which nothing is hidden stays itself`() throws {
        let test = try TestServer()
        for id in ["7", "8"] {
            let content = Self.message(Self.shown, id: id)
            #expect(try Self.answer(test, content, id: id) == content)
            #expect(try Self.isKept(test, content, id: id))
        }
    }

    @Test func `an answer to another request is refused, though its list is known`() throws {
        let test = try TestServer()
        let content = Self.message(Self.tools, id: "7")
        _ = try Self.answer(test, content, id: "7")
        for id in ["8", "77", #""7""#] {
            #expect(try Self.answer(test, content, id: id) == "refused")
        }
    }

    @Test func `other scopes see other parts of the same list`() throws {
        let test = try TestServer()
        let content = Self.message(Self.tools, id: "7")
        _ = try Self.answer(test, content, id: "7")
        let more = try Self.answer(test, content, id: "7", scope: "tickets:write")
        #expect(more.contains("create_ticket"))
        #expect(try !Self.answer(test, content, id: "7").contains("create_ticket"))
        let none = try Self.answer(test, content, id: "7", scope: "unknown")
        #expect(none == Self.message(#""tools":[]"#, id: "7"))
    }

    @Test func `where observing ends the same list is filtered`() throws {
        let end = TestServer.now + 100
        let test = try TestServer(observation: ObservationPeriod(endsAt: end))
        let content = Self.message(Self.tools, id: "7")
        #expect(try Self.answer(test, content, id: "7") == content)
        #expect(
            try Self.answer(test, content, id: "7", at: end + 1).contains("create_ticket") == false)
        #expect(try Self.answer(test, content, id: "7") == content)
    }

    @Test func `the eras keep their lists apart`() throws {
        let test = try TestServer()
        let result = Self.tools + #","cacheScope":"public","ttlMs":1000"#
        let content = Self.message(result, id: "7")
        _ = try Self.answer(test, content, id: "7")
        for id in ["7", "8"] {
            let modern = try Self.answer(
                test, Self.message(result, id: id), id: id, modern: true)
            #expect(
                modern
                    == Self.message(
                        Self.shown + #","cacheScope":"private","ttlMs":1000"#, id: id))
        }
    }

    @Test func `a list that was kept teaches schemas again`() throws {
        let test = try TestServer()
        let result =
            #""ttlMs":60000,"tools":[\#(ToolSchemasTests.tool("search", mirrors: "Region")),"#
            + #"{"name":"other","description":"\#(Self.padding)"}]"#
        for id in ["7", "8"] {
            test.server.toolSchemas.invalidate()
            _ = try Self.answer(test, Self.message(result, id: id), id: id, modern: true)
            let knowledge = test.server.toolSchemas.knowledge(
                of: Array("search".utf8)[...], hasFields: true)
            guard case .annotated = knowledge else {
                Issue.record("id \(id): \(knowledge)")
                continue
            }
        }
    }

    @Test func `one byte more, less or other is another list`() throws {
        let test = try TestServer()
        let content = Array(Self.message(Self.tools, id: "7").utf8)
        _ = try Self.answer(test, String(decoding: content, as: UTF8.self), id: "7")
        for place in stride(from: 0, to: content.count, by: 7) {
            var changed = content
            changed[place] ^= 1
            #expect(
                try !Self.isKept(test, String(decoding: changed, as: UTF8.self), id: "7"))
            changed = content
            changed.remove(at: place)
            #expect(
                try !Self.isKept(test, String(decoding: changed, as: UTF8.self), id: "7"))
        }
    }

    @Test(arguments: [
        #""_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t"}}"#, #""taskId":"t""#,
        #""task":{"taskId":"t"}"#,
    ])
    func `what says anything of tasks is not kept`(member: String) throws {
        let test = try TestServer()
        let content = Self.message(Self.tools + "," + member, id: "7")
        _ = try Self.answer(test, content, id: "7")
        #expect(try !Self.isKept(test, content, id: "7"))
    }

    @Test(arguments: ["ping", "prompts/list", "resources/list"])
    func `only a list that was asked for is kept`(method: String) throws {
        let test = try TestServer()
        let content = Self.message(
            Self.tools + #","prompts":[],"resources":[],"content":[]"#, id: "7")
        _ = try Self.answer(test, content, id: "7", method: method)
        #expect(try !Self.isKept(test, content, id: "7"))
    }

    @Test func `short lists are not kept, and of many only those that were used last`() throws {
        let test = try TestServer()
        let short = Self.message(#""tools":[{"name":"other"}]"#, id: "7")
        _ = try Self.answer(test, short, id: "7")
        #expect(try !Self.isKept(test, short, id: "7"))
        let lists = (0...FilteredLists.countLimit).map {
            Self.message(Self.tools + #","nextCursor":"\#($0)""#, id: "7")
        }
        for list in lists.dropLast() { _ = try Self.answer(test, list, id: "7") }
        #expect(try Self.isKept(test, lists[0], id: "7"))
        _ = try Self.answer(test, lists[FilteredLists.countLimit], id: "7")
        #expect(try Self.isKept(test, lists[0], id: "7"))
        #expect(try !Self.isKept(test, lists[1], id: "7"))
    }

    @Test func `no more is kept than the limit`() throws {
        let test = try TestServer()
        let large = String(repeating: "x", count: FilteredLists.sizeLimit / 4)
        let lists = (0..<3).map {
            Self.message(
                #""tools":[{"name":"search","x":"\#(large)\#($0)"},{"name":"o"}]"#, id: "7")
        }
        for list in lists { _ = try Self.answer(test, list, id: "7") }
        #expect(try lists.map { try Self.isKept(test, $0, id: "7") } == [false, false, true])
        let larger = Self.message(
            #""tools":[{"name":"search","x":"\#(large)\#(large)\#(large)"},{"name":"o"}]"#, id: "7")
        _ = try Self.answer(test, larger, id: "7")
        #expect(try !Self.isKept(test, larger, id: "7"))
        #expect(try Self.isKept(test, lists[2], id: "7"))
    }

    @Test func `the list of an event is known again, and its fields stay`() throws {
        let test = try TestServer()
        for id in ["7", "8"] {
            let outcome = try test.outcome(
                token: test.token(),
                body: #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/list"}"#)
            var parser = EventStreamParser()
            var offset = 0
            let text = "id: e\(id)\ndata: \(Self.message(Self.tools, id: id))\n\n"
            let event = try #require(
                try unsafe Array(text.utf8).withUnsafeBytes { try unsafe parser.next($0, &offset) })
            guard
                case .replaced(let bytes) = try #require(outcome.forwarded).filter
                    .judge(event: event)
            else {
                Issue.record("nothing was taken out")
                return
            }
            #expect(
                String(decoding: bytes, as: UTF8.self)
                    == "id: e\(id)\ndata: \(Self.message(Self.shown, id: id))\n\n")
        }
    }
}
