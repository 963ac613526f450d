/// Numbers of literal names, found by their bytes without allocating.
///
/// Open addressing over a table that is at most half full. The names are the operator's, so a
/// caller cannot make the table slow.
struct NameTable: Sendable {
    private struct Slot {
        var hash: UInt64
        var number: Int
    }

    private var slots: [Slot]
    private var names: [[UInt8]] = []

    /// How many names there are.
    var count: Int { names.count }

    /// A table of the names, each of which gets its place as number; doubles keep the first.
    init(_ texts: [[UInt8]]) {
        var size = 4
        while size < texts.count * 2 { size *= 2 }
        slots = Array(repeating: Slot(hash: 0, number: -1), count: size)
        for text in texts { insert(text) }
    }

    /// The number of the name, or nil.
    func number(of name: Span<UInt8>) -> Int? {
        let hash = Self.hash(name)
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[place].number >= 0 {
            if slots[place].hash == hash, Self.isEqual(names[slots[place].number], name) {
                return slots[place].number
            }
            place = (place + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds a name unless it is there.
    private mutating func insert(_ name: [UInt8]) {
        guard number(of: name.span) == nil else { return }
        let hash = Self.hash(name.span)
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[place].number >= 0 { place = (place + 1) & (slots.count - 1) }
        slots[place] = Slot(hash: hash, number: names.count)
        names.append(name)
    }

    /// FNV-1a over the bytes.
    private static func hash(_ name: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in name.indices {
            hash = (hash ^ UInt64(name[index])) &* 0x0000_0100_0000_01b3
        }
        return hash ^ (hash >> 29)
    }

    /// Whether the two are the same bytes.
    private static func isEqual(_ known: [UInt8], _ name: Span<UInt8>) -> Bool {
        guard known.count == name.count else { return false }
        for index in name.indices {
            guard known[index] == name[index] else { return false }
        }
        return true
    }
}
