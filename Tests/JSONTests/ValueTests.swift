import JSON
import Testing

/// Finding one's way in a document.
@Suite("Values") struct ValueTests {
    static let message =
        #" {"jsonrpc":"2.0", "id" : 7,"method":"tools/call","params":{"name":"a","list":[1,[2,3],{"k":[]},"x"],"#
        + #""none":null,"yes":true,"no":false}} "#

    @Test func `members are found by name`() throws {
        let root = try value(Self.message)
        #expect(root.kind == .object)
        #expect(root["jsonrpc"]?.string == "2.0")
        #expect(root["id"]?.integer == 7)
        #expect(root["method"]?.isString("tools/call") == true)
        #expect(root["params"]?["name"]?.string == "a")
        #expect(root["params"]?["none"]?.kind == .null)
        #expect(root["params"]?["yes"]?.bool == true)
        #expect(root["params"]?["no"]?.bool == false)
        #expect(root.member("params")?.member("name")?.string == "a")
        #expect(root["name"] == nil)
        #expect(root["k"] == nil)
        #expect(root["2.0"] == nil)
        #expect(root["i"] == nil)
        #expect(root["idd"] == nil)
        #expect(root["params"]?["list"]?["k"] == nil)
        #expect(root["method"]?["tools/call"] == nil)
        #expect(root[""] == nil)
    }

    @Test func `a name is found however it is escaped`() throws {
        let root = try value(#"{"m\u0065thod":1,"\ud83d\ude00":2,"a\/b":3,"":4}"#)
        #expect(root["method"]?.integer == 1)
        #expect(root["😀"]?.integer == 2)
        #expect(root["a/b"]?.integer == 3)
        #expect(root[""]?.integer == 4)
        #expect(root.member("method")?.integer == 1)
        #expect(root.members.map(\.name.string) == ["method", "😀", "a/b", ""])
    }

    @Test func `a name of the same length, beginning and end is another name`() throws {
        let root = try value(#"{"abcdefgh1stuvwxyz":1,"abcdefgh\u0033stuvwxyz":3}"#)
        #expect(root["abcdefgh1stuvwxyz"]?.integer == 1)
        #expect(root["abcdefgh2stuvwxyz"] == nil)
        #expect(root["abcdefgh3stuvwxyz"]?.integer == 3)
        #expect(root.member("abcdefgh1stuvwxyz")?.integer == 1)
        #expect(root.member("abcdefgh2stuvwxyz") == nil)
    }

    @Test func `elements and members come in the order of the text`() throws {
        let root = try value(Self.message)
        let list = try #require(root["params"]?["list"])
        #expect(list.kind == .array)
        #expect(list.elements.map(\.kind) == [.number, .array, .object, .string])
        #expect(
            list.elements.map { String(decoding: $0.rawBytes, as: UTF8.self) }
                == ["1", "[2,3]", #"{"k":[]}"#, #""x""#])
        #expect(root.members.map(\.name.string) == ["jsonrpc", "id", "method", "params"])
        #expect(root.members.map(\.value.kind) == [.string, .number, .string, .object])
    }

    @Test func `a value knows its bytes`() throws {
        let document = try JSONDocument(parsing: Array(Self.message.utf8))
        let text = Self.message
        #expect(document.bytes == Array(text.utf8))
        #expect(document.root.range == 1..<text.utf8.count - 1)
        let method = try #require(document.root["method"])
        #expect(method.rawBytes == ArraySlice(#""tools/call""#.utf8))
        #expect(method.rawBytes.startIndex == method.range.lowerBound)
        #expect(method.utf8?.startIndex == method.range.lowerBound + 1)
        let name = try #require(document.root.members.first { _ in true }?.name)
        #expect(name.kind == .string)
        #expect(name.range == 2..<11)
    }

    @Test(arguments: ["1", "\"a\"", "null", "true", "[]", "{}", "[1]"])
    func `a value has only what its kind has`(_ text: String) throws {
        let root = try value(text)
        if root.kind != .string {
            #expect(root.string == nil)
            #expect(root.stringBytes == nil)
            #expect(root.utf8 == nil)
        }
        #expect((root.bool != nil) == (root.kind == .true || root.kind == .false))
        #expect((root.integer != nil) == (root.kind == .number))
        #expect(root["a"] == nil)
        #expect(Array(root.members).isEmpty)
        #expect(Array(root.elements).count == (text == "[1]" ? 1 : 0))
    }

    @Test func `an array has no members and an object no elements`() throws {
        #expect(Array(try value(#"["a",1]"#).members).isEmpty)
        #expect(Array(try value(#"{"a":1}"#).elements).isEmpty)
        #expect(try value(#"["a",1]"#)["a"] == nil)
    }

    @Test func `a document larger than its first estimate of nodes is read whole`() throws {
        let row = "[" + Array(repeating: "1", count: 1000).joined(separator: ",") + "]"
        let text = "[" + Array(repeating: row, count: 300).joined(separator: ",") + "]"
        let root = try value(text)
        #expect(root.range == 0..<text.utf8.count)
        var sum = 0
        for row in root.elements {
            #expect(row.rawBytes.count == 2001)
            for element in row.elements { sum += Int(element.integer ?? 0) }
        }
        #expect(sum == 300_000)
    }
}
