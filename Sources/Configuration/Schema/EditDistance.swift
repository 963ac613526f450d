/// How far a misspelt word is from the words that exist.
enum EditDistance {
    /// The nearest word, or nil where none is so near that it was probably meant.
    static func nearest(to word: String, among words: [String]) -> String? {
        guard word.utf8.count <= 64 else { return nil }
        let limit = max(1, word.count / 3)
        let near = words.map { (word: $0, steps: steps(from: word.lowercased(), to: $0)) }
        return near.filter { $0.steps <= limit }.min { $0.steps < $1.steps }?.word
    }

    /// The number of characters to insert, remove, replace or swap with their neighbour.
    ///
    /// Source: the optimal string alignment form of the Damerau–Levenshtein distance.
    static func steps(from first: String, to second: String) -> Int {
        let (a, b) = (Array(first), Array(second))
        var before: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                let replaced = previous[j] + (a[i] == b[j] ? 0 : 1)
                var best = min(replaced, previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, before[j - 1] + 1)
                }
                row.append(best)
            }
            (before, previous) = (previous, row)
        }
        return previous[b.count]
    }
}
