import Foundation
import JSON
import Testing

/// RFC 8259 §7 and §8.2: escapes, control characters, surrogates.
@Suite("Strings") struct StringTests {
    @Test(arguments: [
        (#""""#, ""), (#""a""#, "a"), (#""abc def""#, "abc def"), (#""\"""#, "\""),
        (#""\\""#, "\\"), (#""\/""#, "/"), (#""/""#, "/"), (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
        (#""\u0041""#, "A"), (#""\u006d\u0065""#, "me"), (#""\u00e9""#, "é"), (#""\u00E9""#, "é"),
        (#""\u20AC""#, "€"), (#""\u0000""#, "\0"), (#""a\u0000b""#, "a\0b"),
        (#""\u001f""#, "\u{1F}"),
        (#""\u0022""#, "\""), (#""\u005c""#, "\\"), (#""\\u0041""#, #"\u0041"#),
        (#""\ud83d\ude00""#, "😀"), (#""\uD83D\uDE00""#, "😀"), (#""\ud800\udc00""#, "\u{10000}"),
        (#""\udbff\udfff""#, "\u{10FFFF}"), (#""\ud7ff\ue000""#, "\u{D7FF}\u{E000}"),
        (#""\uffff\ufffe""#, "\u{FFFF}\u{FFFE}"), (#""x\ud83d\ude00y""#, "x😀y"),
        ("\"é€😀\"", "é€😀"), ("\"\u{7F}\"", "\u{7F}"), (#""\"\\\"\\""#, #""\"\"#),
        (#""\\\\\\\\\\\\\\\\n""#, #"\\\\\\\\n"#), (#""漢字\u0020かな\n""#, "漢字 かな\n"),
    ])
    func `a string is unescaped`(_ text: String, _ expected: String) throws {
        let string = try value(text)
        #expect(string.kind == .string)
        #expect(string.string == expected)
        #expect(string.stringBytes == Array(expected.utf8))
        #expect(string.utf8.map(Array.init) == Array(expected.utf8))
        #expect(string.rawBytes == ArraySlice(text.utf8))
    }

    static let refused: [(String, JSONViolation)] = [
        (#"""#, .unterminatedString(offset: 0)),
        (#""abc"#, .unterminatedString(offset: 0)),
        (#"["abc]"#, .unterminatedString(offset: 1)),
        (#""\""#, .unterminatedString(offset: 0)),
        (#""\\\""#, .unterminatedString(offset: 0)),
        (#"{"a:1}"#, .unterminatedString(offset: 1)),
        ("\"\\", .invalidEscape(offset: 1)),
        (#""\a""#, .invalidEscape(offset: 1)),
        (#""\v""#, .invalidEscape(offset: 1)),
        (#""\0""#, .invalidEscape(offset: 1)),
        (#""\'""#, .invalidEscape(offset: 1)),
        (#""\x41""#, .invalidEscape(offset: 1)),
        (#""\U0041""#, .invalidEscape(offset: 1)),
        (#""\N""#, .invalidEscape(offset: 1)),
        (#""\ n""#, .invalidEscape(offset: 1)),
        (#""ab\q""#, .invalidEscape(offset: 3)),
        ("\"\\\n\"", .invalidEscape(offset: 1)),
        ("\"\\\u{0}\"", .invalidEscape(offset: 1)),
        ("\"\\é\"", .invalidEscape(offset: 1)),
        (#""\u""#, .invalidUnicodeEscape(offset: 1)),
        (#""\u1""#, .invalidUnicodeEscape(offset: 1)),
        (#""\u12""#, .invalidUnicodeEscape(offset: 1)),
        (#""\u123""#, .invalidUnicodeEscape(offset: 1)),
        (#""\u123g""#, .invalidUnicodeEscape(offset: 1)),
        (#""\u+123""#, .invalidUnicodeEscape(offset: 1)),
        (#""\u 123""#, .invalidUnicodeEscape(offset: 1)),
        (#""\u{41}""#, .invalidUnicodeEscape(offset: 1)),
        (#""\u00/0""#, .invalidUnicodeEscape(offset: 1)),
        (#""\u00:0""#, .invalidUnicodeEscape(offset: 1)),
        (#""\u00@0""#, .invalidUnicodeEscape(offset: 1)),
        (#""\u00`0""#, .invalidUnicodeEscape(offset: 1)),
        (#""\u00G0""#, .invalidUnicodeEscape(offset: 1)),
        ("\"\\u00\u{FF11}\"", .invalidUnicodeEscape(offset: 1)),
        ("\"\\u12", .invalidUnicodeEscape(offset: 1)),
        (#""\ud800""#, .loneSurrogate(offset: 1)),
        (#""\udbff""#, .loneSurrogate(offset: 1)),
        (#""\udc00""#, .loneSurrogate(offset: 1)),
        (#""\udfff""#, .loneSurrogate(offset: 1)),
        (#""\uDFAA""#, .loneSurrogate(offset: 1)),
        (#""ab\ud800""#, .loneSurrogate(offset: 3)),
        (#""\ud800a""#, .loneSurrogate(offset: 1)),
        (#""\ud800abcdefgh""#, .loneSurrogate(offset: 1)),
        (#""\ud83dx\ude00""#, .loneSurrogate(offset: 1)),
        (#""\ud83d \ude00""#, .loneSurrogate(offset: 1)),
        (#""\ud800\n""#, .loneSurrogate(offset: 1)),
        (#""\ud800\u""#, .loneSurrogate(offset: 1)),
        (#""\ud800\u1""#, .loneSurrogate(offset: 1)),
        (#""\ud800\u0041""#, .loneSurrogate(offset: 1)),
        (#""\ud800\ud800""#, .loneSurrogate(offset: 1)),
        (#""\ud800\ud800\udc00""#, .loneSurrogate(offset: 1)),
        (#""\ude00\ud83d""#, .loneSurrogate(offset: 1)),
        (#""\udc00\udc00""#, .loneSurrogate(offset: 1)),
        (#""\ud83d\ude00\ude00""#, .loneSurrogate(offset: 13)),
        (#""\ud800\\udc00""#, .loneSurrogate(offset: 1)),
        (#""\ud800\"#, .loneSurrogate(offset: 1)),
        (#""\ud800\udc0"#, .loneSurrogate(offset: 1)),
    ]

    @Test(arguments: refused)
    func `a broken string is refused`(_ text: String, _ expected: JSONViolation) {
        #expect(violation(of: text) == expected)
    }

    @Test(arguments: refused)
    func `a broken name is refused alike`(_ text: String, _ expected: JSONViolation) {
        let found = violation(of: "{\(text):1}")
        #expect(found != nil)
        if text.hasSuffix("\"") { #expect(found?.offset == expected.offset + 1) }
    }

    @Test(arguments: 0..<0x20)
    func `a control character is refused wherever it stands`(_ character: Int) {
        for offset in 0...70 {
            for tail in [0, 1, 40] {
                var bytes = Array("\"\(String(repeating: "a", count: offset))".utf8)
                bytes.append(UInt8(character))
                bytes += Array(String(repeating: "b", count: tail).utf8) + [0x22]
                #expect(violation(of: bytes) == .controlCharacter(offset: offset + 1))
            }
        }
    }

    @Test func `a special byte is found wherever it stands`() throws {
        for offset in 0...100 {
            let plain = String(repeating: "a", count: offset)
            #expect(try value("\"\(plain)\"").range == 0..<offset + 2)
            #expect(try value("[\"\(plain)\",1]").elements.map(\.kind) == [.string, .number])
            #expect(try value("\"\(plain)\\\"\(plain)\"").string == plain + "\"" + plain)
            #expect(try value("\"\(plain)\\\\\"").string == plain + "\\")
            #expect(try value("\"\(plain)é\(plain)\"").string == plain + "é" + plain)
            #expect(violation(of: "\"\(plain)") == .unterminatedString(offset: 0))
            #expect(violation(of: "\"\(plain)\\q\"") == .invalidEscape(offset: offset + 1))
        }
    }

    @Test func `each ASCII character stands for itself unless it must be escaped`() throws {
        for character in 0x20...0x7F where character != 0x22 && character != 0x5C {
            for offset in 0..<40 {
                let text =
                    String(repeating: "a", count: offset) + String(UnicodeScalar(UInt8(character)))
                #expect(try value("\"\(text)\"").string == text)
            }
        }
    }

    @Test func `each escape of one character means what the RFC says`() throws {
        let meanings = Dictionary(
            uniqueKeysWithValues: zip("\"\\/bfnrt".utf8, "\"\\/\u{8}\u{C}\n\r\t".utf8))
        for character in UInt8.min...UInt8.max where character != UInt8(ascii: "u") {
            let bytes: [UInt8] = [0x22, 0x5C, character, 0x22]
            if let meaning = meanings[character] {
                #expect(try JSONDocument(parsing: bytes).root.stringBytes == [meaning])
            } else {
                #expect(violation(of: bytes) == .invalidEscape(offset: 1))
            }
        }
    }

    @Test func `every code unit is a character or half of one`() throws {
        for unit in 0...0xFFFF {
            let text = String(format: "\"\\u%04x\"", unit)
            if let scalar = UnicodeScalar(unit) {
                #expect(try value(text).string == String(Character(scalar)))
            } else {
                #expect(violation(of: text) == .loneSurrogate(offset: 1))
            }
        }
    }

    @Test func `a string equals its text only`() throws {
        #expect(try value(#""tools/call""#).isString("tools/call"))
        #expect(try value(#""tools\/c\u0061ll""#).isString("tools/call"))
        #expect(try !value(#""tools/cal""#).isString("tools/call"))
        #expect(try !value(#""tools/calls""#).isString("tools/call"))
        #expect(try !value(#""tools/Call""#).isString("tools/call"))
        #expect(try !value(#""\u0074ools/calls""#).isString("tools/call"))
        #expect(try !value(#""""#).isString("a"))
        #expect(try value(#""""#).isString(""))
        #expect(try !value("1").isString("1"))
        #expect(try !value("null").isString("null"))
    }
}
