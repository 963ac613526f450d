import HTTP
import JSON
import MCP
import Testing

@Suite struct AnnotatedToolsTests {
    static func list(_ result: String) throws -> ListResult {
        let text = #"{"jsonrpc":"2.0","id":1,"result":\#(result)}"#
        return try #require(try ListResult(in: message(text, from: .server), answering: .toolsList))
    }

    static let tool =
        #"{"name":"a","inputSchema":{"properties":{"region":\#(MirroredCall.string)}}}"#

    @Test func `tools of all pages are gathered, of which some have annotations`() throws {
        var tools = AnnotatedTools()
        tools.add(
            try Self.list(#"{"tools":[\#(Self.tool),{"name":"b","inputSchema":{}}],"ttlMs":5}"#))
        tools.add(try Self.list(#"{"tools":[{"name":"c"}],"ttlMs":7}"#))
        #expect(tools.headers.keys.map { text($0) } == ["a"])
        #expect(tools.names.map { text($0) } == ["a", "b", "c"])
        #expect(tools.timeToLive == 7)
        #expect(tools.size > 10)
    }

    @Test func `an annotation is found wherever its bytes lie and however they are written`() throws
    {
        for padding in 0..<17 {
            for name in ["x-mcp-header", #"x-mcp-heade\u0072"#, #"\u0078-mcp-header"#] {
                let space = String(repeating: " ", count: padding)
                var tools = AnnotatedTools()
                let annotation = #"\#(space)"type":"string","\#(name)":"R""#
                tools.add(
                    try Self.list(
                        #"{"tools":[{"name":"a","inputSchema":{"properties":{"p":{"#
                            + annotation + "}}}}]}"))
                #expect(tools.headers.count == 1, "\(padding) \(name)")
            }
        }
    }

    @Test(arguments: [
        ("", 0), (#","ttlMs":300000"#, 300_000), (#","ttlMs":-5"#, 0), (#","ttlMs":"5""#, 0),
        (#","ttlMs":1.5"#, 0), (#","ttlMs":null"#, 0),
        (#","ttlMs":99999999999999999999"#, 0), (#","ttlMs":9223372036854775807"#, 1 << 63 - 1),
    ])
    func `the time to live is a whole number that is not negative`(
        _ member: String, _ expected: UInt64
    ) throws {
        var tools = AnnotatedTools()
        tools.add(try Self.list(#"{"tools":[]\#(member)}"#))
        #expect(tools.timeToLive == expected)
    }

    @Test(arguments: [
        ("", NextPage.none), (#","nextCursor":null"#, .none),
        (#","nextCursor":"p\u00fc\"2""#, .cursor("pü\"2")), (#","nextCursor":""#, .cursor("")),
        (#","nextCursor":5"#, .unreadable),
    ])
    func `the next page is asked for with the cursor`(
        _ member: String, _ expected: NextPage
    ) throws {
        let member = member.hasSuffix(":\"") ? member + "\"" : member
        #expect(try Self.list(#"{"tools":[]\#(member)}"#).nextPage == expected)
    }

    @Test func `the gateway's own question is a request that it would let pass itself`() throws {
        let query = ToolListQuery(id: 3, cursor: "p\"2")
        var fields = Fields()
        for field in query.fields { fields.append(FieldName("\(field.name)"), field.value) }
        let question = try Message(parsing: query.body)
        let agreement = try RequestHeaderAgreement(of: fields, with: question)
        #expect(agreement.revision == .v2026_07_28)
        #expect(question.method == .toolsList)
        #expect(question.id == .integer(3))
        #expect(question.params?["cursor"]?.string == "p\"2")
        let first = try Message(parsing: ToolListQuery(id: 1, cursor: nil).body)
        #expect(first.params?["cursor"] == nil)
    }
}
