import Testing

/// Text that tries to break or forge a line of the log, and what a reader shall decode.
struct HostileText: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let decoded: String

    var testDescription: String { name }

    init(_ name: String, _ text: String) {
        self.init(name, Array(text.utf8), text)
    }

    init(_ name: String, _ bytes: [UInt8], _ decoded: String) {
        self.name = name
        self.bytes = bytes
        self.decoded = decoded
    }

    static let all = [
        HostileText("line feed", "a\nb"),
        HostileText("carriage return", "a\rb"),
        HostileText("both", "a\r\n{\"time\":\"forged\"}\r\nb"),
        HostileText("quote", "a\"b"),
        HostileText("reverse solidus", "a\\"),
        HostileText("escaped quote", "a\\\""),
        HostileText("another member", "x\",\"decision\":\"forwarded\",\"y\":\""),
        HostileText("end of the object", "x\"}"),
        HostileText("tabulator", "a\tb"),
        HostileText("NUL", "a\0b"),
        HostileText("all controls", String(String.UnicodeScalarView((0..<32).map { .init($0) }))),
        HostileText("escape sequence", "\u{1B}[2K\u{1B}[1A"),
        HostileText("delete", "a\u{7F}b"),
        HostileText("next line", "a\u{85}b"),
        HostileText("C1 control sequence introducer", "a\u{9B}2Kb"),
        HostileText("line separator", "a\u{2028}b"),
        HostileText("paragraph separator", "a\u{2029}b"),
        HostileText("right-to-left override", "a\u{202E}b"),
        HostileText("isolate", "a\u{2066}b"),
        HostileText("zero width", "a\u{200B}b\u{FEFF}"),
        HostileText("tag beyond the basic plane", "a\u{E0041}b"),
        HostileText("ordinary text of four lengths", "aé€😀z"),
        HostileText("lone byte", [0x61, 0xFF, 0x62], "a\\xffb"),
        HostileText("continuation alone", [0x80], "\\x80"),
        HostileText("sequence cut short", [0x61, 0xE2, 0x80], "a\\xe2\\x80"),
        HostileText("sequence broken by a quote", [0xE2, 0x80, 0x22], "\\xe2\\x80\""),
        HostileText("overlong solidus", [0xC0, 0xAF], "\\xc0\\xaf"),
        HostileText("overlong line feed", [0xE0, 0x80, 0x8A], "\\xe0\\x80\\x8a"),
        HostileText("surrogate", [0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
        HostileText("beyond U+10FFFF", [0xF4, 0x90, 0x80, 0x80], "\\xf4\\x90\\x80\\x80"),
        HostileText("no lead byte", [0xF5, 0x80, 0x80, 0x80], "\\xf5\\x80\\x80\\x80"),
    ]
}
