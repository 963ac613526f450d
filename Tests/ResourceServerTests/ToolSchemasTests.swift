import JSON
import MCP
import Synchronization
import Testing

@testable import ResourceServer

/// A clock that stands until it is moved, in nanoseconds.
final class ManualClock: Sendable {
    private let time = Atomic<UInt64>(1_000_000_000_000)

    var now: @Sendable () -> UInt64 { { [self] in time.load(ordering: .relaxed) } }

    func advance(milliseconds: UInt64) { time.add(milliseconds * 1_000_000, ordering: .relaxed) }
}

/// Counts who was woken.
final class Wakings: Sendable {
    private let total = Atomic(0)

    var count: Int { total.load(ordering: .relaxed) }
    var wake: @Sendable () -> Void { { [self] in total.add(1, ordering: .relaxed) } }
}

@Suite struct ToolSchemasTests {
    private let clock = ManualClock()
    private let schemas: ToolSchemas
    private let woken = Wakings()

    init() { schemas = ToolSchemas(clock: clock.now) }

    static func tool(_ name: String, mirrors field: String?) -> String {
        let annotation = field.map { #","x-mcp-header":"\#($0)""# } ?? ""
        return #"{"name":"\#(name)","inputSchema":{"properties":{"region":{"type":"string""#
            + #"\#(annotation)}}}}"#
    }

    static func list(_ tools: [String], ttl: Int? = 60_000) throws -> ListResult {
        let member = ttl.map { #","ttlMs":\#($0)"# } ?? ""
        let text =
            #"{"jsonrpc":"2.0","id":1,"result":{"tools":[\#(tools.joined(separator: ","))]"#
            + #"\#(member)}}"#
        let message = try Message(parsing: Array(text.utf8), from: .server)
        return try #require(try ListResult(in: message, answering: .toolsList))
    }

    static func tools(_ tools: [String], ttl: Int? = 60_000) throws -> AnnotatedTools {
        var result = AnnotatedTools()
        result.add(try list(tools, ttl: ttl))
        return result
    }

    private func known(_ tool: String, hasFields: Bool = true) -> String {
        switch schemas.knowledge(of: Array(tool.utf8)[...], hasFields: hasFields) {
        case .annotated(let headers): headers.parameters.map(\.fieldName).joined()
        case .plain: "plain"
        case .stale: "stale"
        case .unavailable: "unavailable"
        }
    }

    private func wait(_ tool: String = "a", hasFields: Bool = true) -> ToolSchemas.Wait {
        schemas.wait(for: Array(tool.utf8)[...], hasFields: hasFields, wake: woken.wake)
    }

    /// Asks for the list and gets it.
    private func ask(_ tools: [String], ttl: Int? = 60_000) throws {
        guard case .ask(let generation) = wait() else {
            Issue.record("somebody asks already")
            return
        }
        schemas.finish(.listed(try Self.tools(tools, ttl: ttl)), of: generation)
    }

    @Test func `of a tool that nobody listed the list is asked for, if there are fields`() {
        #expect(known("a") == "stale")
        #expect(known("a", hasFields: false) == "plain")
    }

    @Test func `a list that passed shows what a tool has, and not what it has not`() throws {
        schemas.learn(
            try Self.list([Self.tool("a", mirrors: "Region"), Self.tool("b", mirrors: nil)]))
        #expect(known("a") == "Mcp-Param-Region")
        #expect(known("a", hasFields: false) == "Mcp-Param-Region")
        #expect(known("b") == "stale")
        #expect(known("b", hasFields: false) == "plain")
    }

    @Test func `a list that was asked for shows both`() throws {
        try ask([Self.tool("a", mirrors: "Region"), Self.tool("b", mirrors: nil)])
        #expect(known("a") == "Mcp-Param-Region")
        #expect(known("b") == "plain")
        #expect(known("never listed") == "plain")
        #expect(wait("b") == .settled)
        #expect(woken.count == 1)
    }

    @Test func `a later list changes what an earlier one showed`() throws {
        schemas.learn(try Self.list([Self.tool("a", mirrors: "Region")]))
        schemas.learn(try Self.list([Self.tool("a", mirrors: "Zone")]))
        #expect(known("a") == "Mcp-Param-Zone")
        schemas.learn(try Self.list([Self.tool("a", mirrors: nil)]))
        #expect(known("a") == "stale")
        #expect(known("a", hasFields: false) == "plain")
    }

    @Test func `what one caller was shown is not forgotten for another's list`() throws {
        schemas.learn(try Self.list([Self.tool("a", mirrors: "Region")]))
        schemas.learn(try Self.list([Self.tool("b", mirrors: nil)]))
        #expect(known("a") == "Mcp-Param-Region")
        guard case .ask(let generation) = wait("b") else { throw Unexpected() }
        schemas.finish(.listed(try Self.tools([Self.tool("b", mirrors: nil)])), of: generation)
        #expect(known("a") == "Mcp-Param-Region")
    }

    struct Unexpected: Error {}

    @Test(arguments: [
        (60_000, 60_000), (0, 1000), (nil, 1000), (-5, 1000), (999, 1000), (1001, 1001),
        (7_200_000, 3_600_000), (Int.max, 3_600_000),
    ])
    func `a list is relied on for its time to live, within bounds`(
        _ ttl: Int?, _ milliseconds: Int
    ) throws {
        try ask([Self.tool("a", mirrors: "Region")], ttl: ttl)
        clock.advance(milliseconds: UInt64(milliseconds - 1))
        #expect(known("a") == "Mcp-Param-Region")
        #expect(known("b") == "plain")
        clock.advance(milliseconds: 1)
        #expect(known("a") == "stale")
        #expect(known("b") == "stale")
        #expect(known("b", hasFields: false) == "plain")
    }

    @Test func `a tool that had fields is asked for again even if a request has none`() throws {
        schemas.learn(try Self.list([Self.tool("a", mirrors: "Region")]))
        clock.advance(milliseconds: 60_000)
        #expect(known("a", hasFields: false) == "stale")
        try ask([Self.tool("b", mirrors: nil)])
        #expect(known("a", hasFields: false) == "plain")
    }

    @Test func `whoever comes while the list is asked for waits for the same one`() throws {
        guard case .ask(let generation) = wait() else { throw Unexpected() }
        for _ in 0..<49 { #expect(wait() == .underWay) }
        #expect(woken.count == 0)
        schemas.finish(.listed(try Self.tools([])), of: generation)
        #expect(woken.count == 50)
        #expect(wait() == .settled)
        clock.advance(milliseconds: 60_000)
        #expect(wait() == .ask(generation))
        #expect(woken.count == 50)
    }

    @Test func `no more wait than may`() {
        #expect(wait() == .ask(0))
        for _ in 1..<ToolSchemas.waiterLimit { #expect(wait() == .underWay) }
        #expect(wait() == .refused)
    }

    @Test func `an upstream that gave no list is not asked again at once`() throws {
        guard case .ask(let generation) = wait() else { throw Unexpected() }
        schemas.finish(.failed(.silent), of: generation)
        #expect(woken.count == 1)
        #expect(known("a") == "unavailable")
        #expect(known("a", hasFields: false) == "plain")
        #expect(wait() == .settled)
        clock.advance(milliseconds: 4999)
        #expect(known("a") == "unavailable")
        clock.advance(milliseconds: 1)
        #expect(known("a") == "stale")
    }

    @Test func `a list that passes ends a failure for the tools in it`() throws {
        guard case .ask(let generation) = wait() else { throw Unexpected() }
        schemas.finish(.failed(.silent), of: generation)
        schemas.learn(try Self.list([Self.tool("a", mirrors: "Region")]))
        #expect(known("a") == "Mcp-Param-Region")
        #expect(known("b") == "unavailable")
    }

    @Test func `an announced change makes everything stale`() throws {
        try ask([Self.tool("a", mirrors: "Region")])
        schemas.invalidate()
        #expect(known("a") == "stale")
        #expect(known("a", hasFields: false) == "stale")
        #expect(known("b") == "stale")
        try ask([Self.tool("a", mirrors: "Zone")])
        #expect(known("a") == "Mcp-Param-Zone")
    }

    @Test func `a change that is announced while the list is asked for makes it stale`() throws {
        guard case .ask(let generation) = wait() else { throw Unexpected() }
        schemas.invalidate()
        schemas.finish(
            .listed(try Self.tools([Self.tool("a", mirrors: "Region")])), of: generation)
        #expect(woken.count == 1)
        #expect(known("a") == "stale")
        #expect(known("b") == "stale")
        #expect(wait() == .ask(generation + 1))
    }

    @Test func `more annotated tools than are kept are no list`() throws {
        let tools = (0...ToolSchemas.toolLimit).map { Self.tool("t\($0)", mirrors: "Region") }
        schemas.learn(try Self.list(tools))
        #expect(known("t1") == "stale")
        try ask(tools)
        #expect(known("t1") == "unavailable")
        #expect(known("other") == "unavailable")
    }

    @Test func `what was kept of other lists gives way to a new one`() throws {
        for start in [0, ToolSchemas.toolLimit] {
            schemas.learn(
                try Self.list(
                    (start..<start + ToolSchemas.toolLimit)
                        .map { Self.tool("t\($0)", mirrors: "Region") }))
        }
        #expect(known("t0") == "stale")
        #expect(known("t\(ToolSchemas.toolLimit)") == "Mcp-Param-Region")
    }

    @Test func `annotations of more bytes than are kept are no list`() throws {
        let long = String(repeating: "n", count: ToolSchemas.sizeLimit / 10)
        let tools = (0..<10).map { Self.tool("\($0)\(long)", mirrors: "Region") }
        try ask(tools)
        #expect(known("a") == "unavailable")
        try #require(known("a") == "unavailable")
        clock.advance(milliseconds: 5000)
        try ask(Array(tools.prefix(9)))
        #expect(known("a") == "plain")
    }

    @Test func `servers with one upstream share what is known, until it is gone`() {
        let cache = ToolSchemaCache()
        let (first, second) = (TestDigest.of("a"), TestDigest.of("b"))
        let schemas = cache.schemas(of: first)
        #expect(cache.schemas(of: first) === schemas)
        #expect(cache.schemas(of: second) !== schemas)
        cache.keepOnly([first])
        #expect(cache.schemas(of: first) === schemas)
        cache.keepOnly([second])
        #expect(cache.schemas(of: first) !== schemas)
    }
}

extension ToolSchemas {
    /// Learns from a page that passes.
    func learn(_ list: ListResult) { learn(AnnotatedTools(of: list)) }
}
