import JSON
import Testing

/// What a peer may not make larger than we want it.
@Suite("Limits") struct LimitTests {
    @Test(arguments: [1, 2, 63, 64])
    func `nesting up to the limit is accepted`(_ depth: Int) {
        for text in nested(depth) { #expect(violation(of: text) == nil) }
    }

    @Test(arguments: [65, 66, 100, 100_000])
    func `nesting beyond the limit is refused where it begins`(_ depth: Int) {
        let texts = nested(depth)
        #expect(violation(of: texts[0]) == .tooDeep(offset: 64))
        #expect(violation(of: texts[1]) == .tooDeep(offset: 64 * 5))
        #expect(violation(of: texts[2]) == .tooDeep(offset: 32 * 6))
        #expect(violation(of: String(repeating: "[", count: depth)) == .tooDeep(offset: 64))
        #expect(violation(of: String(repeating: "{\"a\":", count: depth)) == .tooDeep(offset: 320))
    }

    @Test func `depth counts what is open, not what was`() {
        let siblings = Array(repeating: nested(63)[0], count: 100).joined(separator: ",")
        #expect(violation(of: "[\(siblings)]") == nil)
        #expect(violation(of: "[\(siblings),\(nested(64)[0])]")?.isTooDeep == true)
    }

    @Test func `the depth can be configured`() {
        #expect(violation(of: "1", limits: JSONLimits(depth: 0)) == nil)
        #expect(violation(of: "[]", limits: JSONLimits(depth: 0)) == .tooDeep(offset: 0))
        #expect(violation(of: "[[]]", limits: JSONLimits(depth: 1)) == .tooDeep(offset: 1))
        #expect(violation(of: nested(1000)[0], limits: JSONLimits(depth: 1000)) == nil)
        let limits = JSONLimits(depth: 200_000)
        #expect(violation(of: nested(100_000)[0], limits: limits) == nil)
        #expect(
            violation(of: String(repeating: "[", count: 100_000), limits: limits)
                == .unexpectedEnd(offset: 100_000))
    }

    @Test func `members up to the limit are accepted, one more is not`() {
        for (count, isAccepted) in [(9_999, true), (10_000, true), (10_001, false)] {
            let array = "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]"
            let object = "{" + (0..<count).map { "\"\($0)\":1" }.joined(separator: ",") + "}"
            #expect(violation(of: array) == (isAccepted ? nil : .tooManyMembers(offset: 20_001)))
            #expect((violation(of: object) == nil) == isAccepted)
            #expect(violation(of: object)?.isTooManyMembers != isAccepted)
        }
    }

    @Test func `members are counted in each container alone`() {
        let limits = JSONLimits(members: 3)
        #expect(violation(of: "[[1,2,3],[1,2,3],[1,2,3]]", limits: limits) == nil)
        #expect(
            violation(of: #"{"a":{"a":1,"b":2,"c":3},"b":[1,2,3],"c":3}"#, limits: limits) == nil)
        #expect(violation(of: "[[],[],[],[]]", limits: limits) == .tooManyMembers(offset: 10))
        #expect(violation(of: "[[1,2,3],1,2,3]", limits: limits) == .tooManyMembers(offset: 13))
        #expect(violation(of: "[[1,2,3,4]]", limits: limits) == .tooManyMembers(offset: 8))
        #expect(violation(of: "[]", limits: JSONLimits(members: 0)) == nil)
        #expect(violation(of: "[1]", limits: JSONLimits(members: 0)) == .tooManyMembers(offset: 1))
    }

    @Test func `a name up to the limit is accepted, a longer one is not`() {
        for (unit, length) in [
            ("a", 1), ("é", 2), ("\\u0061", 1), ("\\n", 1), ("\\ud83d\\ude00", 4),
        ] {
            let fitting = String(repeating: unit, count: 256 / length)
            #expect(violation(of: "{\"\(fitting)\":1}") == nil)
            #expect(violation(of: "{\"\(fitting)a\":1}") == .nameTooLong(offset: 1))
            #expect(violation(of: "[{\"x\":{\"\(fitting)a\":1}}]") == .nameTooLong(offset: 7))
        }
        let long = String(repeating: "a", count: 100_000)
        #expect(violation(of: "{\"a\":\"\(long)\"}") == nil)
        #expect(
            violation(of: "{\"abc\":1}", limits: JSONLimits(nameLength: 2))
                == .nameTooLong(offset: 1))
    }

    @Test func `the usual limits are those of the documentation`() {
        #expect(JSONLimits() == JSONLimits(depth: 64, members: 10_000, nameLength: 256))
    }

    /// Arrays, objects, and both in turn, `depth` deep.
    private func nested(_ depth: Int) -> [String] {
        let pairs = String(repeating: "[{\"a\":", count: depth / 2)
        let ends = String(repeating: "}]", count: depth / 2)
        return [
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth),
            String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth),
            depth % 2 == 0 ? pairs + "1" + ends : pairs + "[]" + ends,
        ]
    }
}

extension JSONViolation {
    fileprivate var isTooDeep: Bool {
        if case .tooDeep = self { true } else { false }
    }

    fileprivate var isTooManyMembers: Bool {
        if case .tooManyMembers = self { true } else { false }
    }
}
