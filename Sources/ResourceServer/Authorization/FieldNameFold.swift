import HTTP

/// Compares field names as the most careless reader would.
///
/// CGI and its kin turn every byte that is no letter or digit into `_`, so `X_Forwarded.User` and
/// `X-Forwarded-User` become one.
enum FieldNameFold {
    /// A byte as such a reader takes it: lower case, and a dash for whatever is no letter or digit.
    static func folded(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x41...0x5A: byte | 0x20
        case 0x61...0x7A, 0x30...0x39: byte
        default: UInt8(ascii: "-")
        }
    }
}

/// Names and beginnings of names, found in any spelling without allocating.
///
/// Names are kept by their length, so that most names are compared with none or one.
struct FoldedNames: Sendable {
    private let byLength: [[[UInt8]]]
    private let prefixes: [[UInt8]]

    /// The given names and beginnings, in lower case with dashes.
    init(names: [String], prefixes: [String]) {
        let all = names.map { Array($0.utf8) }
        let longest = all.map(\.count).max() ?? 0
        byLength = (0...longest).map { length in all.filter { $0.count == length } }
        self.prefixes = prefixes.map { Array($0.utf8) }
    }

    /// Whether the name folds to one of the names, or to something with one of the beginnings.
    func contains(_ name: ArraySlice<UInt8>) -> Bool {
        let span = name.span
        if span.count < byLength.count {
            for known in byLength[span.count] where Self.begins(span, known) { return true }
        }
        for prefix in prefixes where Self.begins(span, prefix) { return true }
        return false
    }

    /// Whether the name folds to something that begins with the bytes.
    private static func begins(_ name: Span<UInt8>, _ known: [UInt8]) -> Bool {
        guard name.count >= known.count else { return false }
        for index in known.indices {
            guard FieldNameFold.folded(name[index]) == known[index] else { return false }
        }
        return true
    }
}
