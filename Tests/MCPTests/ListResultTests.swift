import JSON
import MCP
import Testing

/// A list answer of a server, filtered.
func list(
    _ result: String, answering method: MCPMethod? = .toolsList
) throws -> ListResult? {
    let body = #"{"jsonrpc":"2.0","id":1,"result":\#(result)}"#
    return try ListResult(in: try message(body, from: .server), answering: method)
}

func filtered(
    _ result: String, keeping kept: Set<String>, answering method: MCPMethod? = .toolsList,
    for revision: ProtocolRevision = .v2025_11_25
) throws -> String? {
    let opening = #"{"jsonrpc":"2.0","id":1,"result":"#
    let list = try #require(try list(result, answering: method))
    guard let bytes = list.filtered(for: revision, keep: { kept.contains(text($0.name)) }) else {
        return nil
    }
    let written = text(bytes)
    #expect(written.hasPrefix(opening) && written.hasSuffix("}"))
    return String(written.dropFirst(opening.count).dropLast())
}

@Suite("List results") struct ListResultTests {
    @Test(
        arguments: [
            (#"{"tools":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#, "abc", nil),
            (
                #"{"tools":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#, "bc",
                #"{"tools":[{"name":"b"},{"name":"c"}]}"#
            ),
            (
                #"{"tools":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#, "ac",
                #"{"tools":[{"name":"a"},{"name":"c"}]}"#
            ),
            (
                #"{"tools":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#, "ab",
                #"{"tools":[{"name":"a"},{"name":"b"}]}"#
            ),
            (
                #"{"tools":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#, "b",
                #"{"tools":[{"name":"b"}]}"#
            ),
            (#"{"tools":[{"name":"a"},{"name":"b"}]}"#, "", #"{"tools":[]}"#),
            (#"{"tools":[],"nextCursor":"n"}"#, "", nil),
            (#"{"tools":[{"name":"a"}],"nextCursor":"n"}"#, "", #"{"tools":[],"nextCursor":"n"}"#),
            (
                #"{"nextCursor":"n","tools":[{"name":"a"}],"_meta":{"x":1.50}}"#, "",
                #"{"nextCursor":"n","tools":[],"_meta":{"x":1.50}}"#
            ),
            (
                #"{ "tools" : [ {"name":"a"} , { "n\u0061me" : "\u0062", "x":1e2 } ] }"#, "b",
                #"{ "tools" : [ { "n\u0061me" : "\u0062", "x":1e2 } ] }"#
            ),
            (#"{"tools":[{"inputSchema":{"properties":{"name":{}}},"name":"a"}]}"#, "a", nil),
        ] as [(String, String, String?)])
    func `what is not kept is gone and the rest is byte for byte`(
        _ before: String, _ kept: String, _ after: String?
    ) throws {
        #expect(try filtered(before, keeping: Set(kept.map(String.init))) == after)
    }

    @Test(
        arguments: [
            (
                MCPMethod.promptsList, #"{"prompts":[{"name":"a"},{"name":"b"}]}"#,
                #"{"prompts":[{"name":"b"}]}"#
            ),
            (
                .resourcesList, #"{"resources":[{"uri":"a","name":"b"},{"uri":"b","name":"a"}]}"#,
                #"{"resources":[{"uri":"b","name":"a"}]}"#
            ),
            (
                .resourceTemplatesList,
                #"{"resourceTemplates":[{"uriTemplate":"a","name":"b"},{"uriTemplate":"b"}]}"#,
                #"{"resourceTemplates":[{"uriTemplate":"b"}]}"#
            ),
            (
                .toolsList, #"{"tools":[{"name":"a"}],"prompts":[{"name":"b"},{"name":"c"}]}"#,
                #"{"tools":[],"prompts":[{"name":"b"}]}"#
            ),
        ])
    func `each list is filtered by what its items are known by`(
        _ method: MCPMethod, _ before: String, _ after: String
    ) throws {
        #expect(try filtered(before, keeping: ["b"], answering: method) == after)
        #expect(try filtered(before, keeping: ["b"], answering: nil) == after)
    }

    @Test func `items are named, placed and told apart by list`() throws {
        let list = try #require(
            try list(#"{"tools":[{"name":"a"}],"resources":[{"uri":"x:y"}]}"#, answering: nil))
        #expect(list.items.map(\.kind) == [.tools, .resources])
        #expect(list.items.map { text($0.name) } == ["a", "x:y"])
        #expect(list.items.map(\.range.count) == [12, 13])
    }

    @Test(
        arguments: [
            ("{}", ListViolation.listMissing), (#"{"prompts":[]}"#, .listMissing),
            (#"{"content":[],"isError":true}"#, .listMissing),
            (#"{"tools":null}"#, .listNotArray), (#"{"tools":{"0":{"name":"a"}}}"#, .listNotArray),
            (#"{"tools":"a"}"#, .listNotArray),
            (#"{"tools":[],"prompts":{}}"#, .listNotArray),
            (#"{"Tools":[{"name":"a"}]}"#, .nameTwin),
            (#"{"tools":[],"TOOLS":[{"name":"a"}]}"#, .nameTwin),
            ("{\"tools\":[],\"tool\u{17F}\":[{\"name\":\"a\"}]}", .nameTwin),
            (#"{"tools":[],"too\u006c\u017f":[{"name":"a"}]}"#, .nameTwin),
            (#"{"tools":[],"Resources":[]}"#, .nameTwin),
            (#"{"tools":[],"CacheScope":"public"}"#, .nameTwin),
            (#"{"tools":[1]}"#, .itemNotObject), (#"{"tools":[null]}"#, .itemNotObject),
            (#"{"tools":[[{"name":"a"}]]}"#, .itemNotObject),
            (#"{"tools":["a"]}"#, .itemNotObject),
            (#"{"tools":[{}]}"#, .itemNameUnreadable),
            (#"{"tools":[{"title":"a"}]}"#, .itemNameUnreadable),
            (#"{"tools":[{"name":null}]}"#, .itemNameUnreadable),
            (#"{"tools":[{"name":1}]}"#, .itemNameUnreadable),
            (#"{"tools":[{"name":["a"]}]}"#, .itemNameUnreadable),
            (#"{"tools":[{"name":"b"},{"uri":"a"}]}"#, .itemNameUnreadable),
            (#"{"tools":[{"name":"a","Name":"b"}]}"#, .nameTwin),
            (#"{"tools":[{"NAME":"a"}]}"#, .nameTwin),
            (#"{"tools":[{"name":"a"},{"name":"b"},{"name":"a"}]}"#, .itemNameTwice),
            (#"{"tools":[{"name":"a"},{"name":"\u0061"}]}"#, .itemNameTwice),
        ])
    func `a list that cannot be understood is refused`(
        _ result: String, _ violation: ListViolation
    ) {
        #expect(throws: violation) { try list(result) }
    }

    @Test(
        arguments: [
            (
                MCPMethod.resourcesList, #"{"resources":[{"name":"a"}]}"#,
                ListViolation.itemNameUnreadable
            ),
            (.resourcesList, #"{"resources":[{"uri":"a","URI":"b"}]}"#, .nameTwin),
            (.resourcesList, "{\"resources\":[{\"uri\":\"a\",\"ur\u{131}\":\"b\"}]}", .nameTwin),
            (.resourceTemplatesList, #"{"resourceTemplates":[{"uri":"a"}]}"#, .itemNameUnreadable),
            (.resourceTemplatesList, #"{"resourceTemplates":[{"uritemplate":"a"}]}"#, .nameTwin),
            (.resourceTemplatesList, #"{"resources":[{"uri":"a"}]}"#, .listMissing),
            (.promptsList, #"{"prompts":[{"name":"a"},{"name":"a"}]}"#, .itemNameTwice),
        ])
    func `each list has its own rules`(
        _ method: MCPMethod, _ result: String, _ violation: ListViolation
    ) {
        #expect(throws: violation) { try list(result, answering: method) }
    }

    @Test func `names that only look alike are two items`() throws {
        let list = try #require(
            try list("{\"tools\":[{\"name\":\"K\"},{\"name\":\"\u{212A}\"},{\"name\":\"k\"}]}"))
        #expect(list.items.count == 3)
    }

    @Test(
        arguments: [
            (MCPMethod?.none, #"{"content":[]}"#), (nil, "{}"),
            (.toolsCall, #"{"tools":[{"name":"a"}]}"#), (.initialize, #"{"tools":{}}"#),
            (.other("x/list"), #"{"tools":"anything"}"#),
        ])
    func `other answers are no lists`(_ method: MCPMethod?, _ result: String) throws {
        #expect(try list(result, answering: method) == nil)
    }

    @Test(
        arguments: [
            #"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m","data":{"tools":[]}}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/message","params":{"tools":[]}}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"roots/list","params":{"tools":[]}}"#,
        ])
    func `only a result holds a list`(_ body: String) throws {
        let message = try message(body, from: .server)
        #expect(try ListResult(in: message, answering: .toolsList) == nil)
        #expect(try message.withPrivateCacheScope() == nil)
    }

    @Test(
        arguments: [
            (#"{"tools":[],"cacheScope":"public"}"#, #"{"tools":[],"cacheScope":"private"}"#),
            (#"{"tools":[],"cacheScope":"private"}"#, nil),
            (#"{"tools":[],"cacheScope":"priv\u0061te"}"#, nil),
            (#"{"tools":[],"cacheScope":null}"#, #"{"tools":[],"cacheScope":"private"}"#),
            (#"{"tools":[],"cacheScope":["private"]}"#, #"{"tools":[],"cacheScope":"private"}"#),
            (
                #"{"cacheScop\u0065":"public","tools":[]}"#,
                #"{"cacheScop\u0065":"private","tools":[]}"#
            ),
            (#"{"tools":[],"ttlMs":5}"#, #"{"cacheScope":"private","tools":[],"ttlMs":5}"#),
            (
                #"{"tools":[{"name":"x"},{"name":"a"}],"cacheScope":"public"}"#,
                #"{"tools":[{"name":"a"}],"cacheScope":"private"}"#
            ),
        ] as [(String, String?)])
    func `a list of 2026-07-28 becomes private`(_ before: String, _ after: String?) throws {
        #expect(try filtered(before, keeping: ["a"], for: .v2026_07_28) == after)
    }

    @Test(arguments: [ProtocolRevision.v2024_11_05, .v2025_03_26, .v2025_06_18, .v2025_11_25])
    func `lists of earlier revisions have no cache scope to change`(
        _ revision: ProtocolRevision
    ) throws {
        let result = #"{"tools":[],"cacheScope":"public"}"#
        #expect(try filtered(result, keeping: [], for: revision) == nil)
    }

    @Test(
        arguments: [
            (#"{"contents":[],"cacheScope":"public"}"#, #"{"contents":[],"cacheScope":"private"}"#),
            ("{}", #"{"cacheScope":"private"}"#), (#"{"cacheScope":"private"}"#, nil),
        ] as [(String, String?)])
    func `other answers can be made private too`(_ before: String, _ after: String?) throws {
        let body = #"{"jsonrpc":"2.0","id":1,"result":\#(before)}"#
        let bytes = try message(body, from: .server).withPrivateCacheScope()
        #expect(
            bytes.map { text($0) } == after.map { #"{"jsonrpc":"2.0","id":1,"result":\#($0)}"# })
    }

    @Test func `an answer with a twin of the cache scope is not passed on`() throws {
        let body = #"{"jsonrpc":"2.0","id":1,"result":{"CACHESCOPE":"public"}}"#
        let message = try message(body, from: .server)
        #expect(throws: ListViolation.nameTwin) { try message.withPrivateCacheScope() }
    }
}
