import Testing

@testable import Gateway

@Suite("Request identifiers") struct RequestIdentifierTests {
    @Test(
        arguments: [
            (0, 0, "00000000000000000000"),
            (61, 61, "0000000000z00000000z"),
            (62, 62, "00000000010000000010"),
            (UInt64.max, 13_537_086_546_263_551, "LygHa16AHYFzzzzzzzzz"),
        ] as [(UInt64, UInt64, String)])
    func `an identifier is a prefix and a number`(
        _ prefix: UInt64, _ sequence: UInt64, _ expected: String
    ) {
        let identifier = RequestIdentifier(prefix: prefix, sequence: sequence)
        #expect(identifier.description == expected)
    }

    @Test func `identifiers of two loops are all different and all well-formed`() {
        var generators = [RequestIdentifierGenerator(), RequestIdentifierGenerator()]
        var seen: Set<String> = []
        for _ in 0..<5000 {
            for index in generators.indices {
                seen.insert(generators[index].next().description)
            }
        }
        #expect(seen.count == 10_000)
        #expect(seen.allSatisfy { $0.wholeMatch(of: /[0-9A-Za-z]{20}/) != nil })
    }

    @Test func `a generator draws its prefix and counts`() {
        var source = FixedNumbers()
        var generator = RequestIdentifierGenerator(using: &source)
        #expect(generator.next().description == "00000000017000000000")
        #expect(generator.next().description == "00000000017000000001")
    }
}

private struct FixedNumbers: RandomNumberGenerator {
    mutating func next() -> UInt64 { 69 }
}
