/// Whether the names in an object are unique once unescaped.
///
/// RFC 8259 §4 says that they *should* be; an enforcement point must insist, because what it
/// decided on and what the next receiver reads could otherwise be different members.
extension Span<JSONNode> {
    /// How many members are compared in pairs; hashing costs more below that.
    private static var pairwiseLimit: Int { 16 }

    /// Refuses the object whose node is `object` if two of its `count` names are equal.
    @inline(__always)
    func checkUniqueNames(
        of object: Int, count members: Int, in text: Span<UInt8>
    ) throws(JSONViolation) {
        if members > Self.pairwiseLimit {
            return try checkManyNames(of: object, count: members, in: text)
        }
        var seen: UInt64 = 0
        var name = object + 1
        for _ in 0..<members {
            let bit: UInt64 = 1 << UInt64(self[name].link & 63)
            if seen & bit != 0 { try checkEarlierNames(of: object, before: name, in: text) }
            seen |= bit
            name = Int(self[name + 1].link)
        }
    }

    /// Refuses the object if a name before the node `name` equals it.
    @inline(never)
    private func checkEarlierNames(
        of object: Int, before name: Int, in text: Span<UInt8>
    ) throws(JSONViolation) {
        var earlier = object + 1
        while earlier < name {
            if hasEqualNames(earlier, name, in: text) {
                throw .duplicateName(offset: Int(self[name].start))
            }
            earlier = Int(self[earlier + 1].link)
        }
    }

    /// The same through a hash table.
    ///
    /// `Hasher` is keyed anew in every process, so a peer cannot choose names that collide and
    /// make this quadratic.
    @inline(never)
    private func checkManyNames(
        of object: Int, count members: Int, in text: Span<UInt8>
    ) throws(JSONViolation) {
        let mask = (1 << (Int.bitWidth - members.leadingZeroBitCount + 1)) - 1
        // Node 0 is never a name, so zero means an empty slot.
        var slots = [UInt32](repeating: 0, count: mask + 1)
        var name = object + 1
        for _ in 0..<members {
            var slot = hash(ofName: name, in: text) & mask
            while slots[slot] != 0 {
                if hasEqualNames(Int(slots[slot]), name, in: text) {
                    throw .duplicateName(offset: Int(self[name].start))
                }
                slot = (slot + 1) & mask
            }
            slots[slot] = UInt32(truncatingIfNeeded: name)
            name = Int(self[name + 1].link)
        }
    }

    @inline(__always)
    private func hasEqualNames(_ first: Int, _ second: Int, in text: Span<UInt8>) -> Bool {
        guard self[first].link == self[second].link else { return false }
        if self[first].tag == .string, self[second].tag == .string {
            return text.equals(text.extracting(self[first].content), in: self[second].content)
        }
        return text.unescaped(self[first].content) == text.unescaped(self[second].content)
    }

    private func hash(ofName name: Int, in text: Span<UInt8>) -> Int {
        var hasher = Hasher()
        if self[name].tag == .string {
            unsafe text.extracting(self[name].content).bytes.withUnsafeBytes {
                unsafe hasher.combine(bytes: $0)
            }
        } else {
            unsafe text.unescaped(self[name].content).withUnsafeBytes {
                unsafe hasher.combine(bytes: $0)
            }
        }
        return hasher.finalize()
    }
}
