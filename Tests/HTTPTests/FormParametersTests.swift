import HTTP
import Testing

@Suite struct FormParametersTests {
    private func parse(_ text: String) throws -> FormParameters {
        try FormParameters(parsing: Array(text.utf8)[...])
    }

    @Test func `names and values are decoded`() throws {
        let form = try parse("a=1&b=c+d%20e&%C3%A9=%26%3D%2B&empty=&bare&=x")
        #expect(try form.single("a") == "1")
        #expect(try form.single("b") == "c d e")
        #expect(try form.single("é") == "&=+")
        #expect(try form.single("") == "x")
        #expect(form.names == ["a", "b", "é", "empty", "bare", ""])
    }

    @Test func `a value may hold an equals sign`() throws {
        #expect(try parse("a=b=c==").single("a") == "b=c==")
    }

    @Test func `an empty value is as good as none`() throws {
        let form = try parse("empty=&bare")
        #expect(try form.single("empty") == nil)
        #expect(try form.single("bare") == nil)
        #expect(try form.single("other") == nil)
        #expect(form.values("empty") == [""])
    }

    @Test(arguments: ["a=1&a=2", "a=1&a=1", "a=&a=1", "a&a", "a=1&%61=1"])
    func `a name that is there twice has no single value`(text: String) throws {
        let form = try parse(text)
        #expect(throws: FormViolation.repeatedParameter) { try form.single("a") }
        #expect(form.values("a").count == 2)
    }

    @Test func `names are compared byte for byte`() throws {
        let form = try parse("A=1&a=2&b%00=3&%E2%84%AA=4")
        #expect(try form.single("a") == "2")
        #expect(try form.single("b") == nil)
        // U+212A is equal to K as Swift compares strings, and is another name.
        #expect(try form.single("K") == nil)
        #expect(try form.single("\u{212A}") == "4")
    }

    @Test(arguments: [
        ("a=%", FormViolation.percentEncoding), ("a=%4", .percentEncoding),
        ("a=%4g", .percentEncoding), ("a=%u0041", .percentEncoding), ("%=a", .percentEncoding),
        ("a=%%41", .percentEncoding), ("a=b c", .invalidByte), ("a=\u{0}", .invalidByte),
        ("a=1\r\n", .invalidByte), ("a=é", .invalidByte), ("a\t=1", .invalidByte),
        ("a=\u{7F}", .invalidByte), ("a=%FF", .notUTF8), ("a=%C3", .notUTF8),
        ("a=%C0%80", .notUTF8), ("a=%ED%A0%80", .notUTF8), ("%FF=a", .notUTF8),
        ("a=%F4%90%80%80", .notUTF8),
    ])
    func `what could be read in two ways is refused`(text: String, violation: FormViolation) {
        #expect(throws: violation) { try parse(text) }
    }

    @Test func `the number of parameters is limited`() throws {
        let most = [String](repeating: "a=1", count: FormParameters.maximumCount)
        #expect(try parse(most.joined(separator: "&")).values("a").count == 64)
        #expect(throws: FormViolation.tooManyParameters) {
            try parse((most + ["b"]).joined(separator: "&"))
        }
    }

    @Test(arguments: ["", "&", "&&&"])
    func `nothing is no parameters`(text: String) throws {
        #expect(try parse(text).names.isEmpty)
    }

    @Test func `a missing query is no parameters`() throws {
        #expect(try FormParameters(query: nil).names.isEmpty)
        #expect(try FormParameters(query: "a=1").single("a") == "1")
    }

    @Test func `describing a form shows no values`() throws {
        let form = try parse("password=hunter2")
        var dumped = ""
        dump(form, to: &dumped)
        for text in ["\(form)", String(reflecting: form), dumped] {
            #expect(!text.contains("hunter2"))
        }
    }

    @Test(arguments: FormViolation.allCases)
    func `each violation has words for the public`(violation: FormViolation) {
        // RFC 6749 §5.2 — what an error_description may hold.
        #expect(violation.description.utf8.allSatisfy { 0x20...0x7E ~= $0 })
        #expect(!violation.description.contains { "\"\\".contains($0) })
    }

    @Test(arguments: [
        ("", ""), ("azAZ09-._~", "azAZ09-._~"), ("a b", "a%20b"), ("+", "%2B"),
        ("&=#?/:", "%26%3D%23%3F%2F%3A"), ("é", "%C3%A9"), ("\r\n", "%0D%0A"), ("%", "%25"),
    ])
    func `what is encoded is read back`(text: String, encoded: String) throws {
        #expect(PercentEncoding.encode(text) == encoded)
        #expect(
            PercentEncoding.decode(Array(encoded.utf8)[...], plusIsSpace: true)
                == Array(text.utf8))
        let form = try parse(PercentEncoding.encode(form: [("x", "1"), ("n\(text)", text)]))
        #expect(form.values("n\(text)") == [text])
    }

    @Test func `a plus sign is a space in forms only`() {
        #expect(
            PercentEncoding.decode(Array("a+b".utf8)[...], plusIsSpace: true) == Array("a b".utf8))
        #expect(
            PercentEncoding.decode(Array("a+b".utf8)[...], plusIsSpace: false) == Array("a+b".utf8))
    }
}
