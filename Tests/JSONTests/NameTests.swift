import JSON
import Testing

/// RFC 8259 §4: names are unique, as an enforcement point must have it.
@Suite("Names") struct NameTests {
    @Test(arguments: [
        (#"{"a":1,"a":2}"#, 7), (#"{"a":1,"a":1}"#, 7), (#"{"a":1,"b":2,"a":3}"#, 13),
        (#"{"":1,"":2}"#, 6), (#"{"x":{"a":1,"a":2}}"#, 12), (#"[{"a":1,"a":2}]"#, 8),
        (#"[[[{"a":1,"a":2}]]]"#, 10), (#"{"x":[{"a":{"b":1,"b":2}}]}"#, 18),
        (#"{"a":{"a":1},"a":2}"#, 13), (#"{"b":1,"a":[{},{"c":[1,2]}],"a":2}"#, 28),
        (#"{"method":1,"m\u0065thod":2}"#, 12), (#"{"m\u0065thod":1,"method":2}"#, 17),
        (#"{"m\u0065thod":1,"\u006dethod":2}"#, 17), (#"{"\u0041":1,"A":2}"#, 12),
        (#"{"é":1,"\u00e9":2}"#, 8), (#"{"😀":1,"\ud83d\ude00":2}"#, 10), (#"{"/":1,"\/":2}"#, 7),
        (#"{"\n":1,"\u000a":2}"#, 8), (#"{"\u0000":1,"\u0000":2}"#, 12),
        (#"{"a\u0000":1,"a\u0000":2}"#, 13), (#"{"io.example/one":1,"io.example/one":2}"#, 20),
        (#"{"abcdefgh":1,"abcdefgh":2}"#, 14), (#"{"abcd":1,"abcd":2}"#, 10),
        (#"{"params":{"name":"a","_meta":{},"n\u0061me":"b"}}"#, 33),
    ])
    func `a second member of one name is refused`(_ text: String, _ offset: Int) {
        #expect(violation(of: text) == .duplicateName(offset: offset))
    }

    @Test(arguments: [
        #"{"a":1,"A":2}"#, #"{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}"#,
        #"{"a":1,"aa":2,"aaa":3}"#,
        #"{"a":"a","b":"a"}"#, #"{"":1,"\u0000":2,"\u0000\u0000":3}"#, #"{"é":1,"e\u0301":2}"#,
        #"{"a\\u0062":1,"ab":2}"#, #"{"abcdefghijk1abcdefgh":1,"abcdefghijk2abcdefgh":2}"#,
        #"{"method":1,"\u017fmethod":2,"METHOD":3}"#, #"{"ab":1,"ba":2,"aab":3,"aba":4,"baa":5}"#,
    ])
    func `names that differ in any byte are accepted`(_ text: String) {
        #expect(violation(of: text) == nil)
    }

    @Test(arguments: [2, 3, 8, 15, 16, 17, 18, 31, 32, 33, 100, 1000])
    func `a duplicate is found among any number of names, wherever it stands`(_ count: Int) {
        var random = SystemRandomNumberGenerator()
        let names = (0..<count).map { "name\($0)" }
        #expect(violation(of: object(names)) == nil)
        for _ in 0..<50 {
            let first = Int.random(in: 0..<count - 1, using: &random)
            let second = Int.random(in: first + 1..<count, using: &random)
            for repeated in ["name\(first)", "n\\u0061me\(first)"] {
                var changed = names
                changed[second] = repeated
                let text = object(changed)
                let offset = 1 + changed[..<second].reduce(0) { $0 + $1.utf8.count + 5 }
                #expect(violation(of: text) == .duplicateName(offset: offset))
            }
        }
    }

    @Test func `names that share length, beginning and end are told apart`() {
        for count in [16, 200] {
            let names = (0..<count).map { "abcdefgh" + String($0 + 1000) + "stuvwxyz" }
            #expect(violation(of: object(names)) == nil)
            #expect(violation(of: object(names + [names[3]]))?.isDuplicateName == true)
        }
    }

    /// Names whose first and last eight bytes are equal have equal fingerprints.
    @Test func `ten thousand names made to collide take no quadratic time`() {
        let names = (0..<10_000).map { "abcdefgh" + String($0 + 10_000) + "stuvwxyz" }
        let escaped = (0..<10_000).map { "abcd\\u0065fgh" + String($0 + 10_000) + "stuvwxyz" }
        for text in [object(names), object(escaped)] {
            let duration = ContinuousClock().measure { #expect(violation(of: text) == nil) }
            #expect(duration < .seconds(1))
        }
    }

    @Test func `the order of members does not matter to finding them`() throws {
        for count in [1, 2, 16, 17, 300] {
            let names = (0..<count).map { "name\($0)" }.shuffled()
            let root = try value(object(names))
            for name in names { #expect(root.member(name)?.integer == 1) }
            #expect(root.member("name\(count)") == nil)
            #expect(root.members.map(\.name.string) == names)
        }
    }

    private func object(_ names: [String]) -> String {
        "{" + names.map { "\"\($0)\":1" }.joined(separator: ",") + "}"
    }
}

extension JSONViolation {
    fileprivate var isDuplicateName: Bool {
        if case .duplicateName = self { true } else { false }
    }
}
