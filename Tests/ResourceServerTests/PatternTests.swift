import Testing

@testable import ResourceServer

@Suite struct PatternTests {
    @Test(arguments: [
        ("search", "search"), ("get_*", "get_"), ("get_*", "get_ticket"), ("*", ""), ("*", "x"),
        ("**", "x"), ("*_ticket", "delete_ticket"), ("a*b", "ab"), ("a*b", "axxb"),
        ("a*b*c", "abc"), ("a*b*c", "a1b2b3c"), ("*b*", "b"), ("*aab*", "aaaab"),
        ("*ab*ab", "abab"), ("ticket://*", "ticket://"), ("a*ba*c", "abababac"), ("é*", "été"),
    ])
    func `a star stands for any run of bytes`(pattern: String, name: String) throws {
        #expect(try #require(Pattern(pattern)).matches(name))
    }

    @Test(arguments: [
        ("search", "Search"), ("search", "search "), ("search", " search"), ("search", "searc"),
        ("search", "search\u{0}"), ("get_*", "get"), ("get_*", "xget_y"), ("*b", "ab "),
        ("a*b", "a"), ("a*a", "a"), ("ab*ba", "aba"), ("a*b*c", "acb"), ("*ab*ab", "ab"),
        ("\u{E9}", "e\u{301}"), ("K", "\u{212A}"), ("s", "\u{17F}"), ("?", "a"), ("[a]", "a"),
        ("a.c", "abc"), ("*_safe", "delete\u{0}_safe"), ("get_*", "get_\u{0}"), ("*", "\u{0}"),
    ])
    func `bytes are compared as they are`(pattern: String, name: String) throws {
        #expect(try !#require(Pattern(pattern)).matches(name))
    }

    @Test func `an empty or overlong pattern is none`() {
        #expect(Pattern("") == nil)
        #expect(Pattern("", allowsEmpty: true)?.matches("") == true)
        #expect(Pattern(String(repeating: "a", count: 1024)) != nil)
        #expect(Pattern(String(repeating: "a", count: 1025)) == nil)
    }

    @Test func `patterns built to be slow take linear time`() throws {
        let name = String(repeating: "a", count: 1_000_000)
        let many = try #require(Pattern(String(repeating: "*a", count: 500) + "*b"))
        let long = try #require(Pattern("*" + String(repeating: "a", count: 1000) + "b*"))
        let elapsed = ContinuousClock().measure {
            #expect(!many.matches(name + "c"))
            #expect(!long.matches(name))
        }
        #expect(elapsed < .seconds(2))
    }

    @Test(arguments: [
        ("ticket://{id}", "ticket://*", true), ("ticket://{id}", "ticket://open/*", true),
        ("ticket://{id}/x", "ticket://*/y", false), ("ticket://{id}/x", "ticket://*/x", true),
        ("file:///{path}", "ticket://*", false), ("{+uri}", "ticket://1", true),
        ("ticket://1", "ticket://1", true), ("ticket://1", "ticket://2", false),
        ("a{x}c{y}e", "a*e", true), ("a{x}c{y}e", "abcd", false), ("a{x}c", "ac", true),
        ("a{x", "*", false), ("a}x", "*", false), ("a{{x}}", "*", false), ("", "*", true),
        ("a{x}", "*b", true), ("xa{x}", "a*", false),
    ])
    func `a template could match if some expansion does`(
        template: String, pattern: String, expected: Bool
    ) throws {
        let compiled = try #require(Pattern(pattern))
        #expect((ResourceTemplate(template.utf8)?.couldMatch(compiled) ?? false) == expected)
    }
}
