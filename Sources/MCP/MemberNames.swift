import JSON

/// The names of members that are read at one place of a message.
///
/// A server that matches names without regard to case would take `Method` for `method`, so a name
/// that folds onto one of these without being it could be read in two ways
/// (CVE-2026-27896, GHSA-4gph-2hhr-5mwg).
struct MemberNames<Key: CaseIterable & RawRepresentable & Sendable>: Sendable
where Key.RawValue == String {
    private let keys: [Key]
    /// The names one after another, and the same in lower case.
    private let exact: [UInt8]
    private let folded: [UInt8]
    /// Where each name begins, and where the last one ends.
    private let starts: [Int]

    /// The raw values of all cases, which are ASCII.
    init() {
        keys = Array(Key.allCases)
        exact = keys.flatMap { Array($0.rawValue.utf8) }
        folded = exact.map(\.asciiLowercased)
        starts = keys.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.rawValue.utf8.count) }
    }

    /// Hands over the members of `object` whose names are in the set.
    ///
    /// - Throws: `twin` if a name folds onto one of the set, and what `body` throws.
    func read<Failure: Error>(
        _ object: JSONValue, in text: Span<UInt8>, twin: Failure,
        _ body: (Key, JSONValue) throws(Failure) -> Void
    ) throws(Failure) {
        for (name, value) in object.members {
            let range = name.range
            let content = text.extracting(range.lowerBound + 1..<range.upperBound - 1)
            // The names have no backslashes, so what is equal to one as it stands is that one.
            if let index = index(of: content) {
                try body(keys[index], value)
            } else if content.containsBackslash, let unescaped = name.utf8 {
                if let index = index(of: unescaped.span) {
                    try body(keys[index], value)
                } else if isTwin(unescaped.span) {
                    throw twin
                }
            } else if isTwin(content) {
                throw twin
            }
        }
    }

    /// The index of the name that is spelled so.
    private func index(of name: Span<UInt8>) -> Int? {
        let exact = exact.span
        let starts = starts.span
        for index in 0..<starts.count - 1 where name.count == starts[index + 1] - starts[index] {
            if name.equals(exact, at: starts[index]) { return index }
        }
        return nil
    }

    /// Whether a name that is none of the set, unescaped, folds onto one of it.
    private func isTwin(_ name: Span<UInt8>) -> Bool {
        let isASCII = name.isASCII
        let folded = folded.span
        let starts = starts.span
        for index in 0..<starts.count - 1 {
            let range = starts[index]..<starts[index + 1]
            // Beyond ASCII letters take more bytes than what they fold onto.
            guard isASCII ? name.count == range.count : name.count > range.count else { continue }
            if name.folds(onto: folded.extracting(range)) { return true }
        }
        return false
    }
}
