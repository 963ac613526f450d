import JSON

/// The names of members that are read at one place of a message.
///
/// A server that matches names without regard to case would take `Method` for `method`, so a name
/// that folds onto one of these without being it could be read in two ways
/// (CVE-2026-27896, GHSA-4gph-2hhr-5mwg).
struct MemberNames<Key: CaseIterable & RawRepresentable & Sendable>: Sendable
where Key.RawValue == String {
    /// What a name is to the set.
    enum Match {
        /// That name.
        case exact(Key)
        /// It folds onto a name of the set, but is spelled otherwise.
        case twin
        /// Nothing that is read.
        case other
    }

    private let names: [(key: Key, exact: [UInt8], folded: [UInt8])]

    /// The raw values of all cases, which are ASCII.
    init() {
        names = Key.allCases.map { key in
            let bytes = Array(key.rawValue.utf8)
            return (key, bytes, bytes.map(Self.lowercased))
        }
    }

    /// How a member's name, unescaped, matches.
    func match(_ name: ArraySlice<UInt8>) -> Match {
        guard let first = name.first else { return .other }
        for (key, exact, folded) in names {
            // A letter beyond ASCII may fold onto any first letter.
            guard first >= 0x80 || Self.lowercased(first) == folded[0] else { continue }
            if exact.elementsEqual(name) { return .exact(key) }
            if Self.folds(name, onto: folded) { return .twin }
        }
        return .other
    }

    /// Hands over the members of `object` whose names are in the set.
    ///
    /// - Throws: `twin` if a name folds onto one of the set, and what `body` throws.
    func read<Failure: Error>(
        _ object: JSONValue, twin: Failure, _ body: (Key, JSONValue) throws(Failure) -> Void
    ) throws(Failure) {
        for (name, value) in object.members {
            guard let text = name.utf8 else { continue }
            switch match(text) {
            case .exact(let key): try body(key, value)
            case .twin: throw twin
            case .other: continue
            }
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    /// Whether `name` is `folded` once case is disregarded.
    ///
    /// Beside ASCII these letters fold onto ASCII: U+017F onto s and U+212A onto k by Unicode's
    /// simple folding, U+0130 and U+0131 onto i in libraries that compare letter by letter.
    private static func folds(_ name: ArraySlice<UInt8>, onto folded: [UInt8]) -> Bool {
        var rest = name
        for letter in folded {
            if rest.first.map(lowercased) == letter {
                rest = rest.dropFirst()
                continue
            }
            guard
                let spelling = letterLookalikes.first(where: {
                    $0.letter == letter && rest.starts(with: $0.utf8)
                })
            else { return false }
            rest = rest.dropFirst(spelling.utf8.count)
        }
        return rest.isEmpty
    }

}

/// Letters beyond ASCII that are taken for an ASCII letter when case is disregarded.
private let letterLookalikes: [(letter: UInt8, utf8: [UInt8])] = [
    (UInt8(ascii: "s"), Array("\u{17F}".utf8)),
    (UInt8(ascii: "k"), Array("\u{212A}".utf8)),
    (UInt8(ascii: "i"), Array("\u{130}".utf8)),
    (UInt8(ascii: "i"), Array("\u{131}".utf8)),
]
