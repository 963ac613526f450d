import JSON
import Testing

/// RFC 8259 §2 to §7: what is a JSON text, and what each deviation is called.
@Suite("Grammar") struct GrammarTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "\"\"", "[]", "{}", " null", "null ",
        "\t\n\r null\r\n\t ",
        "[ ]", "{ }", "[\n]", "{\t}", "[1]", "[ 1 ]", "[1,2]", "[ 1 , 2 ]", "[[]]", "[[],[]]",
        "[{}]",
        "[{},[]]", "[[[[[]]]]]", "[null,true,false]", "[\"\",\"a\"]", "[1,\"a\",null,{\"b\":[]}]",
        #"{"a":1}"#, #"{ "a" : 1 }"#, #"{"a":1,"b":2}"#, "{\n\"a\"\n:\n1\n,\n\"b\"\n:\n2\n}",
        #"{"":0}"#, #"{"a":{}}"#, #"{"a":[]}"#, #"{"a":{"a":{"a":1}}}"#, #"[{"a":1},{"a":1}]"#,
        #"{"a":null,"b":true,"c":false,"d":"e"}"#, #"{"a":"a","A":"a"}"#, #"{"__proto__":1}"#,
        #"{"a":[1,{"b":[2,{"c":[]}]}],"d":{}}"#, "[\"\u{7F}\"]", "[\"\u{2028}\u{2029}\"]",
        "\"\u{FEFF}\"", "\"\u{FFFF}\"", "\"\u{10FFFF}\"", "{\"\u{FEFF}\":1}",
    ])
    func `a text within the grammar is accepted`(_ text: String) {
        #expect(violation(of: text) == nil)
    }

    static let structure: [(String, JSONViolation)] = [
        ("", .unexpectedEnd(offset: 0)),
        (" ", .unexpectedEnd(offset: 1)),
        ("\r\n", .unexpectedEnd(offset: 2)),
        ("[", .unexpectedEnd(offset: 1)),
        ("[ ", .unexpectedEnd(offset: 2)),
        ("[1", .unexpectedEnd(offset: 2)),
        ("[1,", .unexpectedEnd(offset: 3)),
        ("[[]", .unexpectedEnd(offset: 3)),
        ("[[[", .unexpectedEnd(offset: 3)),
        ("{", .unexpectedEnd(offset: 1)),
        (#"{"a""#, .unexpectedEnd(offset: 4)),
        (#"{"a" "#, .unexpectedEnd(offset: 5)),
        (#"{"a":"#, .unexpectedEnd(offset: 5)),
        (#"{"a":1"#, .unexpectedEnd(offset: 6)),
        (#"{"a":1,"#, .unexpectedEnd(offset: 7)),
        (#"[{"a":1}"#, .unexpectedEnd(offset: 8)),
        ("]", .valueExpected(offset: 0)),
        ("}", .valueExpected(offset: 0)),
        (",", .valueExpected(offset: 0)),
        (":", .valueExpected(offset: 0)),
        ("[,", .valueExpected(offset: 1)),
        ("[,1]", .valueExpected(offset: 1)),
        ("[1,,2]", .valueExpected(offset: 3)),
        ("[}", .valueExpected(offset: 1)),
        ("[1,}", .valueExpected(offset: 3)),
        ("[:1]", .valueExpected(offset: 1)),
        (#"{"a":}"#, .valueExpected(offset: 5)),
        (#"{"a"::1}"#, .valueExpected(offset: 5)),
        (#"{"a":,"b":1}"#, .valueExpected(offset: 5)),
        ("'a'", .valueExpected(offset: 0)),
        ("['a']", .valueExpected(offset: 1)),
        ("a", .valueExpected(offset: 0)),
        ("[a]", .valueExpected(offset: 1)),
        ("*", .valueExpected(offset: 0)),
        ("\\", .valueExpected(offset: 0)),
        ("\\u006eull", .valueExpected(offset: 0)),
        ("/**/1", .valueExpected(offset: 0)),
        ("//\n1", .valueExpected(offset: 0)),
        ("#\n1", .valueExpected(offset: 0)),
        ("<null>", .valueExpected(offset: 0)),
        ("\0", .valueExpected(offset: 0)),
        ("\u{0B}1", .valueExpected(offset: 0)),
        ("\u{0C}1", .valueExpected(offset: 0)),
        ("\u{1F}1", .valueExpected(offset: 0)),
        ("\u{7F}1", .valueExpected(offset: 0)),
        ("\u{A0}1", .valueExpected(offset: 0)),
        ("\u{2060}1", .valueExpected(offset: 0)),
        ("[\u{0C}]", .valueExpected(offset: 1)),
        ("{1:1}", .nameExpected(offset: 1)),
        ("{a:1}", .nameExpected(offset: 1)),
        ("{'a':1}", .nameExpected(offset: 1)),
        ("{null:1}", .nameExpected(offset: 1)),
        ("{[]:1}", .nameExpected(offset: 1)),
        ("{,", .nameExpected(offset: 1)),
        ("{]", .nameExpected(offset: 1)),
        ("{:1}", .nameExpected(offset: 1)),
        (#"{"a":1,,"b":2}"#, .nameExpected(offset: 7)),
        (#"{"a":1,b:2}"#, .nameExpected(offset: 7)),
        (#"{"a":1/**/}"#, .separatorExpected(offset: 6)),
        (#"{/**/"a":1}"#, .nameExpected(offset: 1)),
        (#"{"a"}"#, .colonExpected(offset: 4)),
        (#"{"a" 1}"#, .colonExpected(offset: 5)),
        (#"{"a","b"}"#, .colonExpected(offset: 4)),
        (#"{"a"=1}"#, .colonExpected(offset: 4)),
        (#"{"a""b":1}"#, .colonExpected(offset: 4)),
        ("{\"a\"\u{0C}:1}", .colonExpected(offset: 4)),
        ("[1 2]", .separatorExpected(offset: 3)),
        ("[1:2]", .separatorExpected(offset: 2)),
        ("[1}", .separatorExpected(offset: 2)),
        ("[1;2]", .separatorExpected(offset: 2)),
        ("[\"a\"\"b\"]", .separatorExpected(offset: 4)),
        ("[[]1]", .separatorExpected(offset: 3)),
        ("[{}{}]", .separatorExpected(offset: 3)),
        ("[1\0]", .separatorExpected(offset: 2)),
        ("[nulll]", .separatorExpected(offset: 5)),
        ("[1\u{A0}]", .separatorExpected(offset: 2)),
        (#"{"a":1]"#, .separatorExpected(offset: 6)),
        (#"{"a":1 "b":2}"#, .separatorExpected(offset: 7)),
        (#"{"a":1;"b":2}"#, .separatorExpected(offset: 6)),
        (#"{"a":1:2}"#, .separatorExpected(offset: 6)),
        (#"{"a":"b"c}"#, .separatorExpected(offset: 8)),
        ("[1,]", .trailingComma(offset: 3)),
        ("[1, ]", .trailingComma(offset: 4)),
        ("[[],]", .trailingComma(offset: 4)),
        (#"{"a":1,}"#, .trailingComma(offset: 7)),
        (#"{"a":1 , }"#, .trailingComma(offset: 9)),
        ("1 2", .trailingBytes(offset: 2)),
        ("{}{}", .trailingBytes(offset: 2)),
        ("{}\n{}", .trailingBytes(offset: 3)),
        ("[]]", .trailingBytes(offset: 2)),
        ("{}}", .trailingBytes(offset: 2)),
        ("null,", .trailingBytes(offset: 4)),
        ("nullnull", .trailingBytes(offset: 4)),
        ("\"a\"b", .trailingBytes(offset: 3)),
        ("{}#", .trailingBytes(offset: 2)),
        ("{}\0", .trailingBytes(offset: 2)),
        ("{}\u{FEFF}", .trailingBytes(offset: 2)),
        ("1\u{0B}", .trailingBytes(offset: 1)),
    ]

    @Test(arguments: structure)
    func `a broken structure is refused`(_ text: String, _ expected: JSONViolation) {
        #expect(violation(of: text) == expected)
    }

    @Test(arguments: [
        "t", "tru", "truE", "True", "TRUE", "tr ue", "f", "fals", "falsE", "False", "n", "nul",
        "nulL",
        "nil", "none", "fasle",
    ])
    func `a literal spelt otherwise is refused`(_ text: String) {
        let isCapital = text.first?.isUppercase == true
        #expect(
            violation(of: text)
                == (isCapital ? .valueExpected(offset: 0) : .misspelledLiteral(offset: 0)))
        #expect(
            violation(of: "[1,\(text)]")
                == (isCapital ? .valueExpected(offset: 3) : .misspelledLiteral(offset: 3)))
    }

    @Test func `a byte order mark is refused`() {
        #expect(violation(of: "\u{FEFF}{}") == .byteOrderMark(offset: 0))
        #expect(violation(of: "\u{FEFF}") == .byteOrderMark(offset: 0))
        #expect(violation(of: " \u{FEFF}{}") == .valueExpected(offset: 1))
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0x5B, 0, 0x5D, 0], [0xFE, 0xFF, 0, 0x5B, 0, 0x5D], [0x5B, 0, 0x5D, 0],
            [0, 0x5B, 0, 0x5D], [0xEF, 0xBB, 0x5B, 0x5D],
        ] as [[UInt8]])
    func `another encoding is refused`(_ bytes: [UInt8]) {
        #expect(violation(of: bytes) != nil)
    }

    @Test func `every proper prefix of a text is refused, and the text is not`() {
        let text = Array(
            #"{"a":[1.5e+3,-0,"\u00e9\ud83d\ude00é😀\n",true,false,null,{}],"b":{"c":[]}}"#.utf8)
        for length in 0..<text.count {
            #expect(violation(of: Array(text[..<length])) != nil, "prefix of \(length) bytes")
        }
        #expect(violation(of: text) == nil)
    }

    @Test(arguments: structure)
    func `a violation tells its place and nothing of the text`(
        _ text: String, _ expected: JSONViolation
    ) {
        #expect(expected.offset <= text.utf8.count)
        #expect(expected.description.hasSuffix(" at byte \(expected.offset)"))
    }
}
