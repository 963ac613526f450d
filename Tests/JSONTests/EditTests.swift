import JSON
import Testing

@Suite("Edits") struct EditTests {
    @Test func `an edit that changes nothing gives the same bytes`() throws {
        let text = " { \"a\" : [ 1.50 , \"\\u0041\" ] }\r\n"
        let edit = JSONEdit(of: try JSONDocument(parsing: Array(text.utf8)))
        #expect(edit.isEmpty)
        #expect(edit.apply() == Array(text.utf8))
    }

    @Test func `a replaced value leaves the rest as it was`() throws {
        let text = " { \"a\" : [ 1.50 , \"\\u0041\" ] , \"b\":\t{ }}\r\n"
        let document = try JSONDocument(parsing: Array(text.utf8))
        var edit = JSONEdit(of: document)
        let b = try #require(document.root["b"])
        let first = try #require(document.root["a"]?.elements.first { _ in true })
        edit.replace(b, with: Array("null".utf8))
        edit.replace(first.range, with: Array("\"x\"".utf8))
        #expect(!edit.isEmpty)
        #expect(
            String(decoding: edit.apply(), as: UTF8.self)
                == " { \"a\" : [ \"x\" , \"\\u0041\" ] , \"b\":\tnull}\r\n")
    }

    @Test(
        arguments: [
            ("[ 1 , 2 , 3 ]", [], "[ 1 , 2 , 3 ]"), ("[ 1 , 2 , 3 ]", [1], "[ 2 , 3 ]"),
            ("[ 1 , 2 , 3 ]", [2], "[ 1 , 3 ]"), ("[ 1 , 2 , 3 ]", [3], "[ 1 , 2 ]"),
            ("[ 1 , 2 , 3 ]", [1, 2], "[ 3 ]"), ("[ 1 , 2 , 3 ]", [2, 3], "[ 1 ]"),
            ("[ 1 , 2 , 3 ]", [1, 3], "[ 2 ]"), ("[ 1 , 2 , 3 ]", [1, 2, 3], "[  ]"),
            ("[1]", [1], "[]"), ("[]", [1], "[]"), ("[1,2]", [1], "[2]"), ("[1,2]", [2], "[1]"),
            ("[ 1\n,2, 3,\t4 ]", [2, 3], "[ 1,\t4 ]"), ("[1,2,1,2]", [1], "[2,2]"),
        ] as [(String, [Int64], String)])
    func `elements are removed with their commas`(
        _ text: String, _ removed: [Int64], _ expected: String
    ) throws {
        let document = try JSONDocument(parsing: Array(text.utf8))
        var edit = JSONEdit(of: document)
        edit.removeElements(of: document.root) { removed.contains($0.integer ?? 0) }
        #expect(String(decoding: edit.apply(), as: UTF8.self) == expected)
    }

    @Test func `members are removed with their commas`() throws {
        let text = #"{ "a" : 1 , "b" : [ 2 ] , "c" : 3 }"#
        let expectations: [(Set<String>, String)] = [
            (["a"], #"{ "b" : [ 2 ] , "c" : 3 }"#), (["b"], #"{ "a" : 1 , "c" : 3 }"#),
            (["c"], #"{ "a" : 1 , "b" : [ 2 ] }"#), (["a", "b"], #"{ "c" : 3 }"#),
            (["a", "b", "c"], "{  }"), (["d"], text),
        ]
        let document = try JSONDocument(parsing: Array(text.utf8))
        for (removed, expected) in expectations {
            var edit = JSONEdit(of: document)
            edit.removeMembers(of: document.root) { name, _ in removed.contains(name.string ?? "") }
            #expect(String(decoding: edit.apply(), as: UTF8.self) == expected)
        }
    }

    @Test(arguments: [
        ("{}", #"{"s":"p"}"#), (#"{"a":1}"#, #"{"s":"p","a":1}"#), ("{ }", #"{"s":"p" }"#),
        (#"{ "a":1, "s" : "q" }"#, #"{ "a":1, "s" : "p" }"#),
        (#"{"\u0073":"q"}"#, #"{"\u0073":"p"}"#), ("[]", "[]"), ("1", "1"),
    ])
    func `a member is set or added`(_ text: String, _ expected: String) throws {
        let document = try JSONDocument(parsing: Array(text.utf8))
        var edit = JSONEdit(of: document)
        edit.set("s", of: document.root, to: Array("\"p\"".utf8))
        #expect(String(decoding: edit.apply(), as: UTF8.self) == expected)
    }

    @Test func `edits of several parts go together`() throws {
        let text =
            #"{"result":{"tools":[{"name":"a"}, {"name":"b","x":[1,2]}],"cacheScope":"public"}}"#
        let document = try JSONDocument(parsing: Array(text.utf8))
        let result = try #require(document.root["result"])
        let tools = try #require(result["tools"])
        var edit = JSONEdit(of: document)
        edit.set("cacheScope", of: result, to: Array("\"private\"".utf8))
        edit.removeElements(of: tools) { $0["name"]?.isString("a") == true }
        #expect(
            String(decoding: edit.apply(), as: UTF8.self)
                == #"{"result":{"tools":[{"name":"b","x":[1,2]}],"cacheScope":"private"}}"#)
    }

    @Test func `random removals leave a text whose kept elements are identical`() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let pieces = (0..<Int.random(in: 0...12, using: &random)).map { position in
                [" ", "", "\n"].randomElement(using: &random).map {
                    "\($0){ \"n\":\(position), \"s\":\"\\u00e9,]\" }\($0)"
                } ?? ""
            }
            let text = "[" + pieces.joined(separator: ",") + "]"
            let document = try JSONDocument(parsing: Array(text.utf8))
            let removed = Set((0..<12).filter { _ in Bool.random(using: &random) }.map(Int64.init))
            var edit = JSONEdit(of: document)
            edit.removeElements(of: document.root) { removed.contains($0["n"]?.integer ?? -1) }
            let kept = document.root.elements.filter { !removed.contains($0["n"]?.integer ?? -1) }
            let result = try JSONDocument(parsing: edit.apply()).root
            #expect(
                result.elements.map(\.rawBytes).map(Array.init) == kept.map { Array($0.rawBytes) })
        }
    }
}
