import JSON
import Testing

/// RFC 8259 §8.1 and RFC 3629 §4.
@Suite("UTF-8") struct UTF8Tests {
    /// Ill-formed sequences; what is wrong is found at their first byte, or at `at`.
    struct IllFormed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        var at = 0

        init(_ description: String, _ bytes: [UInt8], at offset: Int = 0) {
            testDescription = description
            self.bytes = bytes
            at = offset
        }
    }

    static let illFormed: [IllFormed] = [
        IllFormed("continuation alone, lowest", [0x80]),
        IllFormed("continuation alone, highest", [0xBF]),
        IllFormed("continuations alone", [0x80, 0x80, 0x80, 0x80]),
        IllFormed("continuation after a character of two bytes", [0xC3, 0xA9, 0xA9], at: 2),
        IllFormed(
            "continuation after a character of three bytes", [0xE2, 0x82, 0xAC, 0x80], at: 3),
        IllFormed("continuation after a character of four", [0xF0, 0x9F, 0x98, 0x80, 0x80], at: 4),
        IllFormed("overlong NUL of two bytes", [0xC0, 0x80]),
        IllFormed("overlong slash of two bytes", [0xC0, 0xAF]),
        IllFormed("overlong quotation mark of two bytes", [0xC0, 0xA2]),
        IllFormed("overlong of two bytes, highest", [0xC1, 0xBF]),
        IllFormed("overlong slash of three bytes", [0xE0, 0x80, 0xAF]),
        IllFormed("overlong of three bytes, highest", [0xE0, 0x9F, 0xBF]),
        IllFormed("overlong slash of four bytes", [0xF0, 0x80, 0x80, 0xAF]),
        IllFormed("overlong of four bytes, highest", [0xF0, 0x8F, 0xBF, 0xBF]),
        IllFormed("surrogate U+D800", [0xED, 0xA0, 0x80]),
        IllFormed("surrogate U+DBFF", [0xED, 0xAF, 0xBF]),
        IllFormed("surrogate U+DC00", [0xED, 0xB0, 0x80]),
        IllFormed("surrogate U+DFFF", [0xED, 0xBF, 0xBF]),
        IllFormed("surrogate pair", [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]),
        IllFormed("U+110000", [0xF4, 0x90, 0x80, 0x80]),
        IllFormed("U+13FFFF", [0xF4, 0xBF, 0xBF, 0xBF]),
        IllFormed("U+140000", [0xF5, 0x80, 0x80, 0x80]),
        IllFormed("lead of five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80]),
        IllFormed("lead of six bytes", [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80]),
        IllFormed("FE", [0xFE]),
        IllFormed("FF", [0xFF]),
        IllFormed("two bytes cut after the first", [0xC3]),
        IllFormed("three bytes cut after the first", [0xE2]),
        IllFormed("three bytes cut after the second", [0xE2, 0x82]),
        IllFormed("four bytes cut after the first", [0xF0]),
        IllFormed("four bytes cut after the second", [0xF0, 0x9F]),
        IllFormed("four bytes cut after the third", [0xF0, 0x9F, 0x98]),
        IllFormed("second of two is ASCII", [0xC3, 0x41]),
        IllFormed("second of two is a lead", [0xC3, 0xC3]),
        IllFormed("third of three is ASCII", [0xE2, 0x82, 0x41]),
        IllFormed("third of three is a lead", [0xE2, 0x82, 0xC0]),
        IllFormed("third of four is ASCII", [0xF0, 0x9F, 0x41, 0x80]),
        IllFormed("fourth of four is ASCII", [0xF0, 0x9F, 0x98, 0x41]),
        IllFormed("fourth of four is a lead", [0xF0, 0x9F, 0x98, 0xC3]),
        IllFormed("lowest three-byte lead, second a lead", [0xE0, 0xC3, 0x80]),
        IllFormed("Latin-1 e acute before a letter", [0xE9, 0x74]),
    ]

    @Test(arguments: illFormed)
    func `an ill-formed sequence is refused wherever it stands`(_ sequence: IllFormed) {
        for offset in 0...70 {
            for tail in [0, 1, 2, 3, 8, 40] {
                let head = [0x22] + [UInt8](repeating: 0x61, count: offset)
                let text = head + sequence.bytes + [UInt8](repeating: 0x62, count: tail) + [0x22]
                let expected = JSONViolation.invalidUTF8(offset: offset + 1 + sequence.at)
                #expect(violation(of: text) == expected, "at \(offset), \(tail) after it")
            }
        }
    }

    @Test(arguments: illFormed)
    func `an ill-formed sequence is refused between other characters, and in a name`(
        _ sequence: IllFormed
    ) {
        for before in ["é", "€", "😀", "\\n", "\\u0041", "\\ud83d\\ude00"] {
            let head = Array("[\"\(before)".utf8)
            let expected = JSONViolation.invalidUTF8(offset: head.count + sequence.at)
            #expect(violation(of: head + sequence.bytes + Array("\"]".utf8)) == expected)
            let name = Array("{\"\(before)".utf8)
            #expect(violation(of: name + sequence.bytes + Array("\":1}".utf8)) == expected)
        }
    }

    @Test(arguments: illFormed)
    func `an ill-formed sequence at the very end is refused`(_ sequence: IllFormed) {
        #expect(violation(of: [0x22] + sequence.bytes) != nil)
        #expect(violation(of: Array("1 ".utf8) + sequence.bytes) == .trailingBytes(offset: 2))
        #expect(violation(of: sequence.bytes + Array(" 1".utf8)) == .valueExpected(offset: 0))
    }

    @Test func `every scalar is accepted, and as many as there are`() throws {
        var scalars = 0
        for block in stride(from: 0x20, through: 0x10FFFF, by: 0x400) {
            var text = ""
            for code in block..<block + 0x400 {
                guard let scalar = UnicodeScalar(code), scalar != "\"", scalar != "\\" else {
                    continue
                }
                text.unicodeScalars.append(scalar)
                scalars += 1
            }
            let bytes = [0x22] + Array(text.utf8) + [0x22]
            #expect(try JSONDocument(parsing: bytes).root.utf8.map(Array.init) == Array(text.utf8))
        }
        #expect(scalars == 0x110000 - 0x800 - 0x20 - 2)
    }

    @Test func `every pair of bytes is judged as the standard library judges it`() {
        for first in UInt8(0x80)...0xFF {
            for second in UInt8(0x20)...0xFF where second != 0x22 && second != 0x5C {
                let content = [first, second]
                let isValid = String(validating: content, as: UTF8.self) != nil
                #expect((violation(of: [0x22] + content + [0x22]) == nil) == isValid)
            }
        }
    }

    @Test func `random bytes are judged as the standard library judges them`() {
        var random = SystemRandomNumberGenerator()
        let leads: [UInt8] = [0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF3, 0xF4, 0x41]
        for _ in 0..<20_000 {
            var content: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                content.append(leads.randomElement(using: &random) ?? 0x41)
                for _ in 0..<Int.random(in: 0...3, using: &random) {
                    content.append(UInt8.random(in: 0x80...0xBF, using: &random))
                }
            }
            let isValid = String(validating: content, as: UTF8.self) != nil
            let found = violation(of: [0x22] + content + [0x22])
            #expect((found == nil) == isValid, "\(content)")
        }
    }
}
