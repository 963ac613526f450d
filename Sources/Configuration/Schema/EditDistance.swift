/// How far a misspelt word is from the words that exist.
enum EditDistance {
    /// The nearest word, or nil where none is so near that it was probably meant.
    static func nearest(to word: String, among words: [String]) -> String? {
        guard word.utf8.count <= 64 else { return nil }
        let limit = max(1, word.utf8.count / 3)
        let small = word.lowercased()
        let count = small.utf8.count
        // What differs in length takes at least as many steps.
        let near = words.filter { abs($0.utf8.count - count) <= limit }
            .compactMap { word in
                steps(from: small, to: word, atMost: limit).map { (word: word, steps: $0) }
            }
        return near.min { $0.steps < $1.steps }?.word
    }

    /// The number of bytes to insert, remove, replace or swap with their neighbour.
    ///
    /// The words that exist are ASCII. Nil where it takes more than `limit`.
    ///
    /// Source: the optimal string alignment form of the Damerau–Levenshtein distance.
    static func steps(from first: String, to second: String, atMost limit: Int = .max) -> Int? {
        let (a, b) = (Array(first.utf8), Array(second.utf8))
        var before: [Int] = []
        var previous = Array(0...b.count)
        var previousLeast = 0
        for i in a.indices {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in b.indices {
                let replaced = previous[j] + (a[i] == b[j] ? 0 : 1)
                var best = min(replaced, previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, before[j - 1] + 1)
                }
                row.append(best)
            }
            // A step looks back two rows at most; a swap costs one more than the farther of them.
            let least = row.min() ?? 0
            guard least <= limit || previousLeast < limit else { return nil }
            (before, previous, previousLeast) = (previous, row, least)
        }
        return previous[b.count] <= limit ? previous[b.count] : nil
    }
}
