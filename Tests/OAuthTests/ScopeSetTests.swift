import OAuth
import Testing

@Suite struct ScopeSetTests {
    @Test(arguments: ["a", "tickets:read", "!", "#$%&'()*+,-./", "[]^_`{|}~", "https://x/y"])
    func `a scope token is printable ASCII but for space, quote and backslash`(text: String) {
        #expect(ScopeToken(text)?.text == text)
    }

    @Test(arguments: [
        "", " ", "a b", "a\"b", "a\\b", "a\tb", "a\u{7F}", "é", "a\n",
        String(repeating: "a", count: 257),
    ])
    func `anything else is no scope token`(text: String) {
        #expect(ScopeToken(text) == nil)
    }

    @Test(arguments: [
        ("", [] as [String]), ("a", ["a"]), ("a b", ["a", "b"]), ("b a b", ["b", "a"]),
    ])
    func `a scope value is tokens with one space between two`(text: String, names: [String]) {
        #expect(ScopeSet(parsing: text)?.tokens.map(\.text) == names)
    }

    @Test(arguments: [" ", " a", "a ", "a  b", "a\tb", "a,\"b\""])
    func `a scope value with other separators is refused`(text: String) {
        #expect(ScopeSet(parsing: text) == nil)
    }

    @Test func `more scopes than the limit are refused`() {
        let names = (0..<ScopeSet.maximumCount).map { "s\($0)" }
        #expect(ScopeSet(parsing: names.joined(separator: " ")) != nil)
        #expect(ScopeSet(parsing: (names + ["x"]).joined(separator: " ")) == nil)
    }

    @Test func `a union keeps the order and names each scope once`() throws {
        let left = try #require(ScopeSet(parsing: "c a"))
        let right = try #require(ScopeSet(parsing: "a b"))
        #expect(left.union(right).text == "c a b")
    }
}
