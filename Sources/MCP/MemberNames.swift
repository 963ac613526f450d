import JSON

/// The names of members that are read at one place of a message.
///
/// A server that matches names without regard to case would take `Method` for `method`, so a name
/// that folds onto one of these without being it could be read in two ways
/// (CVE-2026-27896, GHSA-4gph-2hhr-5mwg). So could one that goes on after a NUL, where a server
/// written in C ends it.
struct MemberNames<Key: CaseIterable & RawRepresentable & Sendable>: Sendable
where Key.RawValue == String {
    private let keys: [Key]
    private let names: JSONNames
    /// The names one after another in lower case.
    private let folded: [UInt8]
    /// Where each name begins, and where the last one ends.
    private let starts: [Int]
    /// The length of the shortest name.
    private let shortest: Int
    /// With which lower-case letters of ASCII the names begin, a bit for each.
    private let initials: UInt32

    /// The raw values of all cases, which are ASCII.
    init() {
        keys = Array(Key.allCases)
        names = JSONNames(keys.map(\.rawValue))
        folded = keys.flatMap { $0.rawValue.utf8.map(\.asciiLowercased) }
        starts = keys.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.rawValue.utf8.count) }
        shortest = keys.map(\.rawValue.utf8.count).min() ?? 0
        initials = keys.reduce(0) { $0 | Self.initial($1.rawValue.utf8.first ?? 0) }
    }

    /// The bit of the letter with which a name begins; 0 for one that begins with no letter of ASCII.
    private static func initial(_ byte: UInt8) -> UInt32 {
        let place = byte.asciiLowercased &- UInt8(ascii: "a")
        return place < 26 ? 1 << UInt32(place) : 0
    }

    /// Hands over the members of the object at `position` whose names are in the set.
    ///
    /// - Throws: `twin` if a name folds onto one of the set, and what `body` throws.
    @inline(__always)
    func read<Failure: Error>(
        _ position: JSONPosition, of document: JSONDocument, twin: Failure,
        _ body: (Key, JSONPosition) throws(Failure) -> Void
    ) throws(Failure) {
        var members = document.memberPositions(at: position)
        while let member = document.next(&members, in: names) {
            if let index = member.index {
                try body(keys[index], member.value)
            } else if isTwin(member.name, of: document) {
                throw twin
            }
        }
    }

    /// Whether a member's name that is none of the set folds onto one of it.
    private func isTwin(_ name: JSONPosition, of document: JSONDocument) -> Bool {
        let range = document.range(at: name)
        // Neither folding nor unescaping makes a name longer.
        guard range.count - 2 >= shortest else { return false }
        let first = document.bytes[range.lowerBound + 1]
        // Most names are told apart by the letter that they begin with.
        let initial = Self.initial(first)
        if initial != 0, initial & initials == 0 { return false }
        guard let name = document.utf8(at: name) else { return false }
        return isTwin(name.span)
    }

    /// The same for the unescaped name.
    private func isTwin(_ name: Span<UInt8>) -> Bool {
        let name = name.extracting(first: name.lengthInC)
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
