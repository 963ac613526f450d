import JSON
import Testing

@Suite("Positions") struct PositionTests {
    private static let names = ["a", "ab", "abcd", "abcdefgh", "abcdefghijklmnopq", "é", "a", ""]

    @Test(arguments: [
        ("a", 0), ("ab", 1), ("abcd", 2), ("abcdefgh", 3), ("abcdefghijklmnopq", 4), ("é", 5),
        ("", 7), (#"\u0061"#, 0), (#"\u0061bcd"#, 2), (#"\u00e9"#, 5), (#"abcdefg\u0068"#, 3),
    ])
    func `a name is found however it is escaped`(_ name: String, _ index: Int) throws {
        #expect(try found(in: #"{"\#(name)":1}"#) == [index])
    }

    @Test(arguments: [
        "A", "b", "aB", "abc", "abcD", "abcdefgi", "Abcdefgh", "abcdefghijklmnopQ",
        "abcdefghiJklmnopq", "abcdefghijklmnop", #"a\u0000"#, #"e\u0301"#, "abcdefghh",
    ])
    func `a name that differs in any byte is not found`(_ name: String) throws {
        #expect(try found(in: #"{"\#(name)":1}"#) == [nil])
    }

    @Test func `members come in the order of the text with the places of their values`() throws {
        let text = #"{ "x":{"a":[1,{"ab":2}]}, "ab":[[]], "a":"b", "\u0061bcd": -12, "y":null }"#
        let document = try JSONDocument(parsing: Array(text.utf8))
        var members = document.memberPositions(at: document.rootPosition)
        let names = JSONNames(Self.names)
        var seen: [(name: JSONValue, value: JSONValue)] = []
        while let member = document.next(&members, in: names) {
            seen.append((document.value(at: member.name), document.value(at: member.value)))
        }
        let expected = Array(document.root.members)
        #expect(seen.map(\.name.range) == expected.map(\.name.range))
        #expect(seen.map(\.value.range) == expected.map(\.value.range))
        #expect(try found(in: text) == [nil, 1, 0, 2, nil])
    }

    @Test(arguments: [
        "{}", "[]", #"[{"a":1}]"#, #""a""#, "1", "null", "true",
    ])
    func `what is no object has no members`(_ text: String) throws {
        #expect(try found(in: text) == [])
    }

    @Test(arguments: [
        #"{"a":1}"#, "[1]", #""a""#, #""\u0061b""#, "-12", "1.5", "9223372036854775808", "null",
        "true", "false",
    ])
    func `a place says what the value says`(_ text: String) throws {
        let document = try JSONDocument(parsing: Array(text.utf8))
        let place = document.root.place
        #expect(document.kind(at: place) == document.root.kind)
        #expect(document.range(at: place) == document.root.range)
        #expect(document.utf8(at: place) == document.root.utf8)
        #expect(document.integer(at: place) == document.root.integer)
        #expect(document.isString("ab", at: place) == document.root.isString("ab"))
    }

    private func found(in text: String) throws -> [Int?] {
        let document = try JSONDocument(parsing: Array(text.utf8))
        var members = document.memberPositions(at: document.rootPosition)
        let names = JSONNames(Self.names)
        var found: [Int?] = []
        while let member = document.next(&members, in: names) { found.append(member.index) }
        return found
    }
}
