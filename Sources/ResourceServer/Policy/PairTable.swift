/// Patterns that begin and end with a star, by a pair of bytes that every name which they match holds.
///
/// Each pattern lies under the one of its pairs that the fewest others have, so a name is held
/// against few of them.
struct PairTable: Sendable {
    /// Pairs fall into this many places; what shares one by chance is held against the name in vain.
    private static let places = 256

    private var buckets: [[Int]]
    /// The numbers of patterns that have no two literal bytes in a row.
    private var others: [Int] = []

    /// A table of numbers by patterns.
    init(_ members: [(pattern: Pattern, number: Int)]) {
        buckets = Array(repeating: [], count: members.isEmpty ? 0 : Self.places)
        var counts = [Int](repeating: 0, count: Self.places)
        let places = members.map { Self.places(of: $0.pattern) }
        for own in places { for place in own { counts[place] += 1 } }
        for (member, own) in zip(members, places) {
            if let rarest = own.min(by: { counts[$0] < counts[$1] }) {
                buckets[rarest].append(member.number)
            } else {
                others.append(member.number)
            }
        }
    }

    /// Appends the numbers of the patterns that may match the name, some of them perhaps twice.
    func appendMembers(of name: Span<UInt8>, to numbers: inout [Int]) {
        guard !buckets.isEmpty else { return }
        numbers += others
        guard name.count > 1 else { return }
        for index in 1..<name.count {
            let place = Self.place(name[index - 1], name[index])
            if !buckets[place].isEmpty { numbers += buckets[place] }
        }
    }

    private static func places(of pattern: Pattern) -> Set<Int> {
        var result: Set<Int> = []
        for part in pattern.parts {
            for index in part.indices.dropFirst() {
                result.insert(place(part[index - 1], part[index]))
            }
        }
        return result
    }

    @inline(__always)
    private static func place(_ first: UInt8, _ second: UInt8) -> Int {
        Int((first &* 31) &+ second)
    }
}
