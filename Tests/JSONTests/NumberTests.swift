import JSON
import Testing

/// RFC 8259 §6.
@Suite("Numbers") struct NumberTests {
    @Test(arguments: [
        "0", "-0", "1", "-1", "10", "123", "1234567890", "0.0", "-0.0", "0.1", "1.0", "1.50", "0e0",
        "0E0", "0e+0", "0e-0", "1e1", "1E1", "1e+1", "1e-1", "1.5e10", "-1.5E-10", "1e05", "1e400",
        "-1e400", "1e-400", "1e99999999999999999999", "123456789012345678901234567890",
        "0.00000000000000000000000000000000000001", "9223372036854775808",
    ])
    func `a number within the grammar is accepted`(_ text: String) throws {
        for (form, start) in [(text, 0), ("[\(text)]", 1), ("[ \(text) ]", 2)] {
            let root = try value(form)
            let number =
                root.kind == .array ? try #require(root.elements.first { _ in true }) : root
            #expect(number.kind == .number)
            #expect(number.range == start..<start + text.utf8.count)
        }
    }

    @Test(
        arguments: [
            ("01", .leadingZero(offset: 0)), ("00", .leadingZero(offset: 0)),
            ("-01", .leadingZero(offset: 1)), ("-00", .leadingZero(offset: 1)),
            ("012.5", .leadingZero(offset: 0)), ("0000000000000000001", .leadingZero(offset: 0)),
            ("-", .digitExpected(offset: 1)), ("--1", .digitExpected(offset: 1)),
            ("-a", .digitExpected(offset: 1)), ("- 1", .digitExpected(offset: 1)),
            ("-.5", .digitExpected(offset: 1)), ("-Infinity", .digitExpected(offset: 1)),
            ("-NaN", .digitExpected(offset: 1)), ("1.", .digitExpected(offset: 2)),
            ("1.e1", .digitExpected(offset: 2)), ("1.-1", .digitExpected(offset: 2)),
            ("1..2", .digitExpected(offset: 2)), ("0.", .digitExpected(offset: 2)),
            ("1e", .digitExpected(offset: 2)), ("1E", .digitExpected(offset: 2)),
            ("1e+", .digitExpected(offset: 3)), ("1e-", .digitExpected(offset: 3)),
            ("1e++1", .digitExpected(offset: 3)), ("1ee1", .digitExpected(offset: 2)),
            ("1e.5", .digitExpected(offset: 2)), ("1.5e", .digitExpected(offset: 4)),
            ("+1", .valueExpected(offset: 0)), ("++1", .valueExpected(offset: 0)),
            (".5", .valueExpected(offset: 0)), ("Infinity", .valueExpected(offset: 0)),
            ("NaN", .valueExpected(offset: 0)), ("\u{FF11}", .valueExpected(offset: 0)),
            ("0x10", .trailingBytes(offset: 1)), ("1a", .trailingBytes(offset: 1)),
            ("1.5.5", .trailingBytes(offset: 3)), ("1e5.5", .trailingBytes(offset: 3)),
            ("1_000", .trailingBytes(offset: 1)), ("1,000", .trailingBytes(offset: 1)),
            ("1 000", .trailingBytes(offset: 2)), ("1+1", .trailingBytes(offset: 1)),
            ("1-1", .trailingBytes(offset: 1)), ("1f", .trailingBytes(offset: 1)),
            ("1n", .trailingBytes(offset: 1)), ("1\u{0661}", .trailingBytes(offset: 1)),
        ] as [(String, JSONViolation)])
    func `a number outside the grammar is refused`(_ text: String, _ expected: JSONViolation) {
        #expect(violation(of: text) == expected)
    }

    @Test func `a number of a million digits takes linear time`() throws {
        let digits = String(repeating: "7", count: 1_000_000)
        let clock = ContinuousClock()
        for text in [digits, "-" + digits, "0." + digits, "1e" + digits, "1e-" + digits] {
            let duration = clock.measure { #expect(violation(of: text) == nil) }
            #expect(duration < .seconds(2))
        }
        #expect(try value(digits).integer == nil)
        #expect(violation(of: "1e" + digits + "x") == .trailingBytes(offset: 1_000_002))
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("1", 1), ("-1", -1), ("1234567890", 1_234_567_890),
            ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil),
            ("92233720368547758070", nil),
            ("1.0", nil), ("1e3", nil), ("1E0", nil), ("-1.5", nil), ("\"1\"", nil), ("true", nil),
            ("[1]", nil), ("18446744073709551617", nil),
        ] as [(String, Int64?)])
    func `only digits that fit are an integer`(_ text: String, _ expected: Int64?) throws {
        #expect(try value(text).integer == expected)
    }
}
