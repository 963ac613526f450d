/// Patterns by the literal bytes that they begin with, or end with, so that a name is held against
/// few of them.
///
/// One walk over the name finds every affix of the table in it. The affixes are the operator's, so a
/// caller cannot make the table slow.
struct AffixTable: Sendable {
    /// The end of a name from which the affixes are read.
    enum End: Sendable {
        case front, back
    }

    private struct Slot {
        var hash: UInt64
        /// The number of the group; below 0 while the slot is free.
        var group = -1
    }

    private let end: End
    private var slots: [Slot]
    /// The affixes, read from the end, and the numbers of what has them.
    private var groups: [(affix: [UInt8], members: [Int])] = []
    /// The lengths that affixes have, ascending.
    private let lengths: [Int]

    /// A table of numbers by affixes, none of which is empty.
    init(_ members: [(affix: [UInt8], number: Int)], at end: End) {
        self.end = end
        var size = 4
        while size < members.count * 2 { size *= 2 }
        slots = Array(repeating: Slot(hash: 0), count: size)
        lengths = Set(members.map(\.affix.count)).sorted()
        for member in members {
            insert(end == .front ? member.affix : member.affix.reversed(), member.number)
        }
    }

    /// Appends the numbers of every affix that the name has.
    func appendMembers(of name: Span<UInt8>, to numbers: inout [Int]) {
        var hash = Self.seed
        var read = 0
        for length in lengths {
            guard length <= name.count else { return }
            while read < length {
                hash = Self.step(hash, byte(read, of: name))
                read += 1
            }
            guard let group = group(hash, length, of: name) else { continue }
            numbers += groups[group].members
        }
    }

    private mutating func insert(_ affix: [UInt8], _ number: Int) {
        var hash = Self.seed
        for byte in affix { hash = Self.step(hash, byte) }
        var place = Self.place(hash, slots.count)
        while slots[place].group >= 0 {
            let group = slots[place].group
            if slots[place].hash == hash, groups[group].affix == affix {
                groups[group].members.append(number)
                return
            }
            place = (place + 1) & (slots.count - 1)
        }
        slots[place] = Slot(hash: hash, group: groups.count)
        groups.append((affix, [number]))
    }

    /// The group whose affix is the first `length` bytes of the name from the end.
    private func group(_ hash: UInt64, _ length: Int, of name: Span<UInt8>) -> Int? {
        var place = Self.place(hash, slots.count)
        while slots[place].group >= 0 {
            let group = slots[place].group
            if slots[place].hash == hash, has(groups[group].affix, length, name) { return group }
            place = (place + 1) & (slots.count - 1)
        }
        return nil
    }

    private func has(_ affix: [UInt8], _ length: Int, _ name: Span<UInt8>) -> Bool {
        guard affix.count == length else { return false }
        for index in affix.indices where affix[index] != byte(index, of: name) { return false }
        return true
    }

    @inline(__always)
    private func byte(_ index: Int, of name: Span<UInt8>) -> UInt8 {
        switch end {
        case .front: name[index]
        case .back: name[name.count - 1 - index]
        }
    }

    /// FNV-1a, byte by byte.
    private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always)
    private static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    private static func place(_ hash: UInt64, _ count: Int) -> Int {
        Int(truncatingIfNeeded: hash ^ (hash >> 29)) & (count - 1)
    }
}
